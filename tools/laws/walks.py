"""The law of walks: every address that answers a reader is walked in a browser, or it is said why not."""

import inspect
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from django.urls import URLPattern, URLResolver

# What programs call: no page comes back.
FOR_PROGRAMS: Final = frozenset({"api", "write key"})


def readable(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Yield the routes of all addresses that answer a person's GET."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern).removeprefix("^" if prefix else "")  # as Django joins them
        if isinstance(pattern, URLResolver):
            yield from readable(pattern.url_patterns, route)
        elif (
            _permission(pattern.callback) not in FOR_PROGRAMS and _answers_get(pattern.callback) and not is_file(route)
        ):
            yield route


def is_file(route: str) -> bool:
    """Return whether a route gives a file to keep: its last part has an ending, such as `export.csv`."""
    return re.search(r"\.(?:[a-z]+|<str:form>)$", route) is not None


def faults(routes: Iterable[str], walked: Collection[str], left_out: Mapping[str, str]) -> list[str]:
    """Return what nobody walked, and what was left out although it does not exist or somebody walked it."""
    known = list(routes)
    return [
        *(
            f"/{route}: nobody walked it. Link to it from a page, or name an example in tests/journeys/walk.py"
            for route in known
            if route not in walked and route not in left_out
        ),
        *(f"/{route}: left out, but no such address answers a GET" for route in left_out if route not in known),
        *(f"/{route}: left out, but it is walked" for route in left_out if route in walked),
    ]


def _permission(view: Any) -> str | None:
    if getattr(view, "operations", None) or hasattr(view, "path_view"):
        return "api"
    permission: str | None = getattr(view, "permission", None)
    return permission


def _answers_get(view: Any) -> bool:
    # Django's require_http_methods leaves no mark on a view but the list that it closes over.
    while view is not None:
        if inspect.isfunction(view):
            methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
            if methods is not None and "GET" not in methods:
                return False
        view = getattr(view, "__wrapped__", None)
    return True
