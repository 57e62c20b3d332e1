"""A writer of its own process, which may be told where to die: `killed.py ACTION PLACE NTH EVENTS`."""

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import django
import polars as pl

NOW = datetime(2026, 4, 6, tzinfo=UTC)


def main(action: str, place: str, nth: str, events: str) -> None:
    django.setup()
    from banso.people.access import SYSTEM  # noqa: PLC0415  # only after Django is set up
    from banso.usage import actions  # noqa: PLC0415
    from banso.usage.models import manifest  # noqa: PLC0415

    _make_tables()
    frame = pl.scan_parquet(events)
    if action == "record":
        die_at(manifest, place, int(nth))
        actions.record(frame, source="test", by=SYSTEM, now=NOW)
        return
    actions.record(frame, source="test", by=SYSTEM, now=NOW)
    die_at(manifest, place, int(nth))
    actions.roll_up(NOW, time_zone="Asia/Tokyo")


def die_at(module: Any, place: str, nth: int) -> None:
    """Kill this process by signal 9 at the nth call of a function; "after:" lets that call do its work first."""
    if place == "nowhere":
        return
    name = place.removeprefix("after:")
    real: Callable[..., Any] = getattr(module, name)
    calls = 0

    def deadly(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth and place == name:
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(*args, **kwargs)
        if calls == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(module, name, deadly)


def _make_tables() -> None:
    from django.apps import apps  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from banso.usage.models import manifest  # noqa: PLC0415

    named = ("journal.Entry", "usage.EventName", "accounts.Account", "accounts.ExternalId", "usage.Attachment")
    models = [apps.get_model(name) for name in (*named, "usage.Alias", "usage.DerivedEvent")]
    with manifest.lock("tables"):
        there = connection.introspection.table_names()
        missing = [model for model in models if model._meta.db_table not in there]
        connection.disable_constraint_checking()
        with connection.schema_editor() as editor:
            for model in missing:
                editor.create_model(model)


if __name__ == "__main__":
    main(*sys.argv[1:])
