"""What importers, forms and the API hand in: one row for an account or a person; what is not given stays as it is."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from typing_extensions import TypeIs


class Unset(Enum):
    """The mark of a field that is not given and so is not touched."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
type Given[T] = T | Unset


def is_set[T](value: T | Unset) -> TypeIs[T]:
    """Return whether a field was given."""
    return value is not UNSET


@dataclass(frozen=True, slots=True)
class AccountInput:
    """One account by its external id. Owners are named by e-mail, segment, stage and team by name; None clears."""

    external_id: str
    name: Given[str] = UNSET
    reading: Given[str] = UNSET
    parent_external_id: Given[str | None] = UNSET
    kind: Given[str] = UNSET
    segment: Given[str | None] = UNSET
    stage: Given[str | None] = UNSET
    owner_email: Given[str | None] = UNSET
    customer_since_on: Given[date | None] = UNSET
    left_on: Given[date | None] = UNSET
    team: Given[str | None] = UNSET
    # Custom fields by key, as read (text) or typed; only the keys given are touched, None and "" clear.
    fields: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonInput:
    """One person by the external ids of the account and of the person within it."""

    account_external_id: str
    external_id: str
    name: Given[str] = UNSET
    email: Given[str] = UNSET
    title: Given[str] = UNSET
    department: Given[str] = UNSET
    role: Given[str] = UNSET
    left_on: Given[date | None] = UNSET


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one row was not saved: its place in the rows given, the field, a code, and the facts for the sentence."""

    index: int
    external_id: str
    field: str
    code: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)
