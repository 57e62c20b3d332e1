"""A compactor of its own process, which may be told where to die or how much it may write: `alone.py PLACE LIMIT`."""

import os
import resource
import signal
import sys
from typing import Any

import django
from django.apps import apps
from django.db import connection

from banso.intake.tests.events.moment import NOW


def main(place: str, limit: str) -> None:
    django.setup()
    from banso.intake import actions  # noqa: PLC0415  # only after Django is set up
    from banso.intake.actions.events import compacting  # noqa: PLC0415

    _make_tables()
    if place != "nowhere":
        _die_at(compacting, place)
    if int(limit):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    done = actions.compact(now=NOW)
    print("busy" if done.is_busy else done.events)  # noqa: T201  # read by the test


def _die_at(module: Any, place: str) -> None:
    """Kill this process by signal 9 where a function is called; "after:" lets that call do its work first."""
    name = place.removeprefix("after:")
    real = getattr(module, name)

    def deadly(*args: Any, **kwargs: Any) -> None:
        if name != place:
            real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, deadly)


def _make_tables() -> None:
    there = connection.introspection.table_names()
    connection.disable_constraint_checking()
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.db_table not in there:  # Django's documented way
                editor.create_model(model)


if __name__ == "__main__":
    main(*sys.argv[1:])
