"""What is held against which limit: the lines that hold a quantity together, and what was counted of it by day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from banso.accounts import queries as accounts
from banso.contracts import queries as contracts
from banso.contracts.queries import LimitRow
from banso.growth.rules import HISTORY_DAYS, HORIZON_DAYS, Basis, Course, Floats, Held
from banso.people import queries as people
from banso.usage import queries as usage

DAY: Final = timedelta(days=1)
WEEK_DAYS: Final = 7
AMOUNTS: Final = {"account": pl.String(), "event": pl.String(), "day": pl.Date(), "amount": pl.Float64()}

type Key = tuple[str, str]  # how it is counted, and which event


@dataclass(frozen=True)
class Quantity:
    """What an account may use of something: the first of the lines that hold it, and what they hold together."""

    row: LimitRow
    held: Held

    @property
    def basis(self) -> str:
        """Return what is counted against what, as text."""
        return str(Basis(*self.key, self.row.cycle.period, self.held.limit))

    @property
    def key(self) -> Key:
        """Return what it is counted by."""
        return self.row.counting, self.row.meter


def quantities(today: date, account_ids: Iterable[int] | None = None) -> list[Quantity]:
    """Return what accounts may use of each thing that is counted; one query."""
    together: dict[object, list[LimitRow]] = defaultdict(list)
    for row in contracts.limits_on(today, account_ids):
        together[row.alike].append(row)
    return [_quantity(rows, today) for rows in together.values()]


def courses(found: Sequence[Quantity], today: date) -> dict[int, Course]:
    """Return what was counted of each quantity by day, today's so far included; by the line that stands for it.

    Use of departments counts for the account above them that has a limit, unless they have one of their own. A number
    of queries that does not grow with the accounts.
    """
    linked = [one for one in found if one.row.is_linked]
    if not linked:
        return {}
    span = usage.span()
    begun = span[0] if span else today
    since = min([today - timedelta(days=HISTORY_DAYS), *(one.held.starts_on for one in linked)])
    holders = _holders(linked)
    frames = [_added_up(linked, since, today), _latest(linked, since, today), _people(linked, since, today)]
    amounts = _of_holders(pl.concat(frames), holders, linked)
    amounts |= _assigned(linked, today)
    return {
        one.row.line_id: course
        for one in linked
        if (course := _course(one, amounts.get(one.row.line_id), begun=begun, today=today)) is not None
    }


def _quantity(rows: Sequence[LimitRow], today: date) -> Quantity:
    first = max(rows, key=lambda row: (row.limit, -row.line_id))
    starts_on, ends_on = first.cycle.bounds(today)
    last = first.cycle.ends_on
    held = Held(
        limit=sum(row.limit for row in rows),
        starts_on=starts_on,
        ends_on=ends_on,
        next_starts=tuple(first.cycle.starts(today, today + timedelta(days=HORIZON_DAYS))),
        last_on=None if last is None else last - DAY,
    )
    return Quantity(replace(first, limit=held.limit), held)


def _holders(linked: Iterable[Quantity]) -> Mapping[Key, dict[int, int]]:
    """Return for each way of counting which account holds the limit that an account's use counts against."""
    own: dict[Key, set[int]] = defaultdict(set)
    for one in linked:
        own[one.key].add(one.row.account_id)
    found: dict[Key, dict[int, int]] = {key: {} for key in own}
    for child, line in accounts.lineage().items():
        for key, held in own.items():
            holder = next((pk for pk in line if pk in held), None)
            if holder is not None:
                found[key][child] = holder
    return found


def _of_holders(
    frame: pl.DataFrame, holders: Mapping[Key, dict[int, int]], linked: Sequence[Quantity]
) -> dict[int, list[tuple[date, float]]]:
    """Return days and amounts by line, oldest first, of its own account and of those whose use counts for it."""
    kept = [
        (account, counting, event, holder)
        for (counting, event), held in holders.items()
        for account, holder in held.items()
    ]
    schema = {"account_id": pl.Int64, "counting": pl.String, "event": pl.String, "holder": pl.Int64}
    summed = (
        frame.join(pl.DataFrame(kept, schema=schema, orient="row"), on=["account_id", "counting", "event"])
        .group_by("holder", "counting", "event", "day")
        .agg(pl.col("amount").sum())
        .sort("holder", "counting", "event", "day")
    )
    found: dict[tuple[int, str, str], list[tuple[date, float]]] = defaultdict(list)
    for holder, counting, event, day, amount in summed.iter_rows():
        found[(holder, counting, event)].append((day, amount))
    return {one.row.line_id: found.get((one.row.account_id, *one.key), []) for one in linked}


