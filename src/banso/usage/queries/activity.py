"""What the pages of some accounts show: their features, people, days and moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import duckdb

from banso.usage.models import EventName, manifest
from banso.usage.models.manifest import Manifest
from banso.usage.queries.reading import reading, source, words_of
from banso.usage.rules.days import day_of, number_of
from banso.usage.rules.names import IS_USE

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


def features_of(account: Accounts, since: date, until: date) -> list[FeatureRow]:
    """Return what was used from `since` to `until`, both included, most used first; several accounts are added up."""

    def look(work: duckdb.DuckDBPyConnection, seen: Manifest) -> list[tuple[Any, ...]]:
        rules = seen.roll_up.catalogue.values()
        uses = ", ".join(str(rule.bit) for rule in rules if rule.kind in IS_USE) or "-1"
        return _rows(
            work,
            seen,
            account,
            since,
            until,
            "SELECT event, sum(n)::BIGINT AS total, count(DISTINCT person), coalesce(sum(value), 0), max(day) FROM {daily}"
            f" AND event IN ({uses}) GROUP BY event ORDER BY total DESC, event",
        )

    found = reading(look)
    names = {row.bit: row for row in event_names()}
    return [
        FeatureRow(name=names[event].name, label=names[event].label, n=n, people=people, value=value, last_on=day_of(last))
        for event, n, people, value, last in found
        if event in names
    ]


def people_of(account: Accounts, since: date, until: date, *, limit: int | None = None) -> list[PersonRow]:
    """Return who used the product from `since` to `until`, most active first."""

    def look(work: duckdb.DuckDBPyConnection, seen: Manifest) -> list[tuple[Any, ...]]:
        if not seen.roll_up.people:
            return []
        file = manifest.paths([seen.roll_up.people])[0].replace("'", "''")
        return _rows(
            work,
            seen,
            account,
            since,
            until,
            "SELECT used.account, names.person, n, active_days, last FROM (SELECT account, person, sum(n)::BIGINT AS n,"
            " count(*) AS active_days, max(day) AS last FROM {user_day} AND n > 0 AND person IS NOT NULL"
            f" GROUP BY account, person) AS used JOIN (SELECT person, number FROM read_parquet('{file}')"
            " WHERE account IN ({accounts})) AS names ON names.number = used.person"
            f" ORDER BY n DESC, active_days DESC, names.person LIMIT {limit or 1_000_000}",
        )

    ids = _ids_by_number(manifest.current())
    return [
        PersonRow(account=ids[number], person=person, n=n, active_days=days, last_on=day_of(last))
        for number, person, n, days, last in reading(look)
    ]


def daily_of(account: Accounts, since: date, until: date) -> list[DayRow]:
    """Return the days with use from `since` to `until`, in order; days without have no row."""

    def look(work: duckdb.DuckDBPyConnection, seen: Manifest) -> list[tuple[Any, ...]]:
        query = "SELECT day, sum(n)::BIGINT, count(DISTINCT person) FROM {user_day} AND n > 0 GROUP BY day ORDER BY day"
        return _rows(work, seen, account, since, until, query)

    return [DayRow(day=day_of(day), n=n, people=people) for day, n, people in reading(look)]


def totals_of(accounts: Sequence[str], since: date, until: date) -> dict[str, TotalRow]:
    """Return what each account used from `since` to `until`; an account without use has no entry."""

    def look(work: duckdb.DuckDBPyConnection, seen: Manifest) -> list[tuple[Any, ...]]:
        query = (
            "SELECT account, sum(n)::BIGINT, count(DISTINCT person), count(DISTINCT day), max(day)"
            " FROM {user_day} AND n > 0 GROUP BY account ORDER BY account"
        )
        return _rows(work, seen, accounts, since, until, query)

    ids = _ids_by_number(manifest.current())
    return {
        ids[number]: TotalRow(account=ids[number], n=n, people=people, active_days=days, last_on=day_of(last))
        for number, n, people, days, last in reading(look)
    }


def moments_of(account: Accounts, before: tuple[datetime, str] | datetime | None = None, limit: int = 50) -> list[MomentRow]:
    """Return the newest moments, newest first; `before` is a time, or the (at, message_id) of the last row seen."""
    names = {row.name: row for row in event_names() if row.kind == "moment"}
    wanted = [account] if isinstance(account, str) else list(account)
    if not names or not wanted:
        return []
    at, last = before if isinstance(before, tuple) else (before, "")

    def look(work: duckdb.DuckDBPyConnection, seen: Manifest) -> list[tuple[Any, ...]]:
        files = [one.path for one in seen.lake if at is None or one.first_at <= at]
        if not files:
            return []
        query = (
            'SELECT timezone(\'UTC\', "at"), account, person, name, value, properties, message_id FROM read_parquet($files)'
            " WHERE account IN (SELECT unnest($accounts)) AND name IN (SELECT unnest($names))"
            ' AND ($at IS NULL OR "at" < $at OR ("at" = $at AND message_id < $last))'
            ' ORDER BY "at" DESC, message_id DESC LIMIT $limit'
        )
        given = {"files": manifest.paths(files), "accounts": wanted, "names": list(names)}
        return work.execute(query, {**given, "at": at, "last": last, "limit": limit}).fetchall()

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
        for moment, of, person, name, value, properties, message_id in reading(look)
    ]


def span() -> tuple[date, date] | None:
    """Return the first and the last day with a counted event in the roll-ups; None where there is none."""
    months = manifest.current().roll_up.months.values()
    if not months:
        return None
    return day_of(min(one.first_day for one in months)), day_of(max(one.last_day for one in months))


def segments_waiting() -> int:
    """Return how many pieces of what came in are not yet in the roll-ups."""
    return len(manifest.current().pending)


def event_names() -> list[EventRow]:
    """Return every name that events came with, by name."""
    return [
        EventRow(name=one.name, label=one.label, kind=str(one.kind), bit=one.bit, first_seen_at=one.first_seen_at)
        for one in EventName.objects.order_by("name", "pk")
    ]


def _rows(
    work: duckdb.DuckDBPyConnection, seen: Manifest, account: Accounts, since: date, until: date, query: str
) -> list[tuple[Any, ...]]:
    """Run a query over the roll-ups of some accounts and days; {daily} and {user_day} stand for what to read FROM."""
    numbers = _numbers_of(seen, [account] if isinstance(account, str) else account)
    months = manifest.months_of_days(since, until, seen.roll_up)
    if not numbers or not months:
        return []
    listed = ", ".join(map(str, numbers))
    where = f"account IN ({listed}) AND day BETWEEN {number_of(since)} AND {number_of(until)}"
    places = {name: f"{source(name, months, words_of(seen))} WHERE {where}" for name in ("daily", "user_day")}
    return work.execute(query.format(**places, accounts=listed)).fetchall()


def _numbers_of(seen: Manifest, accounts: Sequence[str]) -> list[int]:
    known = _numbers(seen.roll_up.accounts)
    return [known[account] for account in accounts if account in known]


def _ids_by_number(seen: Manifest) -> dict[int, str]:
    return {number: account for account, number in _numbers(seen.roll_up.accounts).items()}


@lru_cache(maxsize=2)
def _numbers(path: str) -> dict[str, int]:
    if not path:
        return {}

    def look(work: duckdb.DuckDBPyConnection, _: Manifest) -> list[tuple[str, int]]:
        return work.execute("SELECT account, number FROM read_parquet($file)", {"file": manifest.paths([path])[0]}).fetchall()

    return dict(reading(look))
