"""Whatever happens to revenue, the five movements are all of it."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from banso.contracts.rules.movements import Bridge, bridge, level_on, movements, together
from banso.contracts.rules.retention import (
    gross_revenue_retention,
    lifetime,
    lifetime_between,
    net_mrr_churn,
    net_revenue_retention,
)
from banso.contracts.rules.revenue import DAYS_A_MONTH, monthly, monthly_recurring

DAY = date(2026, 1, 1)
COURSES = st.lists(
    st.tuples(st.integers(0, 900).map(lambda day: DAY + timedelta(days=day)), st.integers(0, 10**7)),
    max_size=12,
    unique_by=lambda step: step[0],
).map(sorted)
DAYS = st.integers(-30, 930).map(lambda day: DAY + timedelta(days=day))
REVENUES = st.dictionaries(st.integers(0, 20), st.integers(0, 10**6))


@given(st.lists(COURSES, max_size=6), DAYS, DAYS)
def test_movements_of_a_period_sum_to_the_change_of_mrr(
    courses: list[list[tuple[date, int]]], since: date, until: date
) -> None:
    assume(since <= until)
    found = [one for customer, course in enumerate(courses) for one in movements(customer, course)]
    moved = bridge(found, since=since, until=until)
    assert moved.start == sum(level_on(course, since) for course in courses)
    assert moved.end == sum(level_on(course, until) for course in courses)


@given(COURSES)
def test_a_customer_is_new_once_and_comes_back_only_after_leaving(course: list[tuple[date, int]]) -> None:
    kinds = [one.kind for one in movements(1, course)]
    assert kinds.count("new") <= 1
    assert kinds.count("reactivation") <= kinds.count("churn")
    for one in movements(1, course):
        assert (one.amount_minor > 0) == (one.kind in {"new", "expansion", "reactivation"})


@given(st.lists(COURSES, max_size=4), DAYS)
def test_departments_together_are_worth_what_they_are_worth_apart(
    courses: list[list[tuple[date, int]]], on: date
) -> None:
    assert level_on(together(courses), on) == sum(level_on(course, on) for course in courses)


@given(REVENUES, REVENUES)
def test_gross_retention_is_never_above_net_or_one(start: dict[int, int], end: dict[int, int]) -> None:
    gross, net = gross_revenue_retention(start, end), net_revenue_retention(start, end)
    if gross is None or net is None:
        assert gross is net
        return
    assert 0 <= gross <= 1
    assert gross <= net


@given(st.integers(1, 10**9), st.integers(0, 10**6), st.integers(0, 10**6))
def test_net_churn_falls_where_expansion_grows(start: int, lost: int, grown: int) -> None:
    less = net_mrr_churn(Bridge(start=start, churn=-lost, expansion=grown))
    more = net_mrr_churn(Bridge(start=start, churn=-lost, expansion=grown + 1))
    assert less is not None
    assert more is not None
    assert more < less


@given(st.integers(-(10**12), 10**12), st.integers(1, 120))
def test_months_times_a_month_is_the_term_exactly(amount: int, months: int) -> None:
    assert monthly(amount, term_months=months) * months == amount


@given(st.integers(0, 10**12), st.integers(1, 4000))
def test_a_term_in_days_is_taken_by_the_days_of_a_month(amount: int, days: int) -> None:
    assert monthly(amount, term_days=days) * days == amount * DAYS_A_MONTH


@pytest.mark.parametrize("term", [{}, {"term_months": 1, "term_days": 30}, {"term_months": 0}, {"term_days": -1}])
def test_a_term_has_either_months_or_days(term: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="term"):
        monthly(100, **term)


def test_trials_one_offs_and_metered_use_do_not_recur() -> None:
    assert monthly_recurring(100, kind="plan", is_trial=True) == 0
    assert monthly_recurring(100, kind="one_off") == 0
    assert monthly_recurring(100, kind="metered", term_months=1) == 0
    assert monthly_recurring(100, kind="seats", term_months=2) == 50


@given(st.fractions(0, 1), st.integers(1, 240))
def test_a_lifetime_is_never_beyond_its_cap(churn: Fraction, cap: int) -> None:
    found = lifetime(100, gross_margin=Fraction(4, 5), churn=churn, cap_months=cap)
    assert found.months <= cap
    assert found.value == 80 * found.months
    assert found.is_capped == (churn * cap < 1)


def test_an_interval_of_churn_is_an_interval_of_lifetimes() -> None:
    low, high = lifetime_between(100, gross_margin=Fraction(1), churn=(Fraction(0), Fraction(1, 10)), cap_months=60)
    assert low.value == 1000
    assert high.value == 6000
    assert high.is_capped
    assert not low.is_capped
