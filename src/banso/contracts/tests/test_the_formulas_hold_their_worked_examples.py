"""The worked examples that vendors and filings published, one test each (docs/formulas)."""

from datetime import date
from fractions import Fraction

import pytest

from banso.contracts.rules.movements import Bridge, bridge, movements
from banso.contracts.rules.retention import (
    Lifetime,
    annual_churn,
    churn_over,
    gross_mrr_churn,
    gross_revenue_retention,
    lifetime,
    logo_churn,
    logo_churn_rate,
    monthly_churn,
    net_mrr_churn,
    net_revenue_retention,
    quick_ratio,
    renewal_rate,
)
from banso.contracts.rules.revenue import annual_recurring_revenue, monthly_minor, whole_minor


def test_1_gross_and_net_mrr_churn_by_chartmogul() -> None:
    moved = Bridge(start=100, churn=-10, contraction=-10, expansion=10)
    assert gross_mrr_churn(moved) == Fraction(20, 100)
    assert net_mrr_churn(moved) == Fraction(10, 100)


def test_2_five_movements_of_one_customer_by_chartmogul() -> None:
    gold_yearly = monthly_minor(2_000_00, term_months=12)
    silver = 60_00
    gold_monthly = 150_00
    course = [
        (date(2026, 1, 1), gold_yearly),
        (date(2026, 2, 1), gold_yearly + silver),
        (date(2026, 3, 1), gold_yearly),
        (date(2027, 1, 1), 0),  # cancelled earlier; the paid term ends here
        (date(2027, 3, 1), gold_monthly),
    ]
    assert [(one.kind, one.amount_minor) for one in movements(1, course)] == [
        ("new", 166_67),
        ("expansion", 60_00),
        ("contraction", -60_00),
        ("churn", -166_67),
        ("reactivation", 150_00),
    ]


def test_3_mrr_of_monthly_and_yearly_prices_by_stripe() -> None:
    exact = 100 * monthly_minor(100_00, term_months=1) + 50 * monthly_minor(600_00, term_months=12)
    assert exact == 12_500_00
    assert annual_recurring_revenue(exact) == 150_000_00


@pytest.mark.parametrize(
    ("gained", "lost", "ratio"), [(24, 4, 6), (30, 10, 3), (40, 20, 2), (28, 8, 3.5), (45, 40, 1.13)]
)
def test_4_quick_ratio(gained: int, lost: int, ratio: float) -> None:
    moved = Bridge(start=100, new=gained - 3, expansion=3, churn=1 - lost, contraction=-1)
    found = quick_ratio(moved)
    assert found is not None
    assert float(found) == pytest.approx(ratio, abs=0.006)


def test_4_quick_ratio_is_not_defined_where_nothing_is_lost() -> None:
    assert quick_ratio(Bridge(start=100, new=10)) is None


def test_5_net_revenue_retention() -> None:
    start = {1: 6_000, 2: 20_000, 3: 174_000}
    assert net_revenue_retention(start, {2: 16_000, 3: 194_000, 4: 9_000}) == Fraction(210_000, 200_000)
    assert net_revenue_retention({1: 8_000, 2: 92_000}, {2: 102_000}) == Fraction(102, 100)


def test_6_gross_revenue_retention_caps_each_customer() -> None:
    start = {1: 3_000, 2: 10_000, 3: 37_000}
    assert gross_revenue_retention(start, {2: 8_000, 3: 60_000}) == Fraction(90, 100)


def test_7_lifetime_value() -> None:
    found = lifetime(50, gross_margin=Fraction(1), churn=Fraction(5, 100), cap_months=60)
    assert found == Lifetime(Fraction(1000), Fraction(20), is_capped=False)


def test_8_logo_churn_on_both_bases() -> None:
    start = dict.fromkeys(range(500), 10)
    assert logo_churn(start, dict.fromkeys(range(450), 10)) == Fraction(10, 100)
    assert logo_churn_rate(50 + 12, at_start=1000) == Fraction(62, 1000)
    assert float(logo_churn_rate(62, at_start=1000, joined=500) or 0) == pytest.approx(0.0413, abs=5e-5)


def test_9_a_month_and_a_year_of_churn_are_one_rate() -> None:
    measured = 60 / 1022
    assert measured == pytest.approx(0.0587084149, abs=1e-10)
    yearly = churn_over(measured, days=92, to_days=365)
    assert yearly == pytest.approx(0.2134007549, abs=1e-10)
    assert monthly_churn(yearly) == pytest.approx(0.0198042982, abs=1e-10)
    assert annual_churn(monthly_churn(yearly)) == pytest.approx(yearly)


def test_without_anyone_at_the_start_nothing_is_defined() -> None:
    assert net_revenue_retention({1: 0}, {1: 5}) is None
    assert gross_revenue_retention({}, {}) is None
    assert logo_churn({}, {}) is None
    assert net_mrr_churn(Bridge(start=0, new=5)) is None
    assert renewal_rate(0, 0) is None


def test_the_renewal_rate_looks_only_at_what_was_due() -> None:
    assert renewal_rate(80, 100) == Fraction(4, 5)


def test_a_day_with_several_changes_is_one_movement() -> None:
    course = [(date(2026, 1, 1), 100), (date(2026, 2, 1), 100), (date(2026, 3, 1), 80)]
    found = movements(1, course)
    assert [one.kind for one in found] == ["new", "contraction"]
    assert bridge(found, since=date(2026, 1, 31), until=date(2026, 3, 31)) == Bridge(start=100, contraction=-20)


def test_halves_are_rounded_to_even() -> None:
    assert whole_minor(Fraction(5, 2)) == 2
    assert whole_minor(Fraction(7, 2)) == 4
