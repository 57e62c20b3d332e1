"""A scorecard is held against who really left: told in words, refused where too little happened, compared in pairs."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation

from banso.accounts.testing import an_account
from banso.contracts.testing import a_contract
from banso.health.queries.backtests import held_against
from banso.health.queries.telling import sentences
from banso.health.rules import TEMPLATES
from banso.health.rules.backtests import Asked
from banso.health.rules.outcomes import Outcome
from banso.science.backtest import Backtest, Preference, Verdict
from banso.science.basis import NotEnough
from banso.usage.testing import events, recorded

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
CARD = TEMPLATES["usage_led"].definition
ASKED = Asked(
    outcome=Outcome("left"), horizon_days=60, since=date(2026, 3, 2), until=date(2026, 9, 21), rhythm="four_weekly"
)


def a_history(leaving: int, staying: int) -> None:
    """Add customers that use the product every second day; those that leave stop eight weeks before they do."""
    rows = []
    for number in range(leaving + staying):
        name = f"c{number}"
        an_account(name, name=name)
        ends_on = date(2026, 5, 4) + timedelta(days=10 * number) if number < leaving else None
        a_contract(name, starts_on=date(2025, 1, 1), ends_on=ends_on)
        last = (ends_on or TODAY) - timedelta(days=56 if ends_on else 1)
        day = date(2025, 12, 1) + timedelta(days=number % 2)
        while day <= last:
            rows.append((f"{day.isoformat()}T03:00:00", name, "taro", "report.opened"))
            day += timedelta(days=2)
    recorded(events(*rows))


def test_a_scorecard_that_sees_silence_is_told_to_be_better_than_chance() -> None:
    a_history(leaving=17, staying=25)
    lab = held_against([CARD], ASKED, today=TODAY)
    [run] = lab.runs
    assert isinstance(run.found, Backtest)
    assert run.found.verdict is Verdict.BETTER
    assert run.found.auc.low > 0.8
    assert run.found.basis.events == 17
    assert run.happened == sum(one.lost for one in run.found.levels)
    with translation.override("en"):
        told = " ".join(sentences(lab))
    assert "Better than chance" in told
    assert "17 cases" in told


def test_too_few_departures_are_counted_and_nothing_else_is_said() -> None:
    a_history(leaving=4, staying=20)
    lab = held_against([CARD], ASKED, today=TODAY)
    [run] = lab.runs
    assert isinstance(run.found, NotEnough)
    assert run.missed == run.false_alarms == ()
    with translation.override("en"):
        [_rows, refusal] = sentences(lab)
    assert refusal == ("Too little to say anything: 11 more accounts of which it happened are needed.")


def test_two_scorecards_that_say_the_same_are_not_ranked() -> None:
    a_history(leaving=17, staying=25)
    lab = held_against([CARD, replace(CARD, name="copy")], ASKED, today=TODAY)
    [comparison] = lab.comparisons
    assert not isinstance(comparison, NotEnough)
    assert comparison.preference is Preference.NONE
    with translation.override("en"):
        assert "cannot be told apart" in list(sentences(lab))[-1]


def test_only_the_later_part_is_tested_where_asked() -> None:
    a_history(leaving=17, staying=25)
    whole = held_against([CARD], ASKED, today=TODAY).runs[0]
    half = held_against([CARD], ASKED.with_usual_split(), today=TODAY).runs[0]
    assert half.rows < whole.rows
    assert half.left_out["before"] == whole.rows - half.rows


def test_before_good_news_high_scores_are_looked_for() -> None:
    a_history(leaving=17, staying=25)
    [run] = held_against([CARD], replace(ASKED, outcome=Outcome("expanded")), today=TODAY).runs
    assert isinstance(run.found, NotEnough)
    assert run.happened == 0
