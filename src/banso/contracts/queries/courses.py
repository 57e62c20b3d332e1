"""Recurring revenue and seats over time: by account, by week, and as movements between two days."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import polars as pl

from banso.contracts.models import Position
from banso.contracts.rules.movements import Bridge, Movement, bridge, levels_on, movements, together

WEEKLY: dict[str, pl.DataType] = {
    "account_id": pl.Int64(),
    "week": pl.Date(),
    "seats": pl.Float64(),
    "mrr": pl.Float64(),
    "is_active": pl.Boolean(),
    "days_to_renewal": pl.Int32(),
    "tenure_days": pl.Int32(),
}


def mrr_by_account(on: date) -> dict[int, int]:
    """Return the MRR of every account with recurring revenue on a day, in minor units of the company's currency."""
    found = Position.objects.filter(from_on__lte=on).order_by("account_id", "from_on", "pk")
    last = dict(found.values_list("account_id", "mrr_minor"))
    return {account_id: mrr for account_id, mrr in last.items() if mrr}


def mrr_courses(account_ids: Sequence[int] | None = None) -> dict[int, list[tuple[date, int]]]:
    """Return the MRR of accounts over time: from each day on, so much; future steps are included."""
    found = Position.objects.order_by("account_id", "from_on", "pk")
    if account_ids is not None:
        found = found.filter(account__in=account_ids)
    courses: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for account_id, from_on, mrr in found.values_list("account_id", "from_on", "mrr_minor"):
        courses[account_id].append((from_on, mrr))
    return dict(courses)


def mrr_over_time(account_ids: Sequence[int], *, since: date, until: date) -> list[tuple[date, int]]:
    """Return the MRR of some accounts together from a day up to and with another: a row for each day of change."""
    course = together(mrr_courses(account_ids).values())
    before = [level for on, level in course if on <= since]
    within = [(on, level) for on, level in course if since < on <= until]
    steps = [(since, before[-1] if before else 0), *within]
    return [steps[0], *(after for before_it, after in pairwise(steps) if before_it[1] != after[1])]


def customer_courses(customer_of: Mapping[int, int]) -> dict[int, list[tuple[date, int]]]:
    """Return MRR over time by customer; `customer_of` says which accounts (departments) belong to one."""
    grouped: dict[int, list[list[tuple[date, int]]]] = defaultdict(list)
    for account_id, course in mrr_courses().items():
        grouped[customer_of.get(account_id, account_id)].append(course)
    return {customer: together(courses) for customer, courses in grouped.items()}


def revenue_movements(*, since: date, until: date, customer_of: Mapping[int, int]) -> tuple[Bridge, list[Movement]]:
    """Return the movements of MRR after one day up to another, in sum and by customer, oldest first."""
    found = [
        one
        for customer, course in customer_courses(customer_of).items()
        for one in movements(customer, [step for step in course if step[0] <= until])
    ]
    within = sorted((one for one in found if one.on > since), key=lambda one: (one.on, one.customer))
    return bridge(found, since=since, until=until), within


def mrr_by_customer(on: date, customer_of: Mapping[int, int]) -> dict[int, int]:
    """Return the MRR of each customer on a day."""
    return levels_on(customer_courses(customer_of), on)


def weekly_facts(days: Sequence[date]) -> pl.DataFrame:
    """Return what contracts say of each account as of days (the Mondays of health, or any): as far as they reach back.

    Columns: account_id, week (the day), seats, mrr (minor units of the company's currency), is_active, days_to_renewal,
    tenure_days (since the first day with any contract). An account has no row before its first contract.
    """
    columns = ("account_id", "from_on", "seats", "mrr_minor", "is_active", "renews_on")
    last = max(days, default=date.min)
    rows = Position.objects.filter(from_on__lte=last).order_by("account_id", "from_on", "pk").values_list(*columns)
    steps = pl.DataFrame(
        list(rows),
        schema=[*zip(columns, (pl.Int64, pl.Date, pl.Float64, pl.Float64, pl.Boolean, pl.Date), strict=True)],
        orient="row",
    )
    first = steps.filter("is_active").group_by("account_id").agg(pl.col("from_on").min().alias("first_on"))
    grid = steps.select("account_id").unique().join(pl.DataFrame({"week": days}, schema={"week": pl.Date}), how="cross")
    return (
        grid.sort("week", "account_id")
        .join_asof(
            steps.sort("from_on", "account_id"),
            left_on="week",
            right_on="from_on",
            by="account_id",
            check_sortedness=False,
        )
        .filter(pl.col("from_on").is_not_null())
        .join(first, on="account_id", how="left", maintain_order="left")
        .select(
            "account_id",
            "week",
            "seats",
            pl.col("mrr_minor").alias("mrr"),
            "is_active",
            (pl.col("renews_on") - pl.col("week")).dt.total_days().cast(pl.Int32).alias("days_to_renewal"),
            (pl.col("week") - pl.col("first_on")).dt.total_days().cast(pl.Int32).alias("tenure_days"),
        )
        .sort("account_id", "week")
    )
