"""Areas under the curve agree with scikit-learn, with variances written out pair by pair, and resampling by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from banso.science import discrimination
from banso.science.basis import Flags, Floats, Whole


@st.composite
def books(draw: st.DrawFn) -> tuple[Floats, Flags, Whole, Floats]:
    """Draw risks with ties, both outcomes, accounts with several rows, and weights."""
    count = draw(st.integers(4, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    lost = rng.random(count) < 0.4
    lost[:2] = True, False
    _, cluster = np.unique(rng.integers(0, count // 2 + 1, count), return_inverse=True)
    return rng.integers(0, 8, count).astype(np.float64), lost, cluster, rng.uniform(0.1, 5, count)


def wins(risk: Floats, lost: Flags) -> Floats:
    """Return for each pair of a leaver and a stayer whether the leaver has the higher risk; half where equal."""
    left, stayed = risk[lost][:, None], risk[~lost][None, :]
    return np.asarray((left > stayed) + 0.5 * (left == stayed), dtype=np.float64)


@given(books())
def test_an_area_is_that_of_scikit_learn_with_weights_and_ties(book: tuple[Floats, Flags, Whole, Floats]) -> None:
    risk, lost, cluster, weight = book
    assert discrimination.area(risk, lost, cluster).value == pytest.approx(roc_auc_score(lost, risk))
    weighted = discrimination.area(risk, lost, cluster, weight).value
    assert weighted == pytest.approx(roc_auc_score(lost, risk, sample_weight=weight))


@given(books())
def test_the_variance_of_independent_rows_is_that_of_delong(book: tuple[Floats, Flags, Whole, Floats]) -> None:
    risk, lost, _, _ = book
    pairs = wins(risk, lost)
    left, stayed = pairs.mean(axis=1), pairs.mean(axis=0)
    expected = sum(np.var(part, ddof=1) / len(part) if len(part) > 1 else 0.0 for part in (left, stayed))
    assert discrimination.area(risk, lost).variance() == pytest.approx(expected, abs=1e-12)


@given(books())
def test_the_variance_of_accounts_with_several_rows_is_that_of_obuchowski(
    book: tuple[Floats, Flags, Whole, Floats],
) -> None:
    risk, lost, cluster, _ = book
    pairs = wins(risk, lost)
    value, left, stayed = pairs.mean(), pairs.mean(axis=1), pairs.mean(axis=0)
    many, leavers, stayers = len(np.unique(cluster)), cluster[lost], cluster[~lost]
    first = [float((left[leavers == one] - value).sum()) for one in range(many)]
    second = [float((stayed[stayers == one] - value).sum()) for one in range(many)]
    rows = (len(left), len(stayed))

    def scaled(one: list[float], other: list[float], count: int) -> float:
        return sum(a * b for a, b in zip(one, other, strict=True)) * count / max(count - 1, 1)

    expected = (
        scaled(first, first, len(set(leavers))) / rows[0] ** 2
        + scaled(second, second, len(set(stayers))) / rows[1] ** 2
        + 2 * scaled(first, second, many) / (rows[0] * rows[1])
    )
    assert discrimination.area(risk, lost, cluster).variance() == pytest.approx(expected, abs=1e-12)


def test_the_area_of_the_paper_s_small_example_is_found_by_hand() -> None:
    risk = np.array([1.0, 2.0, 3.0, 2.0, 4.0])
    lost = np.array([False, False, True, True, True])
    # Pairs: 3>1, 3>2, 2>1, 2=2 (half), 4>1, 4>2: 5.5 of 6. Components of leavers 1, .75, 1, of stayers 1, 5/6.
    found = discrimination.area(risk, lost)
    assert found.value == pytest.approx(5.5 / 6)
    assert found.variance() == pytest.approx((1 / 48) / 3 + (1 / 72) / 2)


@given(books(), st.integers(0, 100))
def test_resampled_areas_are_those_of_the_rows_written_out(
    book: tuple[Floats, Flags, Whole, Floats], seed: int
) -> None:
    risk, lost, cluster, weight = book
    counts = discrimination.draws(int(cluster.max()) + 1, seed, 5)
    found = discrimination.resampled_areas(risk, lost, cluster, counts, weight)
    for taken, value in zip(counts, found, strict=True):
        rows = np.repeat(np.arange(len(risk)), taken[cluster].astype(np.int64))
        if len(set(lost[rows])) < 2:
            assert np.isnan(value)
        else:
            assert value == pytest.approx(roc_auc_score(lost[rows], risk[rows], sample_weight=weight[rows]))


def test_draws_take_as_many_accounts_as_there_are_and_depend_on_the_seed_alone() -> None:
    counts = discrimination.draws(30, 7, 12)
    assert np.all(counts.sum(axis=1) == 30)
    assert np.array_equal(counts, discrimination.draws(30, 7, 12))
    assert not np.array_equal(counts, discrimination.draws(30, 8, 12))


@given(books())
def test_an_interval_holds_its_area_and_stays_between_0_and_1(book: tuple[Floats, Flags, Whole, Floats]) -> None:
    found = discrimination.area(*book).interval()
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_a_perfect_order_of_five_leavers_is_not_certain() -> None:
    lost = np.arange(20) < 5
    best = discrimination.area(-np.arange(20.0), lost).interval()
    worst = discrimination.area(np.arange(20.0), lost).interval()
    # Five of five, the exact two-sided bound: .025 ** (1 / 5).
    assert (best.value, best.high) == (1.0, 1.0)
    assert best.low == pytest.approx(0.4782, abs=1e-4)
    assert (worst.low, worst.high) == pytest.approx((0.0, 1 - 0.4782), abs=1e-4)


@given(books())
def test_the_covariance_of_a_score_with_one_that_orders_alike_is_its_variance(
    book: tuple[Floats, Flags, Whole, Floats],
) -> None:
    risk, lost, cluster, _ = book
    one, other = discrimination.area(risk, lost, cluster), discrimination.area(np.exp(risk), lost, cluster)
    assert one.covariance(other) == pytest.approx(one.variance(), abs=1e-12)


def test_percentiles_leave_out_resamples_without_an_area() -> None:
    sample = np.append(np.linspace(0, 1, 101), np.nan)
    found = discrimination.percentile(0.5, sample, 0.8)
    assert (found.low, found.high) == pytest.approx((0.1, 0.9))
