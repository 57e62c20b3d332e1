"""Every account is scored for today and for every week, exactly as its explanation says."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from banso.accounts.testing import an_account
from banso.health import actions, queries
from banso.health.queries.keeping import WEEKS, path_of
from banso.health.rules import TEMPLATES, Cuts
from banso.health.testing import (
    A_MOMENT,
    A_TODAY,
    a_fading_account,
    a_scorecard,
    a_steady_account,
    computed,
)
from banso.journal import queries as journal
from banso.people.testing import AN_ACTOR
from banso.usage.testing import used

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


def test_without_usage_there_is_nothing_to_compute() -> None:
    an_account()
    assert actions.recompute(on=A_TODAY, by=AN_ACTOR, now=A_MOMENT) is None
    assert queries.current_scorecard() is None


def test_the_first_computation_puts_the_fitting_template_in_force() -> None:
    a_steady_account()
    computed()
    card = queries.current_scorecard()
    assert card is not None
    assert (card.version, card.name, card.published_by) == (1, "利用重視", "Banso")


def test_accounts_stand_where_their_use_puts_them() -> None:
    a_scorecard()
    steady, fading = a_steady_account(), a_fading_account()
    silent = an_account("silent")
    done = computed()
    assert (done.accounts, done.known, done.changed) == (3, 2, 0)
    rows = queries.standings([steady, fading, silent])
    assert rows[steady].condition == "good"
    assert rows[steady].last_used_on == A_TODAY - timedelta(days=1)
    assert (rows[fading].score or 0) < (rows[steady].score or 0)
    assert (rows[fading].change or 0) < -5
    assert rows[silent].score is None
    assert (rows[silent].condition, rows[silent].level, rows[silent].weeks) == ("unknown", None, [None])


def test_what_is_shown_adds_up() -> None:
    a_scorecard()
    fading = a_fading_account()
    computed()
    row = queries.standings([fading])[fading]
    assert row.score is not None
    assert row.score_week_ago is not None
    assert row.change == row.score - row.score_week_ago
    assert Decimal(sum(part.tenths for part in row.parts)) / 10 == row.score
    assert Decimal(sum(move.tenths for move in row.moves)) / 10 == row.change
    assert row.weeks[-1] == float(row.score)
    told = queries.explanation(fading)
    assert told is not None
    assert (told.on, told.against_on) == (A_TODAY, A_TODAY - timedelta(days=7))
    assert [part.tenths for part in told.parts] == [part.tenths for part in row.parts]
    assert [move.tenths for move in told.moves] == [move.tenths for move in row.moves]
    assert told.reason == row.reason
    assert told.score == row.score * 10


def test_any_two_weeks_can_be_compared() -> None:
    a_scorecard()
    fading = a_fading_account()
    computed()
    told = queries.explanation(fading, MONDAY, MONDAY - timedelta(weeks=5))
    weeks = {row.week: row.score for row in queries.history(fading)}
    assert told is not None
    assert told.change == sum(move.tenths for move in told.moves)
    assert told.score == sum(part.tenths for part in told.parts) == (weeks[MONDAY] or 0) * 10
    assert told.score_before == (weeks[MONDAY - timedelta(weeks=5)] or 0) * 10
    assert queries.explanation(fading, date(2020, 1, 6)) is None


def test_the_history_reaches_back_to_the_first_use() -> None:
    a_scorecard()
    steady = a_steady_account()
    computed()
    rows = queries.history("steady")
    assert rows == queries.history(steady)
    assert len(rows) == 16
    assert rows[-1].week == MONDAY
    assert rows[-1].level == 4
    assert queries.history("nobody") == []


def test_a_past_week_does_not_change_when_later_events_come() -> None:
    a_scorecard()
    a_steady_account()
    computed()
    before = queries.history("steady")
    used("steady", [A_TODAY.isoformat()], people=("jiro",), name="late")
    computed(A_TODAY + timedelta(days=7))
    assert queries.history("steady")[: len(before)] == before


def test_only_a_change_of_condition_since_the_last_computation_is_news() -> None:
    a_scorecard()
    fading = a_fading_account()
    earlier = A_TODAY - timedelta(days=9)
    assert computed(earlier).changed == 0
    assert computed(earlier).changed == 0
    later = A_TODAY + timedelta(days=20)
    assert computed(later).changed == 1
    news = [row for row in journal.timeline([fading]) if row.verb == "health.changed"]
    assert [(row.details["from"], row.details["to"]) for row in news] == [("good", "poor")]
    assert computed(later).changed == 0


def test_a_new_version_is_no_news_of_accounts() -> None:
    a_scorecard()
    steady = a_steady_account()
    computed()
    strict = replace(TEMPLATES["usage_led"].definition, cuts=Cuts(98, 99))
    a_scorecard(strict)
    assert computed().changed == 0
    assert queries.standings([steady])[steady].condition != "good"


def test_the_condition_is_dated_from_the_week_in_which_it_began() -> None:
    a_scorecard()
    steady, fading = a_steady_account(), a_fading_account()
    on = A_TODAY + timedelta(days=14)
    computed(on)
    rows = queries.standings([steady, fading])
    weeks = queries.history(fading)
    run = [row.week for row in weeks if row.condition == rows[fading].condition]
    assert rows[fading].condition_since_on == run[0]


def test_who_left_has_no_score_but_a_history() -> None:
    a_scorecard()
    gone = a_steady_account(left_on=A_TODAY - timedelta(days=14))
    computed()
    row = queries.standings([gone])[gone]
    assert (row.score, row.condition, row.left_on) == (None, "unknown", A_TODAY - timedelta(days=14))
    weeks = [week.week for week in queries.history(gone)]
    assert max(weeks) < A_TODAY - timedelta(days=14)
    assert row.weeks
    assert queries.explanation(gone) is None


def test_today_alone_can_be_made_anew_and_says_the_same() -> None:
    a_scorecard()
    accounts = [a_steady_account(), a_fading_account()]
    computed()
    before, written = queries.standings(accounts), path_of(WEEKS).stat().st_mtime_ns
    computed(with_history=False)
    assert queries.standings(accounts) == before
    assert path_of(WEEKS).stat().st_mtime_ns == written


def test_a_new_account_is_dated_from_today_where_no_weeks_are_kept() -> None:
    a_scorecard()
    steady = a_steady_account()
    path_of(WEEKS).unlink(missing_ok=True)
    computed(with_history=False)
    assert queries.standings([steady])[steady].condition_since_on == A_TODAY


def test_progress_is_told_up_to_the_whole() -> None:
    a_steady_account()
    told: list[float] = []
    actions.recompute(on=A_TODAY, by=AN_ACTOR, now=A_MOMENT, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_computing_takes_the_same_number_of_queries_for_more_accounts(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    a_scorecard()
    for number in range(3):
        a_steady_account(f"steady-{number}")
    computed()
    for number in range(40):
        an_account(f"more-{number}")
    with django_assert_max_num_queries(24):
        computed()


def test_an_unfinished_file_never_takes_the_place_of_a_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    a_scorecard()
    a_steady_account()
    computed()
    whole = path_of(WEEKS).read_bytes()

    def broken(*_args: object, **_kwargs: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("polars.DataFrame.write_parquet", broken)
    with pytest.raises(OSError, match="full"):
        computed()
    assert path_of(WEEKS).read_bytes() == whole
    assert {path.name for path in path_of(WEEKS).parent.iterdir()} == {"weeks.parquet", "today.parquet"}


def test_times_are_kept() -> None:
    a_scorecard()
    steady = a_steady_account()
    later = datetime(2026, 11, 24, 5, 0, tzinfo=A_MOMENT.tzinfo)
    computed(now=later)
    assert queries.standings([steady])[steady].computed_at == later