def _added_up(linked: Iterable[Quantity], since: date, today: date) -> pl.DataFrame:
    rows = usage.daily_amounts(_meters(linked, "sum", "count"), since, today)
    frames = [
        _by_id(rows.select("account", "event", "day", pl.col(column).cast(pl.Float64).alias("amount")), counting)
        for counting, column in (("sum", "value"), ("count", "n"))
    ]
    return pl.concat(frames)


def _latest(linked: Iterable[Quantity], since: date, today: date) -> pl.DataFrame:
    rows = usage.latest_values(_meters(linked, "last"), since, today)
    return _by_id(rows.rename({"value": "amount"}), "last")


def _people(linked: Iterable[Quantity], since: date, today: date) -> pl.DataFrame:
    """Return how many people were active in the 28 days before each Monday, and before today."""
    meters = sorted(_meters(linked, "people"))
    if not meters:
        return _by_id(pl.DataFrame(schema=AMOUNTS), "people")
    asked = [
        usage.Measure(f"m{at}", "active_people", events=(meter,) if meter else ()) for at, meter in enumerate(meters)
    ]
    mondays = [day for day in usage.mondays(max(since, today - timedelta(days=HISTORY_DAYS)), today) if day < today]
    weekly = usage.measures_by_week(asked, mondays).rename({"week": "day"})
    now = usage.measures_on(asked, today).with_columns(pl.lit(today).alias("day"))
    columns = ["account", "day", *(measure.name for measure in asked)]
    both = pl.concat([weekly.select(columns), now.select(columns)])
    names = {measure.name: meter for measure, meter in zip(asked, meters, strict=True)}
    long = both.unpivot(index=["account", "day"], variable_name="event", value_name="amount").drop_nulls("amount")
    named = long.with_columns(pl.col("event").replace_strict(names, return_dtype=pl.String))
    return _by_id(named.select("account", "event", "day", "amount"), "people")


def _assigned(linked: Iterable[Quantity], today: date) -> dict[int, list[tuple[date, float]]]:
    """Return how many people the list of each account had on each day since the first was added."""
    lines = {one.row.account_id: one.row.line_id for one in linked if one.row.counting == "assigned"}
    steps: dict[int, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    zone = ZoneInfo(people.company().time_zone)
    for person in accounts.people_of(lines, with_former=True) if lines else []:
        came = min(person.added_at.astimezone(zone).date(), today)
        steps[person.account_id][came] += 1
        if person.left_on is not None and person.left_on <= today:
            steps[person.account_id][max(came, person.left_on)] -= 1
    found = {}
    for account, line in lines.items():
        days = sorted(steps[account])
        heights = np.cumsum([steps[account][day] for day in days]).tolist()
        found[line] = list(zip(days, heights, strict=True))
    return found


def _course(one: Quantity, counted: Sequence[tuple[date, float]] | None, *, begun: date, today: date) -> Course | None:
    """Return the days of a quantity: amounts with nothing between them, heights that stay until the next."""
    row, is_level = one.row, one.row.cycle.period == ""
    since = today - timedelta(days=HISTORY_DAYS)
    if not counted and (is_level or begun >= today):
        return None
    first = counted[0][0] if counted else today
    if not is_level:
        # While the contract ran, days without use are known to be empty; so are those of a period from its start.
        first = max(begun, min(first, max(row.cycle.starts_on, min(since, one.held.starts_on))))
    days: Floats = np.zeros((today - first).days + 1)
    for day, amount in counted or ():
        if day >= first and is_level:
            days[(day - first).days :] = amount
        elif day >= first:
            days[(day - first).days] = amount
    return Course(first, days, is_level)


def _meters(linked: Iterable[Quantity], *countings: str) -> set[str]:
    return {one.row.meter for one in linked if one.row.counting in countings}


def _by_id(frame: pl.DataFrame, counting: str) -> pl.DataFrame:
    """Return amounts by the account's id; an account that events came for under several names is added up."""
    ids = accounts.by_external_ids(frame["account"].unique().to_list())
    known = pl.DataFrame(
        {"account": list(ids), "account_id": list(ids.values())}, schema={"account": pl.String, "account_id": pl.Int64}
    )
    joined = frame.join(known, on="account").group_by("account_id", "event", "day").agg(pl.col("amount").sum())
    return joined.with_columns(pl.lit(counting).alias("counting")).select(
        "account_id", "counting", "event", "day", "amount"
    )
