"""The job holds what was used against limits, keeps what it foresees, and tells what has become news, once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banso.accounts import actions as accounts
from banso.accounts.testing import a_person, an_account
from banso.contracts.testing import a_contract, a_line
from banso.growth import queries
from banso.growth.models import Crossing, Forecast, Standing
from banso.growth.testing import A_MOMENT, A_TODAY, EVENT, an_account_with_limit, measured, metered
from banso.journal import queries as journal
from banso.people.testing import AN_ACTOR
from banso.usage.testing import events, recorded, used

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def standing(account: int) -> Standing:
    return Standing.objects.get(account_id=account)


def verbs(account: int) -> list[str]:
    return [row.verb for row in journal.timeline([account]) if row.verb.startswith("limit.")]


def test_mails_of_the_month_are_held_against_the_contract() -> None:
    account = an_account_with_limit(limit=260, daily=10)
    done = measured()
    found = standing(account)
    assert (done.quantities, done.over, done.crossed, done.told) == (1, 0, 0, 1)
    assert (found.used, found.limit, found.share) == (230, 260, 230 / 260)
    assert (found.state, found.starts_on, found.ends_on) == ("expected", date(2026, 11, 1), date(2026, 12, 1))
    assert found.crosses_on == found.low_on == found.high_on == date(2026, 11, 27)
    assert found.counted_since_on is None


def test_a_limit_that_is_passed_is_told_once_in_its_period() -> None:
    account = an_account_with_limit(limit=200, daily=10)
    assert measured().crossed == 1
    assert measured(A_TODAY + DAY, now=A_MOMENT + DAY).crossed == 0
    assert verbs(account) == ["limit.crossed"]
    crossing = Crossing.objects.get()
    assert (crossing.starts_on, crossing.crossed_on) == (date(2026, 11, 1), date(2026, 11, 21))
    entry = journal.timeline([account])[0]
    assert (entry.subject_label, entry.details["crossed_on"], entry.details["used"]) == (
        "メール配信",
        "2026-11-21",
        230,
    )
    metered("acme", 10, days=35, until=date(2026, 12, 28))
    assert measured(date(2026, 12, 28), now=A_MOMENT + 34 * DAY).crossed == 1
    assert [row.starts_on.month for row in Crossing.objects.order_by("starts_on", "pk")] == [11, 12]


def test_a_crossing_that_comes_near_is_told_once() -> None:
    account = an_account_with_limit(limit=301, daily=10)
    # 30 days of ten are not enough in November; December has 31.
    assert standing_state(account, date(2026, 11, 24)) == ("expected", 0)
    assert verbs(account) == []
    metered("acme", 10, days=8, until=date(2026, 12, 2))
    assert standing_state(account, date(2026, 12, 2)) == ("expected", 1)
    assert standing_state(account, date(2026, 12, 2)) == ("expected", 0)
    assert verbs(account) == ["limit.expected"]


def standing_state(account: int, on: date) -> tuple[str, int]:
    done = measured(on, now=A_MOMENT + (on - A_TODAY))
    return standing(account).state, done.told


def test_what_nothing_counts_for_says_so() -> None:
    account = an_account_with_limit(meter="")
    measured()
    found = standing(account)
    assert (found.state, found.share) == ("unlinked", None)
    assert not Forecast.objects.exists()


def test_a_new_customer_has_too_little_history() -> None:
    account = an_account_with_limit()
    metered("acme", 10, days=20)
    measured()
    found = standing(account)
    assert (found.state, found.history_days, found.used) == ("too_little", 20, 200)
    assert found.counted_since_on == date(2026, 11, 4)


def test_lines_that_are_counted_alike_hold_one_quantity_together() -> None:
    account = an_account()
    lines = [
        a_line("base", kind="metered", name="メール", limit=200, meter=EVENT),
        a_line("more", kind="metered", name="追加", limit=60, meter=EVENT),
        a_line("times", kind="metered", name="回数", limit=60, meter=EVENT, counting="count"),
    ]
    a_contract(lines=lines, starts_on=date(2026, 1, 1))
    metered("acme", 10)
    measured()
    rows = Standing.objects.filter(account_id=account).order_by("limit", "pk").select_related("line")
    assert [(row.line.name, row.limit, row.used) for row in rows] == [("回数", 60, 23), ("メール", 260, 230)]


def test_use_of_a_department_counts_for_the_company_that_has_the_limit() -> None:
    company = an_account_with_limit(limit=1000, daily=10)
    an_account("dept", parent_external_id="acme", kind="department")
    own = an_account("own", parent_external_id="acme", kind="department")
    a_contract("own", lines=[a_line("mails", kind="metered", limit=500, meter=EVENT)])
    metered("dept", 5)
    metered("own", 3)
    measured()
    assert standing(company).used == 23 * 15
    assert standing(own).used == 23 * 3
    line = standing(company).line_id
    drawn = queries.charts_of(company, [line], today=A_TODAY)[line]["series"][0]["values"]
    assert max(value for value in drawn if value is not None) == 23 * 15


def test_a_term_adds_up_over_its_whole_length() -> None:
    account = an_account()
    line = a_line("mails", kind="metered", limit=10_000, meter=EVENT, period="term")
    a_contract(starts_on=date(2025, 4, 1), renews_on=date(2027, 4, 1), renewal_months=24, lines=[line])
    metered("acme", 2, days=500)
    measured()
    found = standing(account)
    assert (found.starts_on, found.ends_on, found.used) == (date(2025, 4, 1), date(2027, 4, 1), 1000)
    assert found.counted_since_on == A_TODAY - timedelta(days=500)
    assert found.history_days == 500


def test_seats_are_held_against_people_who_are_active() -> None:
    account = an_account()
    a_contract(lines=[a_line("plan", quantity=2)], starts_on=date(2026, 1, 1))
    days = [(A_TODAY - timedelta(days=ago)).isoformat() for ago in range(1, 100, 3)]
    used("acme", days, people=("hanako", "jiro", "taro"))
    measured()
    found = standing(account)
    assert (found.used, found.limit, found.state) == (3, 2, "over")
    # The first Monday that saw them.
    assert found.crosses_on == date(2026, 8, 24)
    assert Crossing.objects.get().starts_on == found.crosses_on
    assert measured(A_TODAY + DAY, now=A_MOMENT + DAY).crossed == 0


def test_seats_can_be_held_against_the_list_of_people() -> None:
    account = an_account()
    a_contract(lines=[a_line("plan", quantity=2, counting="assigned")], starts_on=date(2026, 1, 1))
    used("acme", ["2026-08-03"])
    for name in ("hanako", "jiro", "taro"):
        # Early in the morning in Tokyo, when it is still yesterday in Greenwich.
        a_person(external_id=name, name=name, now=A_MOMENT - 70 * DAY - timedelta(hours=5))
    a_person(external_id="goro", name="goro", now=A_MOMENT - 60 * DAY, left_on=A_TODAY - 20 * DAY)
    measured()
    found = standing(account)
    assert (found.used, found.state) == (3, "over")
    assert found.crosses_on == A_TODAY - 70 * DAY
    accounts.save_people(
        [accounts.PersonInput("acme", "taro", name="taro", left_on=A_TODAY - DAY)], by=AN_ACTOR, now=A_MOMENT
    )
    measured(is_refresh=True)
    assert (standing(account).used, standing(account).state) == (2, "expected")


def test_the_latest_value_stands_until_the_next() -> None:
    account = an_account()
    a_contract(
        lines=[a_line("gb", kind="metered", limit=100, meter="stored", counting="last")], starts_on=date(2026, 1, 1)
    )
    rows: list[Any] = [
        ("2026-08-03T03:00:00", "acme", None, "stored", 40.0),
        ("2026-11-10T01:00:00", "acme", None, "stored", 90.0),
        ("2026-11-10T05:00:00", "acme", None, "stored", 70.0),
    ]
    recorded(events(*rows))
    measured()
    found = standing(account)
    assert (found.used, found.history_days) == (70, 113)


def test_a_line_that_ended_is_held_against_nothing() -> None:
    an_account_with_limit(limit=260, daily=10, ends_on=date(2026, 11, 26))
    assert measured().quantities == 1
    assert measured(date(2026, 11, 26), now=A_MOMENT + 2 * DAY).quantities == 0
    assert not Standing.objects.exists()


def test_within_the_day_use_is_counted_anew_and_the_forecast_stays() -> None:
    account = an_account_with_limit(limit=300, daily=10)
    measured()
    before = standing(account)
    recorded(events(("2026-11-24T03:00:00", "acme", None, EVENT, 40.0)))
    measured(is_refresh=True)
    after = standing(account)
    assert (before.used, after.used) == (230, 270)
    assert (after.crosses_on, after.low_on, after.probability) == (before.crosses_on, before.low_on, before.probability)
    recorded(events(("2026-11-24T04:00:00", "acme", None, EVENT, 40.0)))
    assert measured(is_refresh=True).crossed == 1
    assert standing(account).crosses_on == A_TODAY


def test_a_forecast_is_kept_once_a_week_and_judged_when_its_interval_has_closed() -> None:
    an_account_with_limit(limit=260, daily=10)
    measured()
    measured(A_TODAY + DAY, now=A_MOMENT + DAY)
    forecast = Forecast.objects.get()
    assert (forecast.week_on, forecast.made_on, forecast.settles_on, forecast.outcome) == (
        date(2026, 11, 23),
        A_TODAY,
        date(2026, 11, 27),
        "",
    )
    metered("acme", 10, days=5, until=date(2026, 11, 29))
    measured(date(2026, 11, 29), now=A_MOMENT + 5 * DAY)
    forecast.refresh_from_db()
    assert forecast.outcome == "hit"


def test_a_forecast_of_another_limit_is_void() -> None:
    account = an_account_with_limit(limit=260, daily=10)
    measured()
    a_contract("acme", "acme-k1", lines=[a_line(), a_line("mails", kind="metered", limit=900, meter=EVENT)])
    measured(date(2026, 11, 29), now=A_MOMENT + 5 * DAY)
    assert Forecast.objects.order_by("pk")[0].outcome == "void"
    assert standing(account).limit == 900


def test_many_accounts_need_as_many_queries_as_few() -> None:
    counts = []
    for size in (2, 12):
        for number in range(size):
            an_account_with_limit(f"a{size}-{number}", limit=260)
            metered(f"a{size}-{number}", 10, days=70)
        measured()
        with CaptureQueriesContext(connection) as seen:
            measured()
        counts.append(len(seen))
    assert counts[0] == counts[1]
