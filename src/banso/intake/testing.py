"""Files for everyone's tests, imported through the real actions."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from banso.intake import actions
from banso.intake.actions.sources import keeping, pulling
from banso.intake.models import Feed, Import, Source
from banso.intake.queries import sources
from banso.intake.queries.imports import ImportRow
from banso.intake.rules import mapping
from banso.people.testing import AN_ACTOR, a_key

A_MOMENT: Final = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
ACCOUNTS_CSV: Final = "顧客ID,会社名,利用開始日\nA-1,株式会社アクメ,2024/04/01\nA-2,(株)ベータ,令和6年5月1日\n"


def a_file(folder: Path, content: bytes | str, name: str = "accounts.csv") -> Path:
    """Write a file and return its path; text becomes UTF-8."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def an_import(
    folder: Path,
    content: bytes | str = ACCOUNTS_CSV,
    *,
    kind: str = "accounts",
    name: str = "accounts.csv",
    columns: list[dict[str, object]] | None = None,
    now: datetime = A_MOMENT,
    **said: bool,
) -> ImportRow:
    """Import a file by its guessed columns, or by those given, and return what became of it."""
    chosen = mapping.from_plain({"kind": kind, "columns": columns}) if columns else None
    path = a_file(folder, content, name)
    return actions.import_file(path, kind=kind, chosen=chosen, by=AN_ACTOR, now=now, **said)


def a_cut_off_import(folder: Path) -> int:
    """Let the worker of an import have died in the middle of it, and return its id."""
    one = an_import(folder)
    Import.objects.filter(pk=one.id).update(state="running", attempts=1)
    return one.id


def a_write_key() -> str:
    """Make a write key and return its secret."""
    return a_key("events")[1]


def a_spooled_batch(*events: dict[str, Any], received_at: datetime = A_MOMENT) -> None:
    """Let a dead server have left a batch in the spool, as its clients sent it."""
    actions.spool_batch(json.dumps({"batch": events}).encode(), source=1, received_at=received_at)


def spooled(data: Path) -> list[dict[str, Any]]:
    """Return the requests that lie in the spool of a data folder, closed segments and open ones, writer by writer."""
    return [
        json.loads(line)
        for path in sorted((data / "usage" / "spool").glob("*/*.jsonl*"))
        for line in path.read_bytes().split(b"\n")[:-1]  # behind the last end of line stands what was never answered
    ]


def a_source(folder: Path, *, name: str = "CRM", every_minutes: int = 15, now: datetime = A_MOMENT) -> Source:
    """Add a source that watches a folder; the folder must be allowed."""
    settings = {"folder": str(folder)}
    return keeping.add(kind="folder", name=name, settings=settings, every_minutes=every_minutes, by=AN_ACTOR, now=now)


def a_feed(
    source: Source, *columns: tuple[str, str], kind: str = "accounts", what: str = "*.csv", **cursor: str
) -> Feed:
    """Add what is read from a source, with its columns (fact, column of the file) confirmed."""
    feed = keeping.add_feed(source_id=source.pk, kind=kind, what=what, by=AN_ACTOR, now=source.made_at, **cursor)
    chosen = mapping.from_plain({"kind": kind, "columns": [{"to": to, "from": name} for to, name in columns]})
    feed.mapping = mapping.as_plain(chosen)
    feed.save(update_fields=["mapping"])
    return feed


def pulled(source: Source, now: datetime) -> sources.RunRow:
    """Read a source now, and return how that went."""
    run_id = pulling.run_now(source_id=source.pk, by=AN_ACTOR, now=now)
    pulling.pull(run_id, now=now)
    return sources.runs(source.pk)[0][0]
