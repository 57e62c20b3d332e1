"""What the pages of some accounts show: their features, people, days and moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

import duckdb

from banso.usage.models import EventName, manifest
from banso.usage.models.manifest import Manifest, MonthFiles
from banso.usage.queries.catalogue import is_counted_as_meant
from banso.usage.queries.identity import identity_mark
from banso.usage.queries.reading import Session, lake, lake_names, reading
from banso.usage.rules.days import day_of, number_of
from banso.usage.rules.names import IS_USE
from banso.usage.rules.series import SERIES

PEOPLE_AT_MOST: Final = 1_000_000
ROLL_UPS: Final = ("daily", "user_day")
# Orders moments of one time whose message ids were dropped from the lake.
STAND_IN: Final = "md5(concat_ws('|', account, person, name, value, properties))"

type Accounts = str | Sequence[str]


@dataclass(frozen=True)
class FeatureRow:
    """How much a feature or meter was used; `name` is the event's, `label` what people call it."""

    name: str
    label: str
    n: int
    people: int
    value: float
    last_on: date


@dataclass(frozen=True)
class PersonRow:
    """How much a person used the product, as the events name them."""

    account: str
    person: str
    n: int
    active_days: int
    last_on: date


@dataclass(frozen=True)
class DayRow:
    """How much was used on a day, and by how many people."""

    day: date
    n: int
    people: int


@dataclass(frozen=True)
class MomentRow:
    """One moment of an account: what happened, when, to whom; `message_id` orders those of the same time."""

    at: datetime
    account: str
    person: str | None
    name: str
    label: str
    value: float | None
    properties: str | None
    message_id: str


@dataclass(frozen=True)
class TotalRow:
    """What lists show of an account's use."""

    account: str
    n: int
    people: int
    active_days: int
    last_on: date | None


@dataclass(frozen=True)
class EventRow:
    """A name that events came with, and what it stands for."""

    name: str
    label: str
    kind: str
    bit: int
    first_seen_at: datetime
    counts_as: str = ""


def features_of(account: Accounts, since: date, until: date) -> list[FeatureRow]:
    """Return what was used from `since` to `until`, both included, most used first; several accounts are added up."""
    query = (
        "SELECT event, CAST(sum(n) AS BIGINT) AS total, count(DISTINCT person) AS people,"
        " coalesce(sum(value), 0) AS value, max(day) AS last_day"
        " FROM {daily} AND event IN ({uses}) GROUP BY event ORDER BY total DESC, event"
    )
    names = {row.bit: row for row in event_names()}
    return [
        FeatureRow(
            name=names[event].name, label=names[event].label, n=n, people=people, value=value, last_on=day_of(last)
        )
        for event, n, people, value, last in _found(account, since, until, query)
        if event in names
    ]


def people_of(account: Accounts, since: date, until: date, *, limit: int | None = None) -> list[PersonRow]:
    """Return who used the product from `since` to `until`, both included, most active first."""
    query = (
        "SELECT used.account, names.person, n, active_days, last FROM (SELECT account, person,"
        " CAST(sum(n) AS BIGINT) AS n, count(DISTINCT day) AS active_days, max(day) AS last FROM {user_day}"
        " AND n > 0 AND person IS NOT NULL GROUP BY account, person) AS used"
        " JOIN (SELECT person, number FROM {people}) AS names ON names.number = used.person"
        " ORDER BY n DESC, active_days DESC, names.person"
        f" LIMIT {limit or PEOPLE_AT_MOST}"
    )
    return [
        PersonRow(account=of, person=person, n=n, active_days=days, last_on=day_of(last))
        for of, person, n, days, last in _found(account, since, until, query, by_account=True)
    ]


def daily_of(account: Accounts, since: date, until: date) -> list[DayRow]:
    """Return the days with use from `since` to `until`, both included, in order; days without have no row."""
    query = (
        "SELECT day, CAST(sum(n) AS BIGINT) AS n, count(DISTINCT person) AS people"
        " FROM {user_day} AND n > 0 GROUP BY day ORDER BY day"
    )
    return [DayRow(day=day_of(day), n=n, people=people) for day, n, people in _found(account, since, until, query)]


def totals_of(accounts: Sequence[str], since: date, until: date) -> dict[str, TotalRow]:
    """Return what each account used from `since` to `until`, both included; one without use has no entry."""
    query = (
        "SELECT account, CAST(sum(n) AS BIGINT) AS n, count(DISTINCT person) AS people,"
        " count(DISTINCT day) AS active_days, max(day) AS last_day"
        " FROM {user_day} AND n > 0 GROUP BY account ORDER BY account"
    )
    return {
        of: TotalRow(account=of, n=n, people=people, active_days=days, last_on=day_of(last))
        for of, n, people, days, last in _found(accounts, since, until, query, by_account=True)
    }


