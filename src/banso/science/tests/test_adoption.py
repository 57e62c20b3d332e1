"""A feature marks those who stay where it says more of staying than use does."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_confint

from banso.science import adoption
from banso.science.adoption import Histories, Marker, Markers, markers, use_matrix
from banso.science.basis import NotEnough

WINDOW = (date(2025, 1, 1), date(2026, 3, 31))


def a_book(accounts: int = 800, *, effect: float = 1.5, seed: int = 3) -> Histories:
    """Return accounts of which `keeps` keeps and `follows` only follows use; `rare` has hardly any users."""
    rng = np.random.default_rng(seed)
    use, size = rng.normal(0, 1, accounts), rng.normal(0, 1, accounts)
    keeps = rng.random(accounts) < 0.4
    follows = rng.random(accounts) < 1 / (1 + np.exp(-2 * use))
    chance = rng.random(accounts) < 0.5
    rare = np.arange(accounts) < 4
    had = np.column_stack([keeps, follows, chance, rare])
    logit = 0.5 + 1.2 * use + effect * (keeps - 0.4)
    kept = (rng.random(accounts) < 1 / (1 + np.exp(-logit))).astype(float)
    first_use = np.where(had, 3.0, np.nan)
    return Histories(
        ("keeps", "follows", "chance", "rare"), first_use, np.full(accounts, 60.0), kept, np.column_stack([use, size])
    )


def judged(book: Histories) -> dict[str, Marker]:
    found = markers(book, window=WINDOW, seed=1)
    assert isinstance(found, Markers)
    return {row.feature: row for row in found.rows}


def test_the_verdict_tells_what_keeps_from_what_goes_with_use() -> None:
    found = judged(a_book())

    assert {name: row.verdict for name, row in found.items()} == {
        "keeps": "candidate",
        "follows": "goes with use",
        "chance": "not seen",
    }
    assert found["keeps"].stability == 1.0
    assert found["follows"].kept_with > found["follows"].kept_without + 0.15


def test_a_feature_that_hurts_is_no_candidate() -> None:
    row = judged(a_book(effect=-1.5))["keeps"]

    assert row.verdict == "not seen"
    assert row.difference.high < 0
    assert row.draw is None


def test_the_fit_is_that_of_statsmodels() -> None:
    book = a_book(2000)
    had = np.isfinite(book.first_use).astype(float)
    tables = adoption._tables(had, np.array([0, 1, 2]), book.adjust)

    coef, cov = adoption._fit(tables, book.kept)

    for place in range(3):
        oracle = sm.Logit(book.kept, tables[place]).fit(disp=0)
        np.testing.assert_allclose(coef[place], oracle.params, atol=0.02)
        np.testing.assert_allclose(np.sqrt(np.diag(cov[place])), oracle.bse, rtol=0.02)


def test_the_difference_is_that_of_the_planted_effect() -> None:
    rng = np.random.default_rng(9)
    accounts = 20_000
    has = rng.random(accounts) < 0.5
    kept = (rng.random(accounts) < np.where(has, 0.8, 0.6)).astype(float)
    book = Histories(
        ("one",), np.where(has, 1.0, np.nan)[:, None], np.full(accounts, 60.0), kept, rng.normal(size=(accounts, 1))
    )

    row = judged(book)["one"]

    assert row.difference.value == pytest.approx(0.2, abs=0.015)
    # Two shares of 10,000 each: the interval is that of the textbook.
    se = np.sqrt(0.8 * 0.2 / 10_000 + 0.6 * 0.4 / 10_000)
    assert row.difference.high - row.difference.low == pytest.approx(2 * 1.2816 * se, rel=0.05)
    power = NormalIndPower().solve_power(0.2 / np.sqrt(0.7 * 0.3), power=0.8, alpha=0.05)
    assert row.draw == pytest.approx(power, rel=0.2)


def test_use_after_the_landmark_and_those_who_left_before_it_do_not_count() -> None:
    book = a_book()
    late = np.where(np.isnan(book.first_use), 20.0, book.first_use)
    gone = np.concatenate([book.observed, [5.0] * 50])
    longer = replace(
        book,
        first_use=np.vstack([late, np.full((50, 4), 1.0)]),
        observed=gone,
        kept=np.concatenate([book.kept, np.zeros(50)]),
        adjust=np.vstack([book.adjust, np.zeros((50, 2))]),
    )

    assert judged(longer) == judged(book)


def test_open_decisions_are_not_taken_for_kept_ones() -> None:
    book = a_book()
    doubled = replace(
        book,
        first_use=np.vstack([book.first_use, book.first_use]),
        observed=np.tile(book.observed, 2),
        kept=np.concatenate([book.kept, np.full(len(book.kept), np.nan)]),
        adjust=np.vstack([book.adjust, book.adjust]),
    )

    assert judged(doubled) == judged(book)


def test_the_result_says_what_it_rests_on() -> None:
    book = a_book()
    found = markers(book, window=WINDOW, seed=4)

    assert isinstance(found, Markers)
    assert (found.basis.accounts, found.basis.events, found.basis.seed) == (800, int((book.kept == 0).sum()), 4)
    assert found.rows[0].verdict == "candidate"


def test_too_few_losses_are_said() -> None:
    book = a_book()
    found = markers(replace(book, kept=np.where(np.arange(800) < 9, 0.0, 1.0)), window=WINDOW, seed=1)

    assert isinstance(found, NotEnough)
    assert (found.needed["losses"], found.have["losses"]) == (15, 9)


def test_features_that_nobody_or_everybody_has_cannot_be_judged() -> None:
    book = a_book()
    first_use = np.column_stack([np.full(800, np.nan), np.zeros(800)])

    assert judged(replace(book, features=("none", "all"), first_use=first_use)) == {}


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_q_values_are_those_of_benjamini_and_hochberg(p: list[float]) -> None:
    np.testing.assert_allclose(adoption._adjusted(np.array(p)), multipletests(p, method="fdr_bh")[1])


def test_the_cells_of_a_matrix_sum_to_the_whole_and_have_wilsons_interval() -> None:
    rows = np.array([1.0, 2.0, 5.0, 5.0, np.nan] + [9.0] * 12)
    columns = np.array([0.0, 1.0, 1.0, 0.0, 1.0] + [1.0] * 12)
    lost = np.array([True, False, True, False, True] + [True] * 3 + [False] * 9)
    arr = np.full(17, 100.0)

    found = use_matrix(rows, columns, row_cuts=[2, 6], column_cuts=[1], arr=arr, lost=lost)

    assert found.accounts.tolist() == [[1, 0], [1, 2], [0, 12]]
    assert found.accounts.sum() == 16
    assert found.arr[2].tolist() == [0, 1200]
    assert found.lost.tolist() == [[1, 0], [0, 1], [0, 3]]
    assert found.is_few.tolist() == [[True, True], [True, True], [True, False]]
    low, high = proportion_confint(3, 12, alpha=0.2, method="wilson")
    assert (found.low[2, 1], found.high[2, 1]) == (pytest.approx(low), pytest.approx(high))
    assert np.isnan(found.rate[0, 1])
