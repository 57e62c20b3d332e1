"""The past is as it was known, and each guard catches the leak that is planted for it."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from banso.science import panel as panels
from banso.science.basis import Floats, Whole
from banso.science.discrimination import area
from banso.science.panel import Leak, Panel

START = date(2024, 1, 1)
WEEKS = 60


def monday(week: int) -> date:
    return START + timedelta(days=7 * week)


def book(accounts: int = 120, seed: int = 1, *, extra: dict[str, Floats] | None = None) -> Panel:
    """Return a year of weeks, one decision an account in weeks 30–55, and `use` that tells a little of who leaves.

    A row is known a week after its Monday. `extra`: further measures, an array (accounts, WEEKS).
    """
    rng = np.random.default_rng(seed)
    due = rng.integers(30, 56, accounts)
    lost = rng.random(accounts) < 0.35
    use = rng.normal(0, 1, (accounts, WEEKS)) - 0.8 * lost[:, None]
    account, week = (part.ravel() for part in np.indices((accounts, WEEKS)))
    there = ~lost[account] | (week < due[account])
    columns = {name: values[account, week][there] for name, values in {"use": use, **(extra or {})}.items()}
    table = pl.DataFrame(
        {
            "account": [f"a{number:03}" for number in account[there]],
            "week": [monday(int(number)) for number in week[there]],
            "known_at": [monday(int(number) + 1) for number in week[there]],
            "arr": np.full(int(there.sum()), 100.0),
            **columns,
        },
    ).with_columns(pl.col(list(columns)).fill_nan(None))
    decisions = pl.DataFrame(
        {
            "account": [f"a{number:03}" for number in range(accounts)],
            "due": [monday(int(number)) for number in due],
            "outcome": ["lost" if gone else "kept" for gone in lost],
            "arr_before": np.full(accounts, 100.0),
            "arr_after": np.where(lost, 0.0, 100.0),
            "decided_at": [monday(int(number)) for number in due],
        }
    )
    return Panel(table, decisions)


def facts(accounts: int = 120, seed: int = 1) -> tuple[Whole, np.ndarray]:
    """Return the due weeks and outcomes of the same book."""
    rng = np.random.default_rng(seed)
    return rng.integers(30, 56, accounts), rng.random(accounts) < 0.35


def leaks(panel: Panel, *measures: str) -> dict[str, tuple[Leak, ...]]:
    return {one.measure: one.leaks for one in panels.leak_check(panel, measures)}


def test_an_honest_panel_raises_no_suspicion() -> None:
    assert leaks(book(), "use") == {}


def test_rows_of_one_decision_weigh_one_and_tell_what_was_known_then() -> None:
    rows = panels.landmarks(book(), ["use"])
    assert rows.group_by("account").agg(pl.col("weight").sum())["weight"].to_list() == pytest.approx([1.0] * 120)
    assert rows["lead"].unique().sort().to_list() == [1, 5, 9, 13]
    # A row is known a week after its Monday, so a week before the decision the last one is two weeks old.
    age = rows.select((pl.col("due") - pl.col("week")).dt.total_days() // 7 - pl.col("lead")).to_series()
    assert age.unique().to_list() == [1]


def test_open_decisions_are_censored_and_not_kept() -> None:
    panel = book()
    then = panel.as_of(monday(40))
    done = then.decisions.filter(pl.col("due") <= monday(40))
    ahead = then.decisions.filter(pl.col("due") > monday(40))
    assert set(ahead["outcome"]) == {"open"}
    assert ahead["arr_after"].null_count() == ahead["decided_at"].null_count() == len(ahead)
    assert "open" not in set(done["outcome"])
    assert panels.landmarks(then, ["use"])["due"].max() == monday(40)


def test_accounts_that_came_late_are_left_out_of_the_leads_before() -> None:
    panel = book()
    due = panel.decisions.filter(pl.col("account") == "a000")["due"].item()
    late = (pl.col("account") != "a000") | (pl.col("week") >= due - timedelta(weeks=7))
    rows = panels.landmarks(Panel(panel.table.filter(late), panel.decisions), ["use"])
    mine = rows.filter(pl.col("account") == "a000")
    assert mine["lead"].to_list() == [1, 5]
    assert mine["weight"].to_list() == [0.5, 0.5]


def test_the_last_version_known_on_a_day_counts() -> None:
    panel = book()
    correction = panel.table.filter(pl.col("week") == monday(10)).with_columns(use=pl.lit(9.0), known_at=monday(20))
    corrected = Panel(pl.concat([panel.table, correction]), panel.decisions)
    then, now = (corrected.as_of(monday(week)).table.filter(pl.col("week") == monday(10)) for week in (19, 20))
    assert_frame_equal(then, panel.table.filter(pl.col("week") == monday(10)))
    assert now["use"].unique().to_list() == [9.0]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.integers(15, 50))
def test_what_becomes_known_later_never_changes_a_replay(seed: int, day: int) -> None:
    panel = book(accounts=20)
    rng = np.random.default_rng(seed)
    later = panel.table.sample(50, seed=seed % 1000).with_columns(
        use=pl.Series(rng.normal(0, 9, 50)), known_at=pl.Series([monday(day + int(n)) for n in rng.integers(1, 30, 50)])
    )
    fuller = Panel(pl.concat([panel.table, later]), panel.decisions)
    assert_frame_equal(fuller.as_of(monday(day)).table, panel.as_of(monday(day)).table)
    plain, full = (panels.landmarks(one.as_of(monday(day)), ["use"]) for one in (panel, fuller))
    assert_frame_equal(plain, full)


def test_facts_recorded_after_the_decision_are_found_out() -> None:
    panel = book()
    decided = panel.decisions.select("account", "due", pl.col("outcome") == "lost")
    # Somebody cleans up the past once it is known who left.
    rewritten = (
        panel.table.join(decided, on="account")
        .filter(pl.col("outcome") & (pl.col("week") < pl.col("due")))
        .with_columns(use=pl.lit(-9.0), known_at=pl.col("due") + timedelta(days=3))
        .select(panel.table.columns)
    )
    leaky = Panel(pl.concat([panel.table, rewritten]), panel.decisions)
    assert leaks(leaky, "use") == {"use": (Leak.CHANGED_AFTER,)}
    assert_frame_equal(panels.landmarks(leaky, ["use"]), panels.landmarks(panel, ["use"]))


def test_a_measure_over_the_window_of_the_outcome_is_found_out() -> None:
    due, lost = facts()
    ahead = np.arange(WEEKS)[None, :] + 14 >= due[:, None]
    noise = np.random.default_rng(2).normal(0, 0.3, (120, WEEKS))
    leaky = book(extra={"next_quarter": np.where(lost[:, None] & ahead, 0.0, 5.0) + noise})
    assert leaks(leaky, "use", "next_quarter") == {"next_quarter": (Leak.TOO_GOOD,)}


def test_a_measure_that_only_those_who_stayed_have_is_found_out() -> None:
    _, lost = facts()
    asked = np.random.default_rng(3).random((120, 1)) < np.where(lost, 0.2, 0.9)[:, None]
    leaky = book(extra={"survey": np.where(asked, 7.0, np.nan) * np.ones((1, WEEKS))})
    assert leaks(leaky, "survey")["survey"] == (Leak.NULL_TELLS,)


def test_a_past_of_survivors_only_is_found_out() -> None:
    panel = book()
    gone = panel.decisions.filter(pl.col("outcome") == "lost")["account"]
    survivors = Panel(panel.table.filter(~pl.col("account").is_in(gone.implode())), panel.decisions)
    assert leaks(survivors, "use") == {"": (Leak.SURVIVORS_ONLY,)}


def test_immortal_time_makes_a_marker_of_nothing_and_landmarks_do_not() -> None:
    # Onboarding ends in a week drawn without regard to who leaves; whoever leaves before it has no end of it.
    accounts = 600
    due, lost = facts(accounts)
    ends = np.random.default_rng(4).integers(5, 55, accounts)
    done = (np.arange(WEEKS)[None, :] >= ends[:, None]).astype(np.float64)
    ever = np.where(lost, ends < due, True).astype(np.float64)
    assert area(-ever, lost).interval().low > 0.55
    rows = panels.landmarks(book(accounts, extra={"done": done}), ["done"])
    names, code = np.unique(rows["account"].to_numpy(), return_inverse=True)
    assert len(names) == accounts
    assert area(-rows["done"].to_numpy(), rows["lost"].to_numpy(), code).interval().covers(0.5)


def spread(accounts: int = 50, weeks: int = 40) -> tuple[Whole, np.ndarray]:
    days = np.datetime64(START, "D") + (7 * np.arange(weeks)).astype("timedelta64[D]")
    return np.repeat(np.arange(accounts), weeks), np.tile(days, accounts)


@given(st.integers(0, 39), st.integers(0, 200), st.integers(2, 7))
def test_no_account_and_no_outcome_is_on_both_sides_and_every_later_row_is_tested_once(
    week: int, horizon: int, folds: int
) -> None:
    account, on = spread()
    found = panels.splits(account, on, test_from=monday(week), horizon_days=horizon, seed=1, folds=folds)
    tested = np.zeros(len(on), dtype=np.int64)
    for split in found:
        assert not set(account[split.train]) & set(account[split.test])
        assert np.all(on[split.train] + np.timedelta64(horizon, "D") <= np.datetime64(monday(week)))
        tested += split.test
    assert np.array_equal(tested, (on >= np.datetime64(monday(week))).astype(np.int64))


def test_a_score_that_remembers_accounts_is_good_only_where_they_are_on_both_sides() -> None:
    account, on = spread(200)
    lost = np.random.default_rng(5).random(200)[account] < 0.3
    known = {int(one): bool(left) for one, left in zip(account, lost, strict=True)}
    both = np.array([float(known[int(one)]) for one in account])
    assert area(both, lost).value == 1
    honest = np.zeros(len(on))
    for split in panels.splits(account, on, test_from=monday(20), horizon_days=91, seed=1):
        seen = set(account[split.train].tolist())
        honest[split.test] = [float(known[int(one)]) if int(one) in seen else 0.3 for one in account[split.test]]
    later = on >= np.datetime64(monday(20))
    assert area(honest[later], lost[later]).value == 0.5


def test_a_cut_chosen_on_the_test_days_flatters_and_one_chosen_before_does_not() -> None:
    account, on = spread(60)
    excess = {"flattered": [], "honest": []}  # type: dict[str, list[float]]
    for world in range(40):
        rng = np.random.default_rng(world)
        score, lost = rng.random(len(on)), rng.random(60)[account] < 0.3
        split = panels.splits(account, on, test_from=monday(20), horizon_days=91, seed=world)[0]

        def best(rows: np.ndarray, score: Floats = score, lost: np.ndarray = lost) -> float:
            rates = [lost[rows & (score < cut)].mean() for cut in (0.05, 0.1, 0.2, 0.4)]
            return (0.05, 0.1, 0.2, 0.4)[int(np.argmax(rates))]

        for name, rows in (("flattered", split.test), ("honest", split.train)):
            excess[name].append(lost[split.test & (score < best(rows))].mean() - lost[split.test].mean())
    assert np.mean(excess["flattered"]) > 0.02
    assert abs(np.mean(excess["honest"])) < 0.02


def test_with_few_outcomes_nobody_is_suspected() -> None:
    assert leaks(book(accounts=12), "use") == {}