def moments_of(
    account: Accounts, before: tuple[datetime, str] | datetime | None = None, limit: int = 50
) -> list[MomentRow]:
    """Return the newest moments, newest first; `before` is a time, or the (at, message_id) of the last row seen."""
    names = _moments_by_name()
    wanted = [account] if isinstance(account, str) else list(account)
    if not names or not wanted:
        return []
    at, last = before if isinstance(before, tuple) else (before, "")

    def look(work: duckdb.DuckDBPyConnection, seen: Manifest) -> list[tuple[Any, ...]]:
        files = [one.path for one in seen.lake if at is None or one.first_at <= at]
        if not files:
            return []
        query = (
            """SELECT timezone('UTC', "at"), account, person, name, value, properties, message_id FROM (SELECT *"""
            f" REPLACE (coalesce(message_id, {STAND_IN}) AS message_id) FROM read_parquet($files))"
            " WHERE account IN (SELECT unnest($accounts)) AND name IN (SELECT unnest($names))"
            ' AND ($at IS NULL OR "at" < $at OR ("at" = $at AND message_id < $last))'
            ' ORDER BY "at" DESC, message_id DESC LIMIT $limit'
        )
        ours = lake_names(work, seen, wanted)
        given = {"files": manifest.paths(files), "accounts": list(ours), "names": list(names)}
        found = work.execute(query, {**given, "at": at, "last": last, "limit": limit}).fetchall()
        return [(moment, ours[of], *rest) for moment, of, *rest in found]

    return [
        MomentRow(
            at=moment.replace(tzinfo=UTC),
            account=of,
            person=person,
            name=name,
            label=names[name].label,
            value=value,
            properties=properties,
            message_id=message_id,
        )
        for moment, of, person, name, value, properties, message_id in lake(look)
    ]


def span() -> tuple[date, date] | None:
    """Return the first and the last day with a counted event in the roll-ups; None where there is none."""
    months = manifest.current().roll_up.months.values()
    if not months:
        return None
    return day_of(min(one.first_day for one in months)), day_of(max(one.last_day for one in months))


def counted_at() -> datetime | None:
    """Return when the roll-ups last changed; None where there are none."""
    return manifest.current().roll_up.made_at


def segments_waiting() -> int:
    """Return how many pieces of what came in are not yet in the roll-ups."""
    return len(manifest.current().pending)


def needs_rolling_up() -> bool:
    """Return whether the roll-ups are behind: events came, it is known of whom, or a name stands for another thing."""
    seen = manifest.current()
    if seen.pending or not seen.lake:
        return bool(seen.pending)
    is_old = seen.roll_up.shape != manifest.SHAPE
    return is_old or seen.roll_up.identity != identity_mark() or not is_counted_as_meant(seen)


def event_names() -> list[EventRow]:
    """Return every name that events came with, by name; the kind of one that counts as another is “merged”."""
    return [
        EventRow(
            name=one.name,
            label=one.label,
            kind="merged" if one.counts_as else str(one.kind),
            bit=one.bit,
            first_seen_at=one.first_seen_at,
            counts_as=one.counts_as.name if one.counts_as else "",
        )
        for one in EventName.objects.select_related("counts_as").order_by("name", "pk")
    ]


def _moments_by_name() -> dict[str, EventRow]:
    """Return the names of moments, each with the row of what it counts as."""
    every = {row.name: row for row in event_names()}
    meant = {name: every[row.counts_as] if row.counts_as else row for name, row in every.items()}
    # The values of a series are numbers to be measured, day after day: nothing that happened.
    return {name: row for name, row in meant.items() if row.kind == "moment" and not name.startswith(SERIES)}


def _found(
    account: Accounts, since: date, until: date, query: str, *, by_account: bool = False
) -> list[tuple[Any, ...]]:
    """Run a query over some accounts and days; its {places} stand for what to read FROM, up to the WHERE.

    With `by_account` the first column is an account's number, and comes back as the account's own id.
    """
    wanted = [account] if isinstance(account, str) else account

    def look(work: Session) -> list[tuple[Any, ...]]:
        known = _numbers(work.seen.roll_up.accounts)
        ids = {known[one]: one for one in wanted if one in known}
        months = manifest.months_of_days(since, until, work.seen.roll_up)
        if not ids or not months:
            return []
        places = _places(work, months, ids)
        days = f" AND day BETWEEN {number_of(since)} AND {number_of(until)}"
        found = work.frame(query.format(**{name: place + days * (name in ROLL_UPS) for name, place in places.items()}))
        return [(ids[first], *rest) if by_account else (first, *rest) for first, *rest in found.rows()]

    return reading(look)


def _places(work: Session, months: list[MonthFiles], ids: dict[int, str]) -> dict[str, str]:
    where = f" WHERE account IN ({', '.join(map(str, ids))})"
    uses = [str(rule.bit) for rule in work.seen.roll_up.catalogue.values() if rule.kind in IS_USE]
    return {
        **{name: work.table(name, months) + where for name in ROLL_UPS},
        "people": work.table("people") + where,
        "uses": ", ".join(uses) or "-1",
    }


@lru_cache(maxsize=2)
def _numbers(path: str) -> dict[str, int]:
    if not path:
        return {}

    def look(work: Session) -> list[tuple[Any, ...]]:
        return work.frame(f"SELECT account, number FROM {work.table('accounts')}").rows()

    return dict(reading(look))
