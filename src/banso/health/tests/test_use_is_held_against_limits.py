"""Use is held against the limits of contracts as of any day: each value equals what a naive count says."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banso.accounts.testing import a_person, an_account
from banso.contracts.testing import a_contract, a_line
from banso.health.queries.gathering import book, contract_facts, counted_by_week, counted_on
from banso.health.rules import Count, Words
from banso.usage.testing import events, recorded

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FIRST = date(2026, 1, 5)
MONDAYS = [FIRST + timedelta(weeks=week) for week in range(30)]


def a_count(*names: str, key: str = "mails") -> Count:
    return Count(key=key, label=Words("メール", "Mails"), kind="limit_share", source="contract", events=names)


def by_week(*counts: Count, known: Any = "event") -> dict[tuple[str, date], float | None]:
    frame = counted_by_week(counts, MONDAYS, book(), contract_facts(MONDAYS), as_known=known)
    return {(name, on): value for name, on, value in frame.select("account", "on", counts[0].key).rows()}


def a_metered(account: str, limit: int, **said: Any) -> Any:
    line = {"kind": "metered", "name": "メール", "limit": limit, "meter": "mails"} | said
    return a_line(f"{account}-{limit}-{line['meter']}", **line)


def many(account: str, rows: list[tuple[date, float]], *, name: str = "mails") -> None:
    told = [(f"{on}T03:00:00", account, None, name, value) for on, value in rows]
    recorded(events(*told))


def naive_sum(rows: list[tuple[date, float]], on: date, start: date) -> float:
    return sum(value for day, value in rows if start <= day < on)


def test_a_month_s_use_is_counted_up_to_the_day_before() -> None:
    an_account("acme")
    a_contract("acme", starts_on=date(2026, 1, 1), lines=[a_metered("acme", 200), a_metered("acme", 60)])
    rows = [(date(2026, 1, 1) + timedelta(days=day), 3.0 + day % 5) for day in range(0, 210, 2)]
    many("acme", rows)
    found = by_week(a_count("mails"))
    for monday in MONDAYS:
        last = monday - DAY
        assert found[("acme", monday)] == pytest.approx(naive_sum(rows, monday, last.replace(day=1)) / 260)
    # A first of the month tells of the whole month before it.
    assert found[("acme", date(2026, 6, 1))] == pytest.approx(naive_sum(rows, date(2026, 6, 1), date(2026, 5, 1)) / 260)


def test_the_months_of_a_bill_and_the_term_of_a_contract_are_periods_of_their_own() -> None:
    an_account("bill")
    an_account("term")
    a_contract("bill", starts_on=date(2025, 12, 20), lines=[a_metered("bill", 300, period="billing_month")])
    renewal: dict[str, Any] = {"renews_on": date(2026, 4, 10), "renewal_months": 12}
    line = a_metered("term", 50, period="term", counting="count")
    a_contract("term", starts_on=date(2025, 4, 10), lines=[line], **renewal)
    rows = [(date(2026, 1, 1) + timedelta(days=day), 4.0) for day in range(210)]
    many("bill", rows)
    many("term", rows[::3])
    found = by_week(a_count("mails"))
    for monday in MONDAYS:
        last = monday - DAY
        month = last.replace(day=20) if last.day >= 20 else (last.replace(day=1) - DAY).replace(day=20)
        term = date(2026, 4, 10) if last >= date(2026, 4, 10) else date(2025, 4, 10)
        assert found[("bill", monday)] == pytest.approx(naive_sum(rows, monday, month) / 300)
        assert found[("term", monday)] == pytest.approx(naive_sum(rows[::3], monday, term) / 4 / 50)


def test_the_fullest_of_several_quantities_tells_where_no_event_is_chosen() -> None:
    an_account("acme")
    lines = [a_metered("acme", 100), a_metered("acme", 10, meter="stored", counting="last")]
    a_contract("acme", starts_on=date(2026, 1, 1), lines=lines)
    many("acme", [(date(2026, 1, 6), 20.0)])
    many("acme", [(date(2026, 1, 3), 4.0), (date(2026, 3, 4), 9.0)], name="stored")
    one, other, both = by_week(a_count("mails")), by_week(a_count("stored")), by_week(a_count())
    assert [found[("acme", date(2026, 1, 12))] for found in (one, other, both)] == [0.2, 0.4, 0.4]
    # The last value stands until another comes.
    assert [other[("acme", monday)] for monday in MONDAYS[7:10]] == [0.4, 0.4, 0.9]
    assert one[("acme", MONDAYS[7])] == 0


def test_people_are_held_against_seats_and_lists_against_what_they_may_hold() -> None:
    an_account("acme")
    seats = a_line("seats", kind="seats", name="ライセンス", quantity=4)
    listed = a_line("listed", kind="metered", name="名簿", limit=2, counting="assigned", meter="listed")
    a_contract("acme", starts_on=date(2026, 1, 1), lines=[seats, listed])
    on = date(2026, 3, 2)
    recorded(
        events(
            (f"{on - DAY}T03:00:00", "acme", "taro", "report"),
            (f"{on - 28 * DAY}T03:00:00", "acme", "hana", "report"),
            (f"{on - 29 * DAY}T03:00:00", "acme", "jiro", "report"),
        )
    )
    # On the list since the afternoon of 2026-11-24 in Japan.
    a_person("acme", now=datetime(2026, 11, 24, 5, tzinfo=UTC))
    days = [on, date(2026, 11, 24), date(2026, 11, 25)]
    found = counted_on([a_count(), a_count("listed", key="listed")], days, book(), contract_facts(days))
    assert found.select("mails", "listed").rows() == [(0.5, 0.0), (0.0, 0.0), (0.5, 0.5)]


def test_without_a_limit_that_runs_nothing_is_known() -> None:
    for name in ("free", "ended", "none", "zero"):
        an_account(name)
    a_contract("free", starts_on=date(2026, 1, 1), lines=[a_line(), a_line("m", kind="metered", meter="mails")])
    a_contract("ended", starts_on=date(2026, 1, 1), lines=[a_metered("ended", 10, ends_on=date(2026, 2, 2))])
    a_contract("zero", starts_on=date(2026, 1, 1), lines=[a_metered("zero", 0)])
    for name in ("free", "ended", "none", "zero"):
        many(name, [(date(2026, 1, 2) + timedelta(weeks=week), 1.0) for week in range(20)])
    found = by_week(a_count("mails"))
    assert {found.get((name, monday)) for name in ("free", "none", "zero") for monday in MONDAYS} == {None}
    assert [found.get(("ended", monday)) for monday in MONDAYS[3:6]] == [0.4, 0.0, None]


def test_use_of_a_department_counts_for_the_nearest_limit_above_it() -> None:
    an_account("acme")
    an_account("dept", parent_external_id="acme", kind="department")
    a_contract("acme", starts_on=date(2026, 1, 1), lines=[a_metered("acme", 100)])
    a_contract("dept", starts_on=date(2026, 2, 1), lines=[a_metered("dept", 10)])
    many("acme", [(date(2026, 1, 6), 10.0), (date(2026, 2, 5), 10.0)])
    many("dept", [(date(2026, 1, 7), 5.0), (date(2026, 2, 4), 5.0)])
    found = by_week(a_count("mails"))
    assert [found[("acme", on)] for on in (date(2026, 1, 12), date(2026, 2, 9))] == [0.15, 0.1]
    assert [found.get(("dept", on)) for on in (date(2026, 1, 12), date(2026, 2, 9))] == [None, 0.5]


def test_what_came_late_was_not_known() -> None:
    an_account("acme")
    a_contract("acme", starts_on=date(2026, 1, 1), lines=[a_metered("acme", 100)])
    many_late = [(date(2026, 1, 6), 0, 10.0), (date(2026, 1, 7), 6, 20.0), (date(2026, 1, 8), 40, 30.0)]
    for on, late, value in many_late:
        came = datetime(on.year, on.month, on.day, 4, tzinfo=UTC) + timedelta(days=late)
        recorded(events((f"{on}T03:00:00", "acme", None, "mails", value)), now=came)
    happened, seen = by_week(a_count("mails")), by_week(a_count("mails"), known="received")
    wanted = [date(2026, 1, 12), date(2026, 1, 19), date(2026, 2, 2)]
    assert [happened[("acme", on)] for on in wanted] == [0.6, 0.6, 0]
    assert [seen[("acme", on)] for on in wanted] == [0.1, 0.3, 0]


def test_any_day_is_counted_as_its_monday_is() -> None:
    an_account("acme")
    a_contract("acme", starts_on=date(2026, 1, 1), lines=[a_metered("acme", 100)])
    many("acme", [(date(2026, 1, 1) + timedelta(days=day), 1.0) for day in range(90)])
    days = [date(2026, 2, 25), date(2026, 3, 2)]
    found = counted_on([a_count("mails")], days, book(), contract_facts(days))
    assert found["mails"].to_list() == [0.24, 0.01]
    assert by_week(a_count("mails"))[("acme", date(2026, 3, 2))] == 0.01


def test_before_anything_was_counted_nothing_is_known() -> None:
    an_account("acme")
    a_contract("acme", starts_on=date(2026, 1, 1), lines=[a_metered("acme", 100)])
    days = [date(2026, 2, 25)]
    assert counted_on([a_count("mails")], days, book(), contract_facts(days))["mails"].to_list() == [None]


def _a_company(name: str) -> None:
    an_account(name)
    seats = a_line("seats", kind="seats", name="ライセンス", quantity=4)
    lines = [a_metered(name, 50), seats, a_metered(name, 9, meter="stored", counting="last")]
    lines.append(a_line("listed", kind="metered", name="名簿", limit=2, counting="assigned", meter="listed"))
    a_contract(name, starts_on=date(2026, 1, 1), lines=lines)
    many(name, [(date(2026, 1, 2), 5.0), (date(2026, 3, 2), 5.0)])


def test_more_accounts_need_no_more_queries() -> None:
    asked = []
    for name in ("a1", "a2", "a3", "a4"):
        _a_company(name)
        known = book()
        facts = contract_facts(MONDAYS)
        with CaptureQueriesContext(connection) as seen:
            counted_by_week([a_count()], MONDAYS, known, facts)
        asked.append(len(seen))
    assert asked[0] == asked[-1]
