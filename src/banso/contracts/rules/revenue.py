"""Monthly recurring revenue: a term's recurring amount by its months, exact until it is rounded once."""

from fractions import Fraction
from typing import Final

# 365.25 days ÷ 12: what a month is where a term is counted in days.
DAYS_A_MONTH: Final = Fraction(487, 16)
MONTHS_A_YEAR: Final = 12
RECURRING_KINDS: Final = frozenset({"plan", "option", "seats"})
SEAT_KINDS: Final = frozenset({"plan", "seats"})


def monthly(amount_minor: int, *, term_months: int | None = None, term_days: int | None = None) -> Fraction:
    """Return what an amount of one term is a month, exactly, in minor units.

    A term counted in months is divided by them (yearly ÷ 12); one counted in days is taken by 30.4375 days a month.
    Raises ValueError where not exactly one of both is given, or it is not above zero.
    """
    if (term_months is None) == (term_days is None):
        raise ValueError("A term has either months or days.")
    if term_months is not None:
        return Fraction(amount_minor, _above_zero(term_months))
    return Fraction(amount_minor) * DAYS_A_MONTH / _above_zero(term_days or 0)


def monthly_recurring(
    amount_minor: int,
    *,
    kind: str,
    is_trial: bool = False,
    term_months: int | None = None,
    term_days: int | None = None,
) -> Fraction:
    """Return what a line adds to MRR, exactly: nothing for trials, one-offs and metered use."""
    if is_trial or kind not in RECURRING_KINDS:
        return Fraction(0)
    return monthly(amount_minor, term_months=term_months, term_days=term_days)


def monthly_minor(amount_minor: int, *, term_months: int | None = None, term_days: int | None = None) -> int:
    """Return `monthly` in whole minor units."""
    return whole_minor(monthly(amount_minor, term_months=term_months, term_days=term_days))


def whole_minor(exact: Fraction) -> int:
    """Return an exact amount in whole minor units, half to even: the only rounding, done once for each line."""
    return round(exact)


def annual_recurring_revenue(mrr_minor: int) -> int:
    """Return ARR: MRR × 12."""
    return mrr_minor * MONTHS_A_YEAR


def _above_zero(count: int) -> int:
    if count <= 0:
        raise ValueError("A term is longer than nothing.")
    return count
