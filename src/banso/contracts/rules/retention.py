"""Retention of revenue and of customers between two days, by the field's own formulas. None: not defined."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from banso.contracts.rules.movements import Bridge


@dataclass(frozen=True)
class Lifetime:
    """A lifetime value in minor units; `is_capped` where so few leave that the cap, not the churn, decides."""

    value: Fraction
    months: Fraction
    is_capped: bool


def net_revenue_retention(start: Mapping[int, int], end: Mapping[int, int]) -> Fraction | None:
    """Return ΣE ÷ ΣS over customers with revenue at the start: no new ones, leavers at zero. MRR by customer."""
    cohort = _cohort(start)
    return _share(sum(end.get(customer, 0) for customer in cohort), sum(cohort.values()))


def gross_revenue_retention(start: Mapping[int, int], end: Mapping[int, int]) -> Fraction | None:
    """Return Σ min(E, S) ÷ ΣS; the cap is for each customer, so that growth of one never hides the loss of another."""
    cohort = _cohort(start)
    return _share(sum(min(end.get(customer, 0), was) for customer, was in cohort.items()), sum(cohort.values()))


def logo_churn(start: Mapping[int, int], end: Mapping[int, int]) -> Fraction | None:
    """Return customers lost ÷ customers at the start."""
    cohort = _cohort(start)
    return _share(sum(end.get(customer, 0) <= 0 for customer in cohort), len(cohort))


def logo_churn_rate(lost: int, *, at_start: int, joined: int = 0) -> Fraction | None:
    """Return customers lost ÷ the base: those at the start, by Stripe's definition with those who joined since."""
    return _share(lost, at_start + joined)


def net_mrr_churn(moved: Bridge) -> Fraction | None:
    """Return (churn + contraction − expansion − reactivation) ÷ MRR at the start; below zero where growth wins."""
    return _share(-(moved.churn + moved.contraction + moved.expansion + moved.reactivation), moved.start)


def gross_mrr_churn(moved: Bridge) -> Fraction | None:
    """Return (churn + contraction) ÷ MRR at the start."""
    return _share(-(moved.churn + moved.contraction), moved.start)


def quick_ratio(moved: Bridge) -> Fraction | None:
    """Return (new + expansion) ÷ (churn + contraction); not defined where nothing is lost."""
    return _share(moved.new + moved.expansion, -(moved.churn + moved.contraction))


def renewal_rate(renewed_minor: int, due_minor: int) -> Fraction | None:
    """Return the renewed amount ÷ the amount up for renewal in the period; another metric than GRR."""
    return _share(renewed_minor, due_minor)


def lifetime(arpa_minor: Fraction | int, *, gross_margin: Fraction, churn: Fraction, cap_months: int) -> Lifetime:
    """Return LTV: ARPA × gross margin ÷ churn rate, both of the same month, for at most `cap_months` months.

    Never infinite: where nobody leaves, or hardly anybody, the cap decides, and the answer says so.
    """
    months = min(1 / churn, Fraction(cap_months)) if churn > 0 else Fraction(cap_months)
    return Lifetime(value=arpa_minor * gross_margin * months, months=months, is_capped=churn * cap_months < 1)


def lifetime_between(
    arpa_minor: Fraction | int, *, gross_margin: Fraction, churn: tuple[Fraction, Fraction], cap_months: int
) -> tuple[Lifetime, Lifetime]:
    """Return the interval of LTV that an interval (low, high) of the churn rate stands for, low value first."""
    low, high = churn
    return (
        lifetime(arpa_minor, gross_margin=gross_margin, churn=high, cap_months=cap_months),
        lifetime(arpa_minor, gross_margin=gross_margin, churn=low, cap_months=cap_months),
    )


def annual_churn(monthly: float, *, months: float = 12) -> float:
    """Return the churn of a longer period from that of a month: 1 − (1 − m)^months."""
    return 1 - math.pow(1 - monthly, months)


def monthly_churn(annual: float, *, months: float = 12) -> float:
    """Return the churn of a month from that of a longer period: the inverse of `annual_churn`."""
    return 1 - math.pow(1 - annual, 1 / months)


def churn_over(measured: float, *, days: float, to_days: float) -> float:
    """Return a churn measured over some days as the churn over others, as if it went on evenly."""
    return 1 - math.pow(1 - measured, to_days / days)


def _cohort(start: Mapping[int, int]) -> dict[int, int]:
    return {customer: was for customer, was in start.items() if was > 0}


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
