"""A backtest counts what a person would count, refuses what it cannot know, and ranks only what it can tell apart."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_score, recall_score, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from banso.science.backtest import (
    Backtest,
    Caution,
    Comparison,
    Part,
    Preference,
    Snapshots,
    Verdict,
    backtest,
    compare,
)
from banso.science.basis import Interval, NotEnough
from banso.science.calibration import Calibration

START = np.datetime64("2024-01-01", "D")


def history(accounts: int = 300, weeks: int = 60, seed: int = 1, signal: float = 1.0) -> Snapshots:
    """Return weekly snapshots of accounts that leave by a hidden risk, which the score knows as well as `signal`."""
    rng = np.random.default_rng(seed)
    risk = rng.normal(size=accounts)
    leaves = 1 + rng.geometric(0.006 * np.exp(risk))
    account, week = np.repeat(np.arange(accounts), weeks), np.tile(np.arange(weeks), accounts)
    left = np.repeat(leaves, weeks)
    there = week < left
    account, week, left = account[there], week[there], left[there]
    on, lost = START + (7 * week).astype("timedelta64[D]"), left - week <= 13
    score = np.clip(55 - signal * 15 * risk[account] + rng.normal(0, 10, len(account)), 0, 100)
    level = 1 + (score >= 30) + (score >= 50) + (score >= 70)
    arr = np.round(rng.lognormal(10, 1, accounts))[account]
    lost_on = np.where(lost, START + (7 * np.minimum(left, 900)).astype("timedelta64[D]"), np.datetime64("NaT", "D"))
    return Snapshots(account, on, score, level, lost, arr, lost_on)


def once(score: list[float], lost: list[bool], **facts: Any) -> Snapshots:
    """Return one row for each account, all on one day, levels by the cut-offs 30, 50 and 70."""
    known = np.array(score, dtype=np.float64)
    level = np.where(np.isnan(known), 0, 1 + (known >= 30) + (known >= 50) + (known >= 70))
    rows = Snapshots(
        np.arange(len(score)), np.full(len(score), START), known, level, np.array(lost), np.full(len(score), 100.0)
    )
    return replace(rows, **facts)


def run(rows: Snapshots, capacity: int = 30, **settings: Any) -> Backtest:
    found = backtest(rows, capacity=capacity, seed=5, **settings)
    assert isinstance(found, Backtest)
    return found


FORTY = once(
    [20.0] * 10 + [40.0] * 10 + [60.0] * 10 + [80.0] * 10,
    ([True] * 8 + [False] * 2) + [True, False] * 5 + [True] * 2 + [False] * 18,
)


def test_levels_have_the_rates_precision_and_recall_of_scikit_learn() -> None:
    found = run(FORTY)
    assert [(one.level, one.rows, one.lost) for one in found.levels] == [(1, 10, 8), (2, 10, 5), (3, 10, 2), (4, 10, 0)]
    for one in found.levels:
        flagged = FORTY.level <= one.level
        assert one.precision.value == pytest.approx(precision_score(FORTY.lost, flagged))
        assert one.recall.value == pytest.approx(recall_score(FORTY.lost, flagged))
        expected = proportion_confint(one.lost, one.rows, method="wilson")
        assert (one.rate.low, one.rate.high) == pytest.approx(expected, abs=1e-9)
    assert found.auc.value == pytest.approx(roc_auc_score(FORTY.lost, -FORTY.score))
    assert found.verdict is Verdict.BETTER


def test_rates_in_money_weigh_accounts_by_revenue() -> None:
    arr = np.where(np.arange(40) == 0, 1000.0, 100.0)
    found = run(replace(FORTY, arr=arr))
    assert found.levels[0].rate_money.value == pytest.approx((1000 + 700) / 1900)
    assert found.auc_money is not None
    assert found.auc_money.value == pytest.approx(roc_auc_score(FORTY.lost, -FORTY.score, sample_weight=arr))


def test_without_revenue_there_is_no_figure_in_money() -> None:
    found = run(replace(FORTY, arr=np.full(40, np.nan)))
    assert found.auc_money is None
    assert found.lift.caught_money is None
    assert np.isnan(found.levels[0].rate_money.value)


def test_the_lift_is_that_of_the_lowest_scores_and_equal_scores_share_the_last_places() -> None:
    found = run(FORTY, capacity=15).lift
    # All ten at 20 (8 lost) and half of the ten at 40 (2.5 of 5 lost), of 15 lost among 40.
    assert found.rate.value == pytest.approx(10.5 / 15)
    assert found.caught.value == pytest.approx(10.5 / 15)
    assert found.lift.value == pytest.approx((10.5 / 15) / (15 / 40))
    assert found.rate.low < found.rate.value < found.rate.high


def test_a_team_that_can_handle_everybody_has_no_lift() -> None:
    found = run(history(), capacity=10_000).lift
    assert found.caught_money is not None
    assert (found.caught.value, found.caught_money.value, found.lift.value) == pytest.approx((1, 1, 1))


def test_capacity_counts_for_each_day_apart() -> None:
    rows = history()
    chosen = run(rows, capacity=20).lift
    lowest = np.zeros(len(rows.score), dtype=np.bool_)
    for day in np.unique(rows.on):
        at = np.flatnonzero(rows.on == day)
        lowest[at[np.argsort(rows.score[at])[:20]]] = True
    assert chosen.rate.value == pytest.approx(rows.lost[lowest].mean(), abs=0.003)


def test_rows_without_a_score_are_left_out_of_the_order_and_shown_on_their_own() -> None:
    blind = once([*FORTY.score.tolist(), *[float("nan")] * 10], [*FORTY.lost.tolist(), *[True] * 4, *[False] * 6])
    found = run(blind)
    assert found.auc.value == run(FORTY).auc.value
    assert found.levels[0].level == 0
    assert found.levels[0].rate.value == pytest.approx(0.4)
    assert found.coverage == pytest.approx(0.8)
    assert Caution.POORLY_COVERED not in found.cautions
    # A loss that nobody was warned of is missed, whether the account was green or not known.
    assert found.missed.tolist() == [20, 21, 40, 41, 42, 43]


def test_poor_coverage_is_said() -> None:
    blind = once([*FORTY.score.tolist(), *[float("nan")] * 11], [*FORTY.lost.tolist(), *[False] * 11])
    assert Caution.POORLY_COVERED in run(blind).cautions


def test_a_score_that_has_seen_the_answer_is_too_good() -> None:
    rows = history()
    assert Caution.TOO_GOOD in run(replace(rows, score=np.where(rows.lost, 5.0, 95.0))).cautions
    assert Caution.TOO_GOOD not in run(rows).cautions


def test_a_level_s_missed_losses_and_false_alarms_are_rows_to_look_at() -> None:
    rows = history()
    found = run(rows)
    assert np.all(rows.lost[found.missed])
    assert np.all(rows.level[found.missed] > 2)
    assert np.all(rows.level[found.false_alarms] <= 2)
    assert len(found.missed) == round(found.surprise.not_flagged.value * found.surprise.losses)
    assert found.basis.events == found.surprise.losses == len(np.unique(rows.account[rows.lost]))


def test_the_day_of_loss_is_asked_for() -> None:
    rows = history()
    assert run(rows).cautions == ()
    assert run(replace(rows, lost_on=None)).cautions == (Caution.NO_DAY_OF_LOSS,)


def test_fourteen_losses_are_one_too_few_however_many_rows_they_have() -> None:
    rows = once([float(n) for n in range(60)], [n < 14 for n in range(60)])
    weekly = Snapshots(
        *(np.repeat(getattr(rows, name), 13) for name in ("account", "on", "score", "level", "lost", "arr"))
    )
    refusal = backtest(weekly, capacity=5, seed=1)
    assert isinstance(refusal, NotEnough)
    assert refusal.missing == {"lost": 1}
    refused = compare(weekly, weekly, seed=1)
    assert isinstance(refused, NotEnough)


def test_chance_is_called_chance_and_upside_down_worse() -> None:
    rows = history()
    rng = np.random.default_rng(2)
    noise = replace(rows, score=rng.uniform(0, 100, 300)[rows.account])
    assert run(noise).verdict is Verdict.CHANCE
    assert run(replace(rows, score=100 - rows.score)).verdict is Verdict.WORSE


def test_repeated_weeks_make_nobody_surer() -> None:
    rows = history()
    found = run(rows)
    assert found.auc.high - found.auc.low > 1.5 * (found.auc_delong.high - found.auc_delong.low)


def test_the_interval_of_chance_covers_chance_as_often_as_it_says() -> None:
    rng = np.random.default_rng(4)
    held = 0
    for world in range(60):
        rows = history(accounts=200, weeks=30, seed=world)
        held += run(replace(rows, score=rng.uniform(0, 100, 200)[rows.account])).auc.covers(0.5)
    assert held >= 52  # 95 % of 60 is 57


def test_the_probability_is_fitted_to_earlier_days_than_it_is_held_against() -> None:
    found = run(history(accounts=900)).calibration
    assert isinstance(found, Calibration)
    assert found.slope is not None
    assert 0.6 < found.slope.value < 1.6
    assert found.brier_skill > 0
    refusal = run(FORTY).calibration
    assert isinstance(refusal, NotEnough)  # one day has no earlier days


def test_the_outcome_of_the_test_days_never_reaches_the_probability() -> None:
    # Were the fit to see later days, it would know that their losses fell on the high scores.
    rows = history(accounts=900)
    middle = np.sort(rows.on[rows.lost])[rows.lost.sum() // 2]
    turned = replace(rows, score=np.where(rows.on >= middle, 100 - rows.score, rows.score))
    found = run(turned).calibration
    assert isinstance(found, Calibration)
    assert found.slope is not None
    assert found.slope.high < 0


def test_stability_is_shown_by_year_quarter_and_group() -> None:
    rows = history()
    found = run(rows, by={"segment": np.array(["smb", "enterprise"])[rows.account % 2]})
    assert [part.name for part in found.by["year"]] == ["2024", "2025"]
    assert [part.name for part in found.by["quarter"]] == ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1"]
    assert [part.name for part in found.by["segment"]] == ["enterprise", "smb"]
    for parts in found.by.values():
        assert sum(part.rows for part in parts) == len(rows.score)
        assert sum(part.lost for part in parts) == rows.lost.sum()
    smb = found.by["segment"][1]
    member = rows.account % 2 == 0
    assert isinstance(smb.auc, Interval)
    assert smb.auc.value == pytest.approx(roc_auc_score(rows.lost[member], -rows.score[member]))


def test_a_part_with_few_losses_has_no_area() -> None:
    part: Part = run(FORTY, by={"segment": np.where(FORTY.score == 60, "few", "rest")}).by["segment"][0]
    assert isinstance(part.auc, NotEnough)
    assert part.auc.missing == {"lost": 6}


@settings(max_examples=20)
@given(st.integers(0, 2**32))
def test_the_same_rows_and_seed_give_the_same_result_in_any_order(seed: int) -> None:
    rows = history(accounts=200, weeks=20, seed=3)
    order = np.random.default_rng(seed).permutation(len(rows.score))
    names = ("account", "on", "score", "level", "lost", "arr", "lost_on")
    mixed = run(Snapshots(*(getattr(rows, name)[order] for name in names)))
    plain = run(rows)
    assert mixed.auc.low == pytest.approx(plain.auc.low)
    assert mixed.surprise == plain.surprise
    assert mixed.lift.lift.value == pytest.approx(plain.lift.lift.value)
    assert np.sort(order[mixed.missed]).tolist() == plain.missed.tolist()


def test_a_team_has_hands() -> None:
    with pytest.raises(ValueError, match="one account"):
        run(FORTY, capacity=0)


def test_columns_of_two_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        replace(FORTY, arr=np.ones(3))


def told(one: Snapshots, other: Snapshots) -> Comparison:
    found = compare(one, other, seed=9)
    assert isinstance(found, Comparison)
    return found


def test_a_definition_that_knows_is_preferred_to_one_that_guesses() -> None:
    rows = history()
    guess = replace(rows, score=np.random.default_rng(2).uniform(0, 100, 300)[rows.account])
    assert told(rows, guess).preference is Preference.ONE
    found = told(guess, rows)
    assert found.preference is Preference.OTHER
    assert found.difference.value == pytest.approx(found.one.value - found.other.value)
    assert found.losses_needed is None


def test_two_definitions_that_cannot_be_told_apart_are_not_ranked_and_say_what_it_would_take() -> None:
    rows = history()
    rng = np.random.default_rng(3)
    one, other = (replace(rows, score=rows.score + rng.normal(0, 8, 300)[rows.account]) for _ in range(2))
    found = told(one, other)
    assert found.preference is Preference.NONE
    assert found.losses_needed is not None
    assert found.losses_needed > found.basis.events


def test_a_definition_is_no_better_than_itself() -> None:
    found = told(history(), history())
    assert (found.difference.value, found.difference.low, found.difference.high) == (0, 0, 0)
    assert found.preference is Preference.NONE
    assert found.losses_needed is None


def test_two_definitions_are_compared_where_both_are_known() -> None:
    rows = history()
    blind = replace(rows, score=np.where(rows.account % 3 == 0, np.nan, rows.score))
    assert told(rows, blind).difference.value == 0


def test_other_accounts_cannot_be_compared() -> None:
    rows = history()
    with pytest.raises(ValueError, match="same accounts"):
        compare(rows, rows.where(rows.account > 5), seed=1)
