"""A scorecard is held against the past where there is no browser: in sentences for people, as JSON for programs."""

import json
from pathlib import Path

from banso.health.queries.backtests import OUTCOMES, RHYTHMS
from banso.site.cli import backtesting
from banso.site.tests.command_line import banso, fill

FILL = """
from banso.site.cli import starting
starting.start_django()
starting.bring_up_to_date()
from banso.health.testing import a_fading_account, a_scorecard, a_steady_account
a_steady_account()
a_fading_account()
a_scorecard()
"""


def test_the_command_knows_all_outcomes_and_rhythms() -> None:
    assert backtesting.OUTCOMES == OUTCOMES
    assert set(backtesting.RHYTHMS) == set(RHYTHMS)


def test_a_past_with_too_few_departures_is_said_in_words_and_as_json(tmp_path: Path) -> None:
    fill(FILL, data=tmp_path)
    said = banso("backtest", "--since", "2026-09-01", "--horizon", "30", data=tmp_path).stdout
    assert "Too little to say anything: 15 more accounts of which it happened" in said
    found = json.loads(banso("backtest", "--whole", "--json", data=tmp_path).stdout)
    assert found["asked"]["outcome"]["kind"] == "left"
    assert found["runs"][0]["found"]["needed"] == {"lost": 15, "kept": 15}


def test_what_cannot_be_asked_is_refused_with_what_to_do(tmp_path: Path) -> None:
    fill(FILL, data=tmp_path)
    short = banso("backtest", "--outcome", "silent", "--silent-days", "180", data=tmp_path)
    assert short.returncode != 0
    assert "--silent-days" in short.stderr
    gone = banso("backtest", "--version", "9", data=tmp_path)
    assert gone.returncode != 0
    assert "no such version" in gone.stderr
