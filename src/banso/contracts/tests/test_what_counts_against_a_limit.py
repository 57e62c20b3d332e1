"""A line says what counts against its limit; periods follow each other without a gap."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.accounts import queries as accounts
from banso.accounts.testing import an_account
from banso.contracts import actions, queries
from banso.contracts.rules.limits import Cycle, Per, counting_of, limit_of, period_of
from banso.contracts.testing import A_MOMENT, WEEKDAYS, a_contract, a_line
from banso.journal import queries as journal
from banso.people.testing import AN_ACTOR, an_admin

TODAY = date(2026, 11, 24)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("kind", "said", "counting"),
    [("metered", "", "sum"), ("metered", "last", "last"), ("seats", "", "people"), ("plan", "assigned", "assigned")],
)
def test_what_is_not_said_is_as_usual_for_the_kind(kind: str, said: str, counting: str) -> None:
    assert counting_of(kind, said) == counting


def test_levels_have_no_period_and_the_rest_a_month_unless_it_is_said() -> None:
    assert [period_of("sum", said) for said in ("", "month", "billing_month", "term")] == [
        "month",
        "month",
        "billing_month",
        "term",
    ]
    assert {period_of(level, "term") for level in ("people", "assigned", "last")} == {""}


def test_seats_are_a_limit_where_none_is_given() -> None:
    assert limit_of("seats", None, 20) == limit_of("plan", 20, 5) == 20
    assert limit_of("metered", None, 20) is None


def cycle(period: Per = "term", **said: date | int | None) -> Cycle:
    usual: dict[str, Any] = {
        "starts_on": date(2026, 1, 31),
        "renews_on": None,
        "renewal_months": None,
        "ends_on": None,
    }
    return Cycle(period, **(usual | said))


@pytest.mark.parametrize(
    ("one", "bounds"),
    [
        (cycle("month"), (date(2026, 11, 1), date(2026, 12, 1))),
        (cycle("billing_month"), (date(2026, 10, 31), date(2026, 11, 30))),
        (cycle(renews_on=date(2027, 4, 1), renewal_months=12), (date(2026, 4, 1), date(2027, 4, 1))),
        (cycle(renews_on=date(2027, 4, 1), renewal_months=24), (date(2026, 1, 31), date(2027, 4, 1))),
        (cycle(renews_on=date(2026, 6, 1), renewal_months=3), (date(2026, 9, 1), date(2026, 12, 1))),
        (cycle(renews_on=date(2027, 4, 1)), (date(2026, 1, 31), date(2027, 4, 1))),
        (cycle(renews_on=date(2026, 4, 1)), (date(2026, 4, 1), None)),
        (cycle(), (date(2026, 1, 31), None)),
        (cycle(ends_on=date(2027, 1, 31)), (date(2026, 1, 31), date(2027, 1, 31))),
        (cycle("month", ends_on=date(2026, 11, 27)), (date(2026, 11, 1), date(2026, 11, 27))),
        (cycle(""), (date(2026, 1, 31), None)),
    ],
)
def test_a_day_lies_in_one_period(one: Cycle, bounds: tuple[date, date | None]) -> None:
    assert one.bounds(TODAY) == bounds


@given(st.sampled_from(["month", "billing_month", "term"]), days, days, st.integers(1, 36), days)
def test_periods_follow_each_other(period: Per, starts_on: date, renews_on: date, months: int, day: date) -> None:
    one = Cycle(period, starts_on, renews_on, months, None)
    day = max(day, starts_on)
    start, end = one.bounds(day)
    assert end is not None
    assert start <= day < end
    assert one.bounds(end)[0] == end
    assert one.bounds(end - timedelta(days=1)) == (start, end)


def test_the_periods_of_a_year_begin_on_these_days() -> None:
    year = list(cycle("billing_month").starts(TODAY, date(2027, 3, 31)))
    assert year == [date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]
    assert list(cycle().starts(TODAY, date(2030, 1, 1))) == []


@pytest.mark.django_db
def test_lines_with_a_limit_are_those_that_run() -> None:
    account, other = an_account(), an_account("other")
    lines = [
        a_line("plan", quantity=30),
        a_line("free", quantity=None),
        a_line("api", kind="metered", name="API", limit=1_000, meter="api_called", counting="count", period="term"),
        a_line("open", kind="metered"),
        a_line("fee", kind="one_off", limit=5),
        a_line("over", kind="metered", limit=5, ends_on=TODAY),
        a_line("new", kind="metered", limit=5, starts_on=TODAY + timedelta(days=1)),
        a_line("storage", kind="metered", limit=9, starts_on=date(2026, 5, 1), ends_on=date(2026, 12, 1)),
    ]
    a_contract(lines=lines, renews_on=date(2027, 4, 1), renewal_months=12)
    a_contract("other", ends_on=TODAY, lines=[a_line("plan", quantity=3)])
    found = queries.limits_on(TODAY)
    assert [(row.name, row.limit, row.counting, row.is_linked) for row in found] == [
        ("スタンダード", 30, "people", True),
        ("API", 1_000, "count", True),
        ("スタンダード", 9, "sum", False),
    ]
    assert {row.account_id for row in found} == {account}
    assert found[1].cycle.bounds(TODAY) == (date(2026, 4, 1), date(2027, 4, 1))
    assert found[2].cycle == Cycle("month", date(2026, 5, 1), date(2027, 4, 1), 12, date(2026, 12, 1))
    assert queries.limits_on(TODAY, [other]) == []
    assert queries.changed_at() == A_MOMENT


@pytest.mark.django_db
def test_a_line_is_linked_with_what_counts_and_the_others_stay() -> None:
    account = an_account()
    a_contract(lines=[a_line(), a_line("api", kind="metered", limit=10)])
    visible = accounts.visible_to(an_admin())
    (row,) = queries.limits_on(TODAY)
    said: dict[str, Any] = {
        "line_id": row.line_id,
        "meter": "api_called",
        "period": "term",
        "now": A_MOMENT,
        "by": AN_ACTOR,
    }
    done = actions.link_line(**said, counting="count", calendar=WEEKDAYS, visible=visible)
    assert not done.refused
    (linked,) = queries.limits_on(TODAY)
    assert (linked.meter, linked.counting, linked.cycle.period) == ("api_called", "count", "term")
    assert len(queries.contracts_of([account], TODAY)[0].lines) == 2
    assert journal.timeline([account], limit=1)[0].verb == "contract.changed"
    wrong = actions.link_line(**said, counting="guess", calendar=WEEKDAYS, visible=visible)
    assert [fault.field for fault in wrong.refused] == ["lines[0].counting"]
    with pytest.raises(actions.UnknownLine):
        actions.link_line(**said, counting="count", calendar=WEEKDAYS, visible=visible.none())
