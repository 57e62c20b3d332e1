"""Who may do what: roles and their permissions, as a list that a person can read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

# What each permission opens. Every view and every call of the API names one of them, or says that it is public.
PERMISSIONS: Final[tuple[str, ...]] = (
    "accounts.view",  # the list of customers, their pages, their people and notes
    "accounts.change",  # names, fields, segments, stages, people
    "accounts.assign",  # who owns an account
    "accounts.note",  # write notes
    "accounts.export",  # CSV and Excel of lists
    "company.change",  # name, currency, fiscal year, days on which we are closed
    "contracts.view",
    "contracts.change",
    "health.view",
    "health.alert",  # snooze and resolve alerts
    "health.pulse",  # say how a customer seems to you
    "health.define",  # measures and drafts of scorecards
    "health.override",  # set a score by hand, with a reason and a last day
    "health.publish",  # put a scorecard in force
    "intake.import",  # files in
    "intake.sources",  # what is read by itself: folders, warehouses, other systems, and their secrets
    "journal.view",  # what happened to an account
    "audit.view",  # what anybody did, settings and keys included
    "keys.manage",
    "me.change",  # one's own name, language, time zone, password
    "operations.view",  # jobs, queues, sizes
    "operations.run",  # try a job again, pause what comes round
    "people.view",  # who works here
    "people.manage",  # users and teams
    "usage.define",  # what events and releases stand for
    "usage.view",
    "views.share",  # saved views that others see too
)

READ: Final = frozenset(
    {
        "accounts.view",
        "contracts.view",
        "health.view",
        "usage.view",
        "journal.view",
        "people.view",
    }
)
WORK: Final = READ | {
    "accounts.change",
    "accounts.note",
    "accounts.export",
    "health.alert",
    "health.pulse",
}
RUN: Final = WORK | {
    "accounts.assign",
    "contracts.change",
    "intake.import",
    "health.define",
    "health.override",
    "health.publish",
    "usage.define",
    "views.share",
}
GOVERN: Final = RUN | {
    "audit.view",
    "intake.sources",
    "people.manage",
    "keys.manage",
    "company.change",
    "operations.view",
    "operations.run",
}
# Whoever signs in may look after their own settings; a key has none.
OWN: Final = frozenset({"me.change"})

# Product events in, and nothing else: for keys only, since browsers show such a key to everybody.
SEND_EVENTS: Final = "events.send"

ROLES: Final[dict[str, frozenset[str]]] = {
    "admin": GOVERN | OWN,
    "manager": RUN | OWN,
    "csm": WORK | OWN,
    "read_only": READ | OWN,
}

# What an API key may be allowed: each scope stands for the permissions of the calls it opens.
SCOPES: Final[dict[str, frozenset[str]]] = {
    "read": READ,
    "write": READ
    | {"accounts.change", "contracts.change", "health.alert", "health.pulse", "accounts.note", "accounts.assign"},
    "import": frozenset({"intake.import", "accounts.view"}),
    "admin": GOVERN,
    "events": frozenset({SEND_EVENTS}),
}

# The first that a browser names: what follows it is there for compatibility.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
# What a session remembers of itself, in seconds since 1970: when it began, and when it was last used.
BEGAN: Final = "began_at"
SEEN: Final = "seen_at"
_MONTH_DAY: Final = re.compile(r"(\d{2})-(\d{2})")
_DAYS_IN_MONTH: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class Actor:
    """Who did something: a user, an API key, or Banso itself. Written down as text, so it outlives the row."""

    kind: Literal["user", "key", "system"]
    id: int | None
    label: str

    @property
    def user_id(self) -> int | None:
        """Return the key of the user; None where a key or Banso itself did it."""
        return self.id if self.kind == "user" else None


SYSTEM: Final = Actor(kind="system", id=None, label="Banso")


def may(role: str, permission: str) -> bool:
    """Return whether a role includes a permission; an unknown role includes none."""
    return permission in ROLES.get(role, frozenset())


def is_stale(*, began_at: float, seen_at: float, now: float, idle_seconds: float, most_seconds: float) -> bool:
    """Return whether a session has ended, by its times in seconds since 1970: idle too long, or too long in all."""
    return now - seen_at >= idle_seconds or now - began_at >= most_seconds


def device_of(user_agent: str) -> str:
    """Return the browser and system that a device names, as its owner knows it by; else the first of what it says."""
    names = [next((name for mark, name in marks if mark in user_agent), "") for marks in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, names)) or user_agent[:60]


def is_day_of_year(month_day: str) -> bool:
    """Return whether a text such as "12-29" names a day that some year has."""
    found = _MONTH_DAY.fullmatch(month_day)
    if found is None:
        return False
    month, day = int(found[1]), int(found[2])
    return 1 <= month <= len(_DAYS_IN_MONTH) and 1 <= day <= _DAYS_IN_MONTH[month - 1]


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[object]]:
    """Return what changed as {field: [before, after]}, over the fields of `after` only."""
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
