"""Risk at a decision: honest about few losses, right on the whole, and only where a decision falls."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banso.science import risk
from banso.science.basis import NotEnough
from banso.science.cases import Cases, Landmarks, Measure
from banso.science.risk import Kind, Model

USE = Measure("use", "high", "share")
TICKETS = Measure("tickets", "low", "count")
NOISE = Measure("noise")
MEASURES = (USE, TICKETS, NOISE)
LEADS = np.array([7, 35, 63, 91])


def history(
    decisions: int = 600, *, seed: int = 1, level: float = -1.5, bent: float = 0.0, noise_tells: float = 0.0
) -> Landmarks:
    """Return decisions seen from four days before, whose true log-odds are level − 1.2 × use + .5 × tickets + bent."""
    rng = np.random.default_rng(seed)
    use, tickets, noise = rng.normal(size=decisions), rng.poisson(1.0, decisions), rng.normal(size=decisions)
    odds = level - 1.2 * use + 0.5 * (tickets - 1) + bent * (use * noise > 0) + noise_tells * noise
    lost = rng.random(decisions) < 1 / (1 + np.exp(-odds))
    values = np.repeat(np.column_stack([1 / (1 + np.exp(-use)), tickets, noise]), 4, axis=0)
    values[rng.random(values.shape) < 0.05] = np.nan
    due = np.datetime64("2022-01-01") + np.repeat(rng.integers(0, 1000, decisions), 4).astype("timedelta64[D]")
    segment, size = np.repeat(rng.integers(0, 2, decisions), 4), np.repeat(rng.normal(6, 1, decisions), 4)
    cases = Cases(values, segment, size, np.tile(LEADS, decisions).astype(float))
    return Landmarks(cases, np.repeat(np.arange(decisions), 4), due, np.repeat(lost, 4))


def seen_once(rows: Landmarks) -> Landmarks:
    return rows.take(np.flatnonzero(rows.cases.days == LEADS[0]))


def fitted(rows: Landmarks, **settings: int) -> Model:
    found = risk.fit(rows, MEASURES, seed=3, **settings)
    assert isinstance(found, Model)
    return found


@pytest.fixture(scope="module")
def model() -> Model:
    return fitted(history())


def test_fourteen_losses_make_no_model_and_the_answer_says_what_is_missing() -> None:
    rows = history(400)
    few = np.unique(rows.account[rows.lost])[:14]
    kept = rows.take(np.flatnonzero(np.isin(rows.account, few) | ~rows.lost))
    assert risk.fit(kept, MEASURES, seed=1) == NotEnough({"losses": 15}, {"losses": 14}, "rates by level")


def test_a_book_that_loses_nearly_everybody_makes_no_model_either() -> None:
    rows = history(60, level=6)
    assert isinstance(risk.fit(rows, MEASURES, seed=1), NotEnough)


def test_a_decision_counts_once_however_often_it_is_seen(model: Model) -> None:
    rows = history()
    assert rows.weight.sum() == pytest.approx(600)
    assert model.basis.events == rows.losses == len(np.unique(rows.account[rows.lost]))
    assert model.basis.accounts == 600
    assert model.basis.window[0] >= date(2022, 1, 1)


def test_losses_that_carry_one_measure_choose_the_first() -> None:
    found = risk.fit(history(80, level=-1.2), MEASURES, seed=1)
    assert isinstance(found, Model)
    assert found.measures == (USE,)


def test_as_many_losses_are_expected_as_there_were_in_the_last_year(model: Model) -> None:
    rows = history()
    last = rows.due > rows.due.max() - risk.YEAR
    p = 1 / (1 + np.exp(-model.log_odds(rows.cases)))
    assert rows.weight[last] @ p[last] == pytest.approx(rows.weight[last] @ rows.lost[last], rel=1e-6)


def test_without_losses_in_the_last_year_the_level_is_that_of_all() -> None:
    rows = history(level=-2.2)
    early = rows.due < rows.due.max() - 2 * risk.YEAR
    found = fitted(rows.take(np.flatnonzero(early | ~rows.lost)))
    held = rows.take(np.flatnonzero(early | ~rows.lost))
    p = 1 / (1 + np.exp(-found.log_odds(held.cases)))
    assert held.weight @ p == pytest.approx(held.weight @ held.lost, rel=1e-6)


def test_outside_the_window_the_risk_is_nothing(model: Model) -> None:
    rows = history(100, seed=5).cases
    for days in (np.nan, -1.0, 91.0):
        found = model.predict(replace(rows, days=np.full(400, days)))
        assert not np.any([found.p, found.low, found.high])
    inside = model.predict(replace(rows, days=np.full(400, 90.0)))
    assert np.all((inside.low > 0) & (inside.low <= inside.p) & (inside.p <= inside.high) & (inside.high < 1))
    assert np.all(inside.low < inside.high)


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 30))
def test_more_use_never_means_more_risk(one: float, other: float, tickets: float) -> None:
    values = np.array([[min(one, other), tickets, 0.0], [max(one, other), tickets, 0.0]])
    two = Cases(values, np.zeros(2, dtype=np.int64), np.full(2, 6.0), np.full(2, 30.0))
    p = MODEL.predict(two).p
    assert p[0] >= p[1]


def test_parts_sum_to_the_distance_from_an_account_of_the_books_mean(model: Model) -> None:
    rows = history(50, seed=6).cases
    middle = replace(rows, values=np.full(rows.values.shape, np.nan))
    parts = model.predict(rows).parts
    assert parts.sum(axis=1) == pytest.approx(model.log_odds(rows) - model.log_odds(middle), abs=1e-9)
    assert np.all(parts[np.isnan(rows.values)] == 0)


def test_what_is_not_known_is_told_and_is_never_nought(model: Model) -> None:
    blank = Cases(np.full((1, 3), np.nan), np.zeros(1, dtype=np.int64), np.array([np.nan]), np.array([30.0]))
    nought = replace(blank, values=np.zeros((1, 3)))
    found = model.predict(blank)
    assert found.known[0] == 0
    assert found.p[0] < model.predict(nought).p[0]


def test_the_same_history_and_seed_give_the_same_risk(model: Model) -> None:
    rows = history(30, seed=7).cases
    again = fitted(history())
    assert np.array_equal(again.predict(rows, seed=4).low, model.predict(rows, seed=4).low)


def test_four_intervals_out_of_five_hold_the_true_risk() -> None:
    point = Cases(
        np.array([[0.3, 2.0, 0.0], [0.7, 0.0, 0.0]]), np.zeros(2, dtype=np.int64), np.full(2, 6.0), np.full(2, 35.0)
    )
    use = np.log(0.3 / 0.7)
    true = 1 / (1 + np.exp(-np.array([-1.5 - 1.2 * use + 0.5, -1.5 + 1.2 * use - 0.5])))
    held = []
    for seed in range(60):
        found = fitted(history(300, seed=100 + seed), most=2).predict(point, seed=seed)
        held += list((found.low <= true) & (true <= found.high))
    assert 0.68 <= np.mean(held) <= 0.92


def test_a_straight_world_stays_with_ridge_and_a_bent_one_is_boosted() -> None:
    straight = fitted(seen_once(history(2000, seed=8)))
    assert straight.choice.kind is Kind.RIDGE
    assert [kind for kind, _ in straight.choice.scores] == [Kind.RIDGE, Kind.BOTH, Kind.BOOSTING]
    bent = fitted(seen_once(history(2000, seed=8, bent=3.0, level=-2.5)))
    assert bent.choice.kind is not Kind.RIDGE
    assert dict(bent.choice.scores)[bent.choice.kind] < dict(bent.choice.scores)[Kind.RIDGE]
    fresh = history(500, seed=9, bent=3.0, level=-2.5)
    found = bent.predict(fresh.cases)
    assert np.all((found.low <= found.p) & (found.p <= found.high))
    gained = [
        np.logaddexp(0, one) - fresh.lost * one
        for one in (bent.ridge(np.nan_to_num(bent.scale.design(fresh.cases))), bent.log_odds(fresh.cases))
    ]
    assert gained[1].mean() < gained[0].mean()


def test_a_few_recent_losses_move_only_the_level(model: Model) -> None:
    after = risk.recalibrate(model, recent := history(120, seed=20, level=-0.9).take(np.arange(160)))
    assert recent.losses < risk.SLOPE_FROM
    assert after.slope == 1
    assert after.shift > model.shift
    assert after.ridge is model.ridge


def test_losses_as_expected_change_nothing(model: Model) -> None:
    assert risk.recalibrate(model, history(130, seed=25)) is model


def test_from_fifty_losses_on_a_slope_that_has_worn_off_is_mended(model: Model) -> None:
    rng = np.random.default_rng(1)
    rows = history(300, seed=22)
    flat = replace(rows, lost=np.repeat(rng.random(300) < 0.25, 4))
    some = flat.take(np.flatnonzero(flat.account < 300))
    after = risk.recalibrate(model, some)
    assert risk.SLOPE_FROM <= some.losses < risk.ANEW_FROM
    assert 0 <= after.slope < 0.6


def test_from_a_hundred_losses_on_a_world_that_has_turned_is_learnt_anew(model: Model) -> None:
    turned = history(900, seed=23, noise_tells=2.0)
    after = risk.recalibrate(model, turned)
    assert turned.losses >= risk.ANEW_FROM
    assert after.ridge is not model.ridge
    assert after.basis.events == turned.losses


def test_what_nobody_knows_and_what_is_always_the_same_do_not_stop_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(risk, "MANY_LOSSES", 50)
    rows = seen_once(history(400, seed=30))
    values = rows.cases.values.copy()
    values[:, 2] = np.nan
    blank = replace(rows, cases=replace(rows.cases, values=values, size=np.full(400, np.nan)))
    assert len(fitted(blank, most=3).choice.scores) == len(Kind)


MODEL = fitted(history())
