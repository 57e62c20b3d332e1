"""Who may do what: roles and their permissions, as a list that a person can read."""

from dataclasses import dataclass
from typing import Final, Literal

type Reach = Literal["all", "teams"]

READ: Final = frozenset({
    "accounts.view",
    "contracts.view",
    "health.view",
    "usage.view",
    "journal.view",
    "people.view",
})
WORK: Final = READ | {
    "accounts.change",
    "accounts.note",
    "accounts.export",
    "health.pulse",
}
RUN: Final = WORK | {
    "accounts.assign",
    "contracts.change",
    "intake.import",
    "health.define",
    "views.share",
}
GOVERN: Final = RUN | {
    "people.manage",
    "keys.manage",
    "company.change",
    "operations.view",
}

ROLES: Final[dict[str, frozenset[str]]] = {
    "admin": GOVERN,
    "manager": RUN,
    "csm": WORK,
    "read_only": READ,
}

# What an API key may be allowed: each scope stands for the permissions of the calls it opens.
SCOPES: Final[dict[str, frozenset[str]]] = {
    "read": READ,
    "write": READ | {"accounts.change", "contracts.change", "health.pulse", "accounts.note", "accounts.assign"},
    "import": frozenset({"intake.import", "accounts.view"}),
    "admin": GOVERN,
}


@dataclass(frozen=True)
class Actor:
    """Who did something: a user, an API key, or Banso itself. Written into the journal as text, so it outlives the row."""

    kind: Literal["user", "key", "system"]
    id: int | None
    label: str


SYSTEM: Final = Actor(kind="system", id=None, label="Banso")


def may(role: str, permission: str) -> bool:
    """Return whether a role includes a permission; an unknown role includes none."""
    return permission in ROLES.get(role, frozenset())
