"""By when notice must be given, for every kind of rule."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.contracts.rules.notice import Notice, next_renewal, notice_by, renewals
from banso.contracts.testing import WEEKDAYS

RENEWAL = date(2027, 4, 1)  # a Thursday
NOTICES = st.builds(
    Notice,
    count=st.integers(0, 400),
    unit=st.sampled_from(("business_days", "calendar_days", "months")),
    is_end_of_month=st.booleans(),
    roll=st.sampled_from(("none", "previous", "next")),
)


@pytest.mark.parametrize(
    ("notice", "deadline"),
    [
        (Notice(), RENEWAL),
        (Notice(1, "business_days"), date(2027, 3, 31)),
        (Notice(20, "business_days"), date(2027, 3, 4)),
        (Notice(30), date(2027, 3, 2)),
        (Notice(2, "months"), date(2027, 2, 1)),
        (Notice(1, "months", is_end_of_month=True), date(2027, 3, 31)),
        (Notice(2, "months", is_end_of_month=True), date(2027, 2, 28)),
        (Notice(2, "months", is_end_of_month=True, roll="previous"), date(2027, 2, 26)),
        (Notice(2, "months", is_end_of_month=True, roll="next"), date(2027, 3, 1)),
        (Notice(30, is_end_of_month=True), date(2027, 2, 28)),
        (Notice(1, is_end_of_month=True), date(2027, 3, 31)),
        (Notice(4, roll="previous"), date(2027, 3, 26)),
        (Notice(4, roll="next"), date(2027, 3, 29)),
    ],
)
def test_the_deadline_is_the_last_day_by_the_rule(notice: Notice, deadline: date) -> None:
    assert notice_by(RENEWAL, notice, WEEKDAYS) == deadline


def test_where_nothing_renews_there_is_no_deadline() -> None:
    assert notice_by(None, Notice(30), WEEKDAYS) is None


def test_the_same_day_of_a_shorter_month_is_its_last() -> None:
    assert notice_by(date(2027, 3, 31), Notice(1, "months"), WEEKDAYS) == date(2027, 2, 28)


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), NOTICES)
def test_a_deadline_is_never_after_the_renewal_and_moves_to_a_business_day(renews_on: date, notice: Notice) -> None:
    deadline = notice_by(renews_on, notice, WEEKDAYS)
    assert deadline is not None
    assert deadline <= renews_on
    if notice.roll == "previous":
        assert WEEKDAYS.is_business_day(deadline)


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), NOTICES, st.integers(1, 50))
def test_more_notice_is_never_a_later_deadline(renews_on: date, notice: Notice, more: int) -> None:
    longer = Notice(notice.count + more, notice.unit, notice.is_end_of_month, notice.roll)
    assert (notice_by(renews_on, longer, WEEKDAYS) or renews_on) <= (
        notice_by(renews_on, notice, WEEKDAYS) or renews_on
    )


def test_past_renewals_are_counted_back_to_the_start() -> None:
    assert renewals(date(2024, 4, 1), RENEWAL, 12) == (date(2025, 4, 1), date(2026, 4, 1), RENEWAL)
    assert renewals(date(2024, 4, 1), RENEWAL, None) == (RENEWAL,)
    assert renewals(date(2024, 4, 1), None, 12) == ()


@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(1, 36), st.integers(0, 3000))
def test_the_next_renewal_is_the_first_on_or_after_today(renews_on: date, months: int, days: int) -> None:
    today = renews_on + timedelta(days=days)
    found = next_renewal(renews_on, months, today)
    assert found >= today
    assert found == renews_on or (found - today).days <= months * 31
