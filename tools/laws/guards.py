"""The law of guards: every address says what it needs, or that it is public."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.urls import URLPattern, URLResolver

# Addresses of others, each with the reason why it needs no guard of ours.
OTHERS: Final = {
    "account/": "allauth: sign-in is for people who are not signed in; what is behind it asks for a session itself",
}


@dataclass(frozen=True)
class Address:
    """One address of the installation and what its view says that it needs."""

    route: str
    permission: str | None


def addresses(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[Address]:
    """Yield all addresses below some patterns."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield Address(route, _permission(pattern.callback))


def faults(found: Iterable[Address], permissions: frozenset[str]) -> list[str]:
    """Return the addresses that say nothing, or ask for a permission that no role could have."""
    known = permissions | {"public", "api", "write key"}
    return [
        f"/{one.route}: {'no permission declared' if one.permission is None else f'{one.permission} is no permission'}"
        for one in found
        if one.permission not in known and not one.route.startswith(tuple(OTHERS))
    ]


def _permission(view: Any) -> str | None:
    own: str | None = getattr(view, "permission", None)
    if own is not None:
        return own
    # A view of the API: its operations declare theirs one by one, which the law of operations looks at.
    return "api" if getattr(getattr(view, "__self__", None), "operations", None) or hasattr(view, "path_view") else None
