"""A panel of the past: who was a customer, what was known then, and what came of it."""

from datetime import UTC, date, datetime, time, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banso.accounts.testing import an_account
from banso.contracts.testing import a_contract
from banso.health import queries
from banso.health.queries.panel import panel
from banso.health.rules import TEMPLATES
from banso.health.rules.backtests import Asked, Known
from banso.health.rules.outcomes import Outcome
from banso.health.testing import a_scorecard, computed
from banso.usage.testing import events, recorded

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
CARD = TEMPLATES["usage_led"].definition
LEFT = Outcome("left")


def _asked(outcome: Outcome = LEFT, **said: object) -> Asked:
    usual = {"horizon_days": 30, "since": date(2026, 9, 7), "until": date(2026, 11, 23), "rhythm": "weekly"}
    return Asked(outcome=outcome, **{**usual, **said})  # type: ignore[arg-type]  # said by name


def _used(account: str, *days: date, received: date | None = None) -> None:
    moments = [datetime.combine(day, time(3), UTC) for day in days]
    came = [datetime.combine(received, time(3), UTC) if received else at for at in moments]
    rows = events(*((at.replace(tzinfo=None).isoformat(), account, "taro", "report.opened") for at in moments))
    recorded(rows.with_columns(pl.Series("received_at", came, dtype=pl.Datetime("us", "UTC"))))


def _every_third_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=nr) for nr in range(0, (last - first).days + 1, 3)]


def _two_customers() -> tuple[int, int]:
    """Alpha stays; beta's contract ended on 15 October and it had stopped its use in September."""
    stays, goes = an_account("alpha", name="alpha"), an_account("beta", name="beta")
    a_contract("alpha", starts_on=date(2026, 1, 1))
    a_contract("beta", starts_on=date(2026, 1, 1), ends_on=date(2026, 10, 15))
    _used("alpha", *_every_third_day(date(2026, 7, 1), date(2026, 11, 20)))
    _used("beta", *_every_third_day(date(2026, 7, 1), date(2026, 9, 10)))
    return stays, goes


@pytest.fixture
def two_customers() -> None:
    _two_customers()


def test_a_customer_is_there_while_it_pays_and_what_came_of_it_is_told_with_its_day() -> None:
    stays, goes = _two_customers()
    found = panel(CARD, _asked(), today=TODAY)
    lost = found.frame.filter(account_id=goes)
    assert lost["on"].to_list() == [date(2026, 9, 7) + timedelta(weeks=nr) for nr in range(6)]
    assert lost["happened_on"].to_list() == [None, None, *[date(2026, 10, 15)] * 4]
    kept = found.frame.filter(account_id=stays)
    assert kept["on"].max() == date(2026, 10, 19)  # 30 days later is 18 November; of the 26th nothing is known yet
    assert not kept["has_happened"].any()
    assert found.left_out == {"trying": 0, "notice": 0, "open": 5}


def test_the_score_of_a_past_day_is_what_the_history_says() -> None:
    stays, _goes = _two_customers()
    a_scorecard(CARD)
    computed(TODAY)
    history = {row.week: row.score for row in queries.history(stays)}
    rows = panel(CARD, _asked(), today=TODAY).frame.filter(account_id=stays).select("on", "tenths").rows()
    assert {on: tenths / 10 for on, tenths in rows} == {on: float(history[on] or 0) for on, _ in rows}


def test_who_had_given_notice_is_no_longer_at_risk() -> None:
    an_account("gamma")
    a_contract("gamma", starts_on=date(2026, 1, 1), ends_on=date(2026, 10, 31), cancelled_on=date(2026, 9, 20))
    _used("gamma", *_every_third_day(date(2026, 7, 1), date(2026, 9, 30)))
    found = panel(CARD, _asked(), today=TODAY)
    assert found.frame["on"].to_list() == [date(2026, 9, 7), date(2026, 9, 14)]
    assert found.left_out["notice"] == 6


def test_without_contracts_customers_are_those_who_used_it_lately_and_not_for_a_few_weeks_only() -> None:
    account_id = an_account("delta")
    _used("delta", date(2026, 8, 20), date(2026, 9, 10), date(2026, 9, 16))
    found = panel(CARD, _asked(Outcome("silent", days=30)), today=TODAY)
    rows = found.frame.select("account_id", "on", "happened_on").rows()
    # First used on 20 August: until 16 September it is trying; silent for 30 whole days as of 17 October.
    assert rows == [(account_id, date(2026, 9, 21) + timedelta(weeks=nr), date(2026, 10, 17)) for nr in range(4)]
    assert found.left_out["trying"] == 2


def test_a_renewal_that_was_due_within_the_horizon_is_kept_or_not() -> None:
    for name, ends_on in (("keeps", None), ("goes", date(2026, 10, 1))):
        an_account(name, name=name)
        a_contract(
            name,
            starts_on=date(2025, 10, 1),
            renews_on=date(2026, 10, 1),
            renewal_months=12,
            is_auto_renewing=True,
            ends_on=ends_on,
        )
    frame = panel(CARD, _asked(Outcome("renewed")), today=TODAY).frame
    assert set(frame["ends_on"]) == {date(2026, 10, 1)}
    assert dict(frame.group_by("account").agg(pl.col("has_happened").all()).rows()) == {"keeps": False, "goes": True}
    assert frame["on"].min() == date(2026, 9, 7)


def test_revenue_that_grew_is_an_expansion_of_who_paid_already() -> None:
    an_account("grows")
    a_contract("grows", "k1", starts_on=date(2026, 1, 1))
    a_contract("grows", "k2", starts_on=date(2026, 10, 1))
    frame = panel(CARD, _asked(Outcome("expanded", percent=50)), today=TODAY).frame
    assert frame.filter("has_happened")["on"].to_list() == [date(2026, 9, 7) + timedelta(weeks=nr) for nr in range(4)]
    assert set(frame.filter("has_happened")["happened_on"]) == {date(2026, 10, 1)}


def _known_until(cut: date, known: Known) -> pl.DataFrame:
    return panel(CARD, _asked(Outcome("silent", days=30), until=cut, known=known), today=TODAY).frame


@pytest.mark.usefixtures("two_customers")
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(late=st.lists(st.tuples(st.integers(0, 140), st.integers(0, 60)), min_size=1, max_size=5))
def test_what_comes_in_later_never_changes_an_earlier_score(late: list[tuple[int, int]]) -> None:
    """Property: a score by what was known then stands, whatever comes in from its day on."""
    cut = date(2026, 9, 28)
    before = _known_until(cut, "received")
    for days_ago, wait in late:
        _used("alpha", cut - timedelta(days=days_ago), received=cut + timedelta(days=wait))
    after = _known_until(cut, "received")
    assert set(before["account"]) == {"alpha", "beta"}
    assert before.select("account", "on", "tenths").rows() == after.select("account", "on", "tenths").rows()


@pytest.mark.usefixtures("two_customers")
def test_by_when_things_happened_the_same_late_news_do_change_it() -> None:
    cut = date(2026, 9, 28)
    before = _known_until(cut, "event")
    _used("beta", cut - timedelta(days=2), received=cut + timedelta(days=2))
    after = _known_until(cut, "event")
    last = [frame.filter(account="beta", on=cut)["tenths"].item() for frame in (before, after)]
    assert last[0] < last[1]
