"""Find the account and the person of each event, and take in what clients tell of people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import polars as pl

from banso.accounts import actions as accounts
from banso.accounts import queries as account_rows
from banso.intake.rules.events.normal import Normal, Told
from banso.people.access import SYSTEM
from banso.usage import actions as usage_actions
from banso.usage import queries as usage
from banso.usage.queries import name_of_shared, name_of_user, name_of_visitor

SCHEMA: Final = {
    "at": pl.Int64,
    "account": pl.String,
    "person": pl.String,
    "name": pl.String,
    "value": pl.Float64,
    "message_id": pl.String,
    "properties": pl.String,
    "received_at": pl.Int64,
}
ONE_IS_KNOWN: Final = 1


def placed(events: Sequence[Normal]) -> pl.DataFrame:
    """Return events as `usage.record` takes them, each with its account and its person.

    The account is the group that the event names; else the only account of its person; else a name that says whose
    it is, under which it waits unclaimed.
    """
    former = usage.people_called(one.anonymous for one in events if one.user is None and one.anonymous)
    people = [one.user or former.get(one.anonymous or "") for one in events]
    alone = {person for one, person in zip(events, people, strict=True) if person and one.group is None}
    homes = usage.accounts_of_people(alone)
    rows = [
        (
            one.at_us,
            one.group or _home(person, one.anonymous, homes),
            person or one.anonymous,
            one.name,
            one.value,
            one.message_id,
            one.properties,
            one.received_us,
        )
        for one, person in zip(events, people, strict=True)
    ]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return frame.with_columns(pl.from_epoch(name, time_unit="us").alias(name) for name in ("at", "received_at"))


def say_who(told: Sequence[Told], *, now: datetime) -> None:
    """Take in who is in which account, who had which name before, and what people are called."""
    if not told:
        return
    memberships = [(one.user, one.group) for one in told if one.user and one.group]
    aliases = [
        (before, one.user)
        for one in told
        if one.user
        for before in (one.previous, one.anonymous if one.kind != "group" else None)
        if before
    ]
    usage_actions.recognise(memberships=memberships, aliases=aliases, now=now)
    _name_people({one.user: one for one in told if one.user and (one.name or one.email)}, now=now)


def _home(person: str | None, anonymous: str | None, homes: dict[str, set[str]]) -> str:
    if person is None:
        return name_of_visitor(anonymous or "")
    found = homes.get(person, set())
    if len(found) > ONE_IS_KNOWN:
        return name_of_shared(person)
    return next(iter(found), name_of_user(person))


def _name_people(said: dict[str, Told], *, now: datetime) -> None:
    """Change the name and e-mail of people that accounts have already; nobody is added, what is no address is left."""
    from_accounts = account_rows.accounts_of_people(said)
    rows = [
        accounts.PersonInput(
            account,
            person,
            name=said[person].name[:200] or accounts.UNSET,
            email=said[person].email or accounts.UNSET,
        )
        for person, ids in sorted(from_accounts.items())
        for account in sorted(ids)
    ]
    if rows:
        accounts.save_people(rows, by=SYSTEM, now=now)
