"""What staff think is measured like anything else: as of any day, and as it was known then."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banso.accounts.testing import an_account
from banso.contracts.testing import a_contract
from banso.health import actions, queries
from banso.health.queries.gathering import book, contract_facts, counted_by_week, counted_on
from banso.health.rules import Count, Definition, Group, Measure, Words, WrongDefinition, read, written
from banso.health.testing import A_TODAY, a_scorecard, computed
from banso.people.access import actor_of
from banso.people.testing import AN_ACTOR, a_csm
from banso.usage.testing import used

pytestmark = pytest.mark.django_db
PULSE = Count(key="pulse", label=Words("評価", "Pulse"), kind="pulse", source="pulse", window_days=60)
AGE = Count(key="age", label=Words("評価からの日数", "Days since"), kind="pulse_age_days", source="pulse")
MONDAYS = [date(2026, 9, 7) + timedelta(weeks=week) for week in range(12)]


def at(month: int, day: int, hour: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def given(account: int, rating: int, when: datetime) -> Any:
    return actions.record_pulse(account_id=account, rating=rating, reason="", by=AN_ACTOR, now=when)


def on(day: date, *counts: Count) -> list[tuple[float | None, ...]]:
    asked = counts or (PULSE, AGE)
    return counted_on(asked, [day], book(), contract_facts([day])).select(one.key for one in asked).rows()


def test_the_newest_pulse_counts_from_the_day_after_and_for_so_many_days() -> None:
    account = an_account()
    given(account, 4, at(9, 1))
    given(account, 2, at(10, 1, 16))  # the second of October in Japan
    assert on(date(2026, 9, 1)) == [(None, None)]
    assert on(date(2026, 9, 2)) == [(4, 1)]
    assert on(date(2026, 10, 2)) == [(4, 31)]
    assert on(date(2026, 10, 3)) == [(2, 1)]
    assert on(date(2026, 12, 1)) == [(2, 60)]
    assert on(date(2026, 12, 2)) == [(None, 61)]


def test_one_that_was_taken_back_counts_only_in_what_was_known_until_then() -> None:
    account, csm = an_account(), a_csm()
    given(account, 4, at(9, 1))
    mistaken = actions.record_pulse(account_id=account, rating=1, reason="", by=actor_of(csm), now=at(9, 10))
    actions.withdraw_pulse(pulse_id=mistaken.id, by=actor_of(csm), now=at(9, 25))
    used("acme", ["2026-09-01"])

    def weeks(known: Any) -> list[float | None]:
        return counted_by_week([PULSE], MONDAYS, book(), contract_facts(MONDAYS), as_known=known)["pulse"].to_list()

    # From 2026-09-14 on it was known, on 2026-09-28 no more.
    assert weeks("event")[:5] == [4, 4, 4, 4, 4]
    assert weeks("received")[:5] == [4, 1, 1, 4, 4]


def test_a_score_may_be_made_of_pulses_alone_for_past_weeks_too() -> None:
    account = an_account("quiet")
    used("other", ["2026-09-01"])
    given(account, 5, at(9, 9))
    measure = Measure(**{**vars(PULSE), "group": "judged", "weight": 1, "points": ((1, 0), (5, 100))})
    a_scorecard(Definition(name="Pulse", groups=(Group("judged", Words("判断", "Judged")),), measures=(measure,)))
    computed()
    history = {row.week: row.score for row in queries.history("quiet")}
    assert min(history) == date(2026, 9, 14)
    assert history[date(2026, 9, 14)] == 100
    # After 60 days nobody knows any more.
    assert queries.standings([account])[account].score is None
    assert A_TODAY - timedelta(days=60) > date(2026, 9, 9)


def test_days_as_a_customer_count_from_the_first_contract() -> None:
    an_account()
    a_contract("acme", starts_on=date(2026, 9, 1))
    tenure = replace(AGE, key="tenure", kind="tenure_days", source="contract")
    assert on(date(2026, 9, 11), tenure) == [(10,)]
    assert on(date(2026, 8, 11), tenure) == [(None,)]


def test_pulses_are_written_in_files_and_a_wrong_source_is_named() -> None:
    assert read(written([PULSE, AGE])).measures == (AGE, PULSE)
    assert "window_days: 60" in written([PULSE])
    with pytest.raises(WrongDefinition) as wrong:
        read("measures:\n  pulse:\n    label: Pulse\n    kind: pulse\n    source: mood\n")
    [fault] = wrong.value.faults
    assert (fault.line, str(fault)) == (
        5,
        "measures.pulse: Nothing is measured from mood. Choose one of: usage, contract, pulse.",
    )


def test_more_accounts_and_weeks_need_no_more_queries() -> None:
    asked = []
    for name in ("a1", "a2", "a3"):
        given(an_account(name), 3, at(9, 1))
        known, facts = book(), contract_facts(MONDAYS)
        with CaptureQueriesContext(connection) as seen:
            counted_by_week([PULSE, AGE], MONDAYS, known, facts)
        asked.append(len(seen))
    assert asked[0] == asked[-1]
