"""A small cast of customers for everyone's tests, built through the real actions."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from banso.accounts import actions
from banso.people.testing import AN_ACTOR

A_MOMENT: Final = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def an_account(external_id: str = "acme", *, now: datetime = A_MOMENT, **said: Any) -> int:
    """Add 株式会社アクメ, or another account by what is said (as in AccountInput), and return its id.

    Segments and stages that are named are made.
    """
    row = actions.AccountInput(external_id=external_id, **{"name": "株式会社アクメ", **said})
    result = actions.save_accounts([row], by=AN_ACTOR, now=now, creates_missing=True)
    if result.refused:
        raise actions.RowsRefused(result.refused)
    return result.rows[0].id


def a_person(account: str = "acme", external_id: str = "saito", *, now: datetime = A_MOMENT, **said: Any) -> int:
    """Add 斉藤 さくら to an account (by its external id), or another person by what is said, and return the id."""
    row = actions.PersonInput(account_external_id=account, external_id=external_id, **{"name": "斉藤 さくら", **said})
    result = actions.save_people([row], by=AN_ACTOR, now=now)
    if result.refused:
        raise actions.RowsRefused(result.refused)
    return result.rows[0].id


def a_segment(name: str = "Enterprise") -> int:
    """Add a segment and return its id."""
    return actions.create_segment(name=name, by=AN_ACTOR, now=A_MOMENT).id


def a_stage(name: str = "Adoption") -> int:
    """Add a stage and return its id."""
    return actions.create_stage(name=name, by=AN_ACTOR, now=A_MOMENT).id


def a_field(key: str = "seats", kind: str = "number", *, label: str = "契約席数", choices: Iterable[str] = ()) -> int:
    """Add a custom field, 契約席数 or another by what is said, and return its id."""
    made = actions.define_field(key=key, label=label, kind=kind, choices=choices, by=AN_ACTOR, now=A_MOMENT)
    return made.id
