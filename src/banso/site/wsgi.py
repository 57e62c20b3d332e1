"""The door that the HTTP server knocks at."""

import gc
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from banso.site.cli.processes import leave_with_parent

POOL = {"min_size": 1, "max_size": 10, "timeout": 5}


def keep_a_pool(database: dict[str, Any]) -> None:
    """Let the threads of a server share connections to PostgreSQL; SQLite needs none."""
    if database["ENGINE"].endswith("postgresql"):
        database["CONN_MAX_AGE"] = 0
        database["OPTIONS"] = {**database.get("OPTIONS", {}), "pool": POOL}


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banso.site.settings")
keep_a_pool(settings.DATABASES["default"])
leave_with_parent()  # a server that was killed leaves no process behind that holds its port
pages = get_wsgi_application()

from banso.intake.rest import events  # noqa: E402  # needs Django started

# What the start has loaded stays: no collection walks it again. One that does takes 0.2 s out of somebody's request.
gc.collect()
gc.freeze()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request: events before Django, everything else by Django."""
    if events.is_for_us(environ["PATH_INFO"]):
        return events.application(environ, start_response)
    return pages(environ, start_response)
