"""Lists of accounts sort by revenue and renewal; health reads every past day."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.accounts import queries as accounts
from banso.accounts.testing import an_account
from banso.contracts import actions, queries
from banso.contracts.rules.positions import Running, Span, position_on, positions
from banso.contracts.testing import A_MOMENT, WEEKDAYS, a_contract, a_line
from banso.people.testing import AN_ACTOR, an_admin

TODAY = date(2026, 11, 24)
DAY = date(2026, 1, 1)
_days = st.integers(0, 60).map(lambda day: DAY + timedelta(days=day))


@st.composite
def contracts(draw: st.DrawFn) -> Running:
    starts_on = draw(_days)
    renewal = draw(st.none() | _days.filter(lambda day: day >= starts_on))
    return Running(
        starts_on=starts_on,
        ends_on=draw(st.none() | _days.filter(lambda day: day >= starts_on)),
        renewals=(renewal,) if renewal else (),
        notice_by_on=draw(st.none() | _days.filter(lambda day: day <= renewal)) if renewal else None,
        cancelled_on=draw(st.none() | _days),
        spans=tuple(
            Span(draw(_days), draw(st.none() | _days), draw(st.integers(0, 100)), draw(st.none() | st.integers(0, 9)))
            for _place in range(draw(st.integers(0, 2)))
        ),
    )


@given(st.lists(contracts(), max_size=4), _days)
def test_the_kept_position_is_the_one_of_the_day(some: list[Running], on: date) -> None:
    kept = [one for one in positions(some) if one.from_on <= on]
    found = position_on(some, on)
    if not kept:
        assert not found.is_active
        return
    assert vars(kept[-1]) | {"from_on": on} == vars(found)


def columns_of(today: date) -> list[tuple[Any, ...]]:
    rows = (
        accounts.visible_to(an_admin())
        .annotate(
            mrr=queries.mrr_column(today),
            seats=queries.seats_column(today),
            renews=queries.renews_on_column(today),
            notice=queries.notice_by_column(today),
        )
        .order_by("-mrr", "pk")
    )
    return list(rows.values_list("external_id", "mrr", "seats", "renews", "notice"))


@pytest.mark.django_db
def test_columns_are_of_the_contracts_that_run_on_the_day() -> None:
    an_account()
    an_account("beta", name="ベータ")
    a_contract(renews_on=date(2027, 4, 1), notice_count=30, lines=[a_line(), a_line("s", kind="seats", quantity=5)])
    a_contract(external_id="old", starts_on=date(2025, 4, 1), ends_on=date(2026, 4, 1))
    a_contract(external_id="trial", is_trial=True, renews_on=date(2026, 12, 24))
    assert columns_of(TODAY) == [
        ("acme", 20_000, 5, date(2026, 12, 24), date(2026, 12, 24)),
        ("beta", 0, None, None, None),
    ]
    assert queries.mrr_by_account(date(2026, 3, 31)) == {accounts.by_external_ids(["acme"])["acme"]: 10_000}


@pytest.mark.django_db
def test_a_cancelled_contract_pays_until_its_term_ends_and_renews_no_more() -> None:
    account = an_account()
    contract = a_contract(renews_on=date(2027, 4, 1), notice_count=30)
    actions.cancel_contract(contract_id=contract, on=TODAY, by=AN_ACTOR, now=A_MOMENT)
    assert columns_of(TODAY) == [("acme", 10_000, None, None, None)]
    assert queries.mrr_by_account(date(2027, 3, 31)) == {account: 10_000}
    assert queries.mrr_by_account(date(2027, 4, 1)) == {}
    (moved,) = queries.revenue_movements(since=TODAY, until=date(2028, 1, 1), customer_of={})[1]
    assert (moved.kind, moved.on) == ("churn", date(2027, 4, 1))


@pytest.mark.django_db
def test_health_reads_what_was_known_on_each_monday() -> None:
    account = an_account()
    a_contract(
        starts_on=date(2024, 10, 1), renews_on=date(2026, 10, 1), renewal_months=12, ends_on=date(2026, 10, 1),
        lines=[a_line(kind="seats", quantity=7)],
    )  # fmt: skip
    mondays = [date(2024, 9, 30), date(2024, 10, 7), date(2025, 9, 29), date(2026, 9, 28), date(2026, 10, 5)]
    facts = queries.weekly_facts(mondays)
    assert facts.rows() == [
        (account, date(2024, 10, 7), 7.0, 10_000.0, True, 359, 6),
        (account, date(2025, 9, 29), 7.0, 10_000.0, True, 2, 363),
        (account, date(2026, 9, 28), 7.0, 10_000.0, True, 3, 727),
        (account, date(2026, 10, 5), None, 0.0, False, None, 734),
    ]
    assert dict(facts.schema) == queries.WEEKLY


@pytest.mark.django_db
def test_without_contracts_or_days_there_are_no_facts() -> None:
    assert queries.weekly_facts([TODAY]).height == 0
    an_account()
    a_contract()
    assert queries.weekly_facts([]).height == 0


@pytest.mark.django_db
def test_departments_count_as_one_customer_where_asked() -> None:
    parent = an_account()
    child = an_account("acme-1", name="アクメ 営業部", parent_external_id="acme")
    a_contract()
    a_contract("acme-1", starts_on=date(2026, 6, 1), ends_on=date(2026, 9, 1))
    moved, found = queries.revenue_movements(since=date(2026, 5, 1), until=TODAY, customer_of={child: parent})
    assert [(one.kind, one.customer, one.amount_minor) for one in found] == [
        ("expansion", parent, 10_000),
        ("contraction", parent, -10_000),
    ]
    assert (moved.start, moved.end) == (10_000, 10_000)
    assert queries.mrr_by_customer(date(2026, 7, 1), {child: parent}) == {parent: 20_000}
    assert queries.mrr_over_time([parent, child], since=date(2026, 5, 1), until=TODAY) == [
        (date(2026, 5, 1), 10_000),
        (date(2026, 6, 1), 20_000),
        (date(2026, 9, 1), 10_000),
    ]


@pytest.mark.django_db
def test_contracts_of_an_account_say_state_and_countdown() -> None:
    account = an_account()
    a_contract(
        renews_on=date(2026, 12, 24), notice_count=10,
        lines=[a_line(), a_line("api", kind="metered", limit=1_000, meter="api_called")],
    )  # fmt: skip
    a_contract(external_id="next", starts_on=date(2026, 12, 24))
    a_contract(external_id="past", starts_on=date(2025, 4, 1), ends_on=date(2026, 4, 1), renews_on=date(2026, 4, 1))
    rows = queries.contracts_of([account], TODAY)
    assert [(row.external_id, row.state) for row in rows] == [
        ("acme-k1", "running"),
        ("next", "upcoming"),
        ("past", "ended"),
    ]
    assert (rows[0].days_to_renewal, rows[0].days_to_notice) == (30, 20)
    assert rows[2].days_to_renewal is rows[2].days_to_notice is None
    assert [line.limit for line in rows[0].lines] == [None, 1_000]
    assert queries.accounts_by_contract(["past", "nothing"]) == {"past": account}


@pytest.mark.django_db
def test_a_contract_is_seen_only_with_its_account() -> None:
    an_account()
    contract = a_contract()
    visible = accounts.visible_to(an_admin())
    assert queries.contract(contract, TODAY, visible=visible) is not None
    assert queries.contract(contract, TODAY, visible=visible.none()) is None
    assert list(queries.by_external_ids(["acme-k1"], TODAY, visible=visible)) == ["acme-k1"]
    result = actions.save_contracts(
        [actions.ContractInput("acme-k1", name="x")],
        by=AN_ACTOR, now=A_MOMENT, calendar=WEEKDAYS, visible=visible.none(),
    )  # fmt: skip
    assert [fault.code for fault in result.refused] == ["taken"]
