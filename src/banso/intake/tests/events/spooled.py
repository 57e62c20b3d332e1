"""Segments for tests, as a server writes them."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from banso.intake.queries import spool
from banso.intake.tests.events.moment import NOW

__all__ = ["NOW", "line", "segment", "track"]


def track(message_id: str | None, **said: Any) -> dict[str, Any]:
    """Return a track call of taro at noon (Japan) of 2026-04-01, or another by what is said."""
    return {
        "type": "track",
        "event": "report.opened",
        "userId": "taro",
        "timestamp": "2026-04-01T03:00:00Z",
        **({"messageId": message_id} if message_id else {}),
        **said,
    }


def line(*events: dict[str, Any], received_at: datetime = NOW, **more: Any) -> str:
    """Return the line of one accepted request."""
    said = {
        "v": 1,
        "received_at": int(received_at.timestamp() * 1e6),
        "source": 1,
        "sent_at": None,
        "path": "batch",
        "events": list(events),
        "marks": [],
    }
    return json.dumps({**said, **more}) + "\n"


def segment(lines: Sequence[str], *, writer: str = "host-1-aa", sequence: int = 1, is_open: bool = False) -> Path:
    """Write a segment and return its path."""
    folder = spool.home() / writer
    folder.mkdir(parents=True, exist_ok=True)
    (folder / spool.ALIVE).touch()
    file = folder / (f"{sequence:08}.jsonl" + (spool.OPEN if is_open else ""))
    file.write_text("".join(lines), encoding="utf-8")
    return file
