"""Which pages are walked: those that other pages link to, and the states named here that no link leads to."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from django.urls import Resolver404, get_resolver

from tools.laws import walks

COLUMNS: Final = ("weeks", "level", "stage", "segment", "owner", "mrr", "renewal", "notice", "pulse", "used")
# Before somebody signs in. What follows a mailed link is in the journey itself.
STRANGERS: Final = (
    "/account/login/",
    "/account/signup/",
    "/account/inactive/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/done/",
)
# Where the walk begins, and states of pages that differ in what they show: nothing found, many found, all columns.
STATES: Final = (
    "/",
    "/?whose=all&when=now",
    "/?whose=all&when=soon",
    "/accounts/",
    "/accounts/?q=nobody-is-called-so",
    f"/accounts/?state=all&sort=-mrr&{'&'.join(f'column={name}' for name in COLUMNS)}",
    "/accounts/?column=field.employees&sort=-field.employees&field.industry=IT&field.employees.from=many&field.gone=1",
    "/account/logout/",
    "/health/pulses/?q=nobody-is-called-so",
    "/health/scorecard/versions/1/against/1/",
    "/settings/audit/?q=nobody-is-called-so",
    "/settings/users/",
    "/settings/me/password/",
    "/ui/",
    "/api/v1/docs",
)
# Answers a GET, but is no page that stands alone.
LEFT_OUT: Final = {
    "healthz": "JSON for the watch of an operator",
    "api/v1/.*$": "a problem in JSON for programs",
    "account/email/": "leads on to one's own settings",
    "account/reauthenticate/": "leads on to one's own settings",
    "account/password/change/": "leads on to one's own settings",
    "imports/<int:import_id>/progress/": "a part of the page of an import, asked for again and again",
    "accounts/<int:account_id>/notes/": "shown again where a note is wrong; walked as a state",
    "accounts/<int:account_id>/preview/": "a part of a page, opened beside the list",
    "accounts/<int:account_id>/timeline/": "a part of the page of an account",
    "imports/<int:import_id>/": "walked with a file of its own, step by step",
    "imports/<int:import_id>/columns/": "walked with a file of its own, step by step",
    "imports/<int:import_id>/preview/": "walked with a file of its own, step by step",
    "palette/": "JSON for the palette",
}


def route_of(address: str) -> str | None:
    """Return the route of the URLconf behind an address, or None where there is none."""
    try:
        return get_resolver().resolve(urlsplit(address).path).route
    except Resolver404:
        return None


def not_walked(walked: Iterable[str]) -> list[str]:
    """Return one sentence for each page of the URLconf that no address of the walk leads to."""
    routes = {route for address in walked if (route := route_of(address)) is not None}
    return walks.faults(walks.readable(get_resolver().url_patterns), routes, LEFT_OUT)


class Walk:
    """Goes from page to page by links, to each kind of page once."""

    def __init__(self, first: Iterable[str]) -> None:
        self.ahead = list(first)
        self.walked: list[str] = []
        self._met = {route_of(address) for address in self.ahead}

    def meet(self, links: Iterable[str]) -> None:
        """Take up the links of a page that lead to a kind of page that was not met before."""
        for link in links:
            route = route_of(link)
            if route is not None and not walks.is_file(route) and route not in self._met and route not in LEFT_OUT:
                self._met.add(route)
                self.ahead.append(link)

    def __iter__(self) -> "Walk":
        return self

    def __next__(self) -> str:
        if not self.ahead:
            raise StopIteration
        self.walked.append(self.ahead.pop(0))
        return self.walked[-1]
