"""What ends of itself: trials, and contracts to which the customer has given notice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
from django.db.models import Q
from django.db.models.functions import Coalesce

from banso.contracts.models import Contract
from banso.contracts.queries.rates import Rates, rates
from banso.contracts.rules.revenue import monthly_recurring, whole_minor


@dataclass(frozen=True)
class Ending:
    """When an account's trial ends and what it would bring a month, or when all that it pays for ends."""

    trial_ends_on: date | None = None
    trial_mrr: int = 0  # in the company's currency
    leaves_on: date | None = None


def endings(today: date, *, currency: str) -> dict[int, Ending]:
    """Return what ends of itself, by account, as known on a day.

    An account leaves where none of its contracts that run renews any more; it ends with the last of them. `currency` is
    the company's. One query, and two for rates where a trial is priced in another currency.
    """
    runs = Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gt=today))
    given = Q(cancelled_on__lte=today)
    found: dict[int, dict[int, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    touched = Contract.objects.filter(runs & (given | Q(is_trial=True))).values("account_id")
    rows = Contract.objects.filter(runs, account_id__in=touched).order_by("pk", "lines__pk").values(*_COLUMNS)
    for row in rows:
        found[row["account_id"]][row["pk"]].append(row)
    foreign = any(row["is_trial"] and row["currency"] != currency for some in found.values() for row in _flat(some))
    known = rates() if foreign else Rates(into=currency, table={})
    return {account_id: _ending(some, today, known) for account_id, some in found.items()}


def notices_given() -> pl.DataFrame:
    """Return when customers gave notice: account_id, cancelled_on, and ends_on, the first day without the contract."""
    given = Contract.objects.filter(cancelled_on__isnull=False).order_by("account_id", "pk")
    rows = given.values_list("account_id", "cancelled_on", Coalesce("ends_on", "renews_on"))
    return pl.DataFrame(list(rows), schema=_NOTICES, orient="row")


_NOTICES = {"account_id": pl.Int64, "cancelled_on": pl.Date, "ends_on": pl.Date}
_COLUMNS = (
    "pk",
    "account_id",
    "is_trial",
    "currency",
    "starts_on",
    "ends_on",
    "renews_on",
    "cancelled_on",
    "lines__kind",
    "lines__amount_minor",
    "lines__term_months",
    "lines__term_days",
)


def _ending(contracts: Mapping[int, list[dict[str, Any]]], today: date, known: Rates) -> Ending:
    """Judge the contracts of one account; each is the rows of its lines."""
    firsts = [lines[0] for lines in contracts.values()]
    trials = [lines for lines in contracts.values() if lines[0]["is_trial"]]
    paid = [one for one in firsts if not one["is_trial"]]
    ends = [one["ends_on"] or one["renews_on"] for one in paid if one["cancelled_on"] and one["cancelled_on"] <= today]
    leaves = bool(paid) and len(ends) == len(paid) and None not in ends
    return Ending(
        trial_ends_on=max((day for one in trials if (day := one[0]["ends_on"] or one[0]["renews_on"])), default=None),
        trial_mrr=sum(_worth(line, known) for one in trials for line in one),
        leaves_on=max(ends) if leaves else None,
    )


def _worth(line: Mapping[str, Any], known: Rates) -> int:
    """Return what a line of a trial would bring a month; a currency without a rate counts for nothing."""
    if line["lines__kind"] is None:
        return 0
    exact = monthly_recurring(
        line["lines__amount_minor"],
        kind=line["lines__kind"],
        term_months=line["lines__term_months"],
        term_days=line["lines__term_days"],
    )
    return whole_minor(exact * (known.of(line["currency"], line["starts_on"]) or Fraction(0)))


def _flat(contracts: Mapping[int, Iterable[dict[str, Any]]]) -> Iterable[dict[str, Any]]:
    return (row for rows in contracts.values() for row in rows)
