"""Small trees in many steps, monotone where people have fixed a direction: for books with hundreds of losses."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Whole = NDArray[np.int64]

# Four leaves are at most a three-way interaction; each step sees a third of the measures, so that none takes all.
_STEPS: Final = {"learning_rate": 0.05, "max_iter": 200, "max_leaf_nodes": 4, "max_features": 0.3}
_LEAST_LEAF: Final = 20


@dataclass(frozen=True)
class Member:
    """One boosted model and the columns (k,) that told anything apart where it was grown."""

    columns: Whole
    booster: HistGradientBoostingClassifier


@dataclass(frozen=True)
class Trees:
    """Boosted trees, each grown on its own draw of accounts."""

    members: tuple[Member, ...]

    def __call__(self, values: Floats) -> Floats:
        """Return log-odds (members, n) of values (n, p); NaN is not known."""
        with threadpool_limits(1, "openmp"):
            return np.array([one.booster.decision_function(values[:, one.columns]) for one in self.members])


def grow(
    values: Floats, lost: Flags, weight: Floats, account: Whole, signs: Whole, *, members: int, seed: int
) -> Trees:
    """Return `members` boosted models of lost (n,) on values (n, p), each on a draw of accounts with replacement.

    signs (p,): +1 more is more risk, −1 less, 0 free. One member is grown on all rows, without a draw.
    """
    rng = np.random.default_rng(seed)
    drawn = (
        [
            np.bincount(rng.integers(0, account.max() + 1, account.max() + 1), minlength=account.max() + 1)[account]
            for _ in range(members)
        ]
        if members > 1
        else [np.ones(len(lost), dtype=np.int64)]
    )
    grown = [
        _one(values[times > 0], lost[times > 0], (weight * times)[times > 0], signs, seed + place)
        for place, times in enumerate(drawn)
    ]
    return Trees(tuple(grown))


def _one(values: Floats, lost: Flags, weight: Floats, signs: Whole, seed: int) -> Member:
    # The library refuses columns of one value or none.
    least, most = (np.where(np.isnan(values), blank, values) for blank in (np.inf, -np.inf))
    columns = np.flatnonzero(most.max(axis=0) > least.min(axis=0))
    leaf = max(_LEAST_LEAF, len(lost) // 150)
    booster = HistGradientBoostingClassifier(
        **_STEPS,
        min_samples_leaf=leaf,
        l2_regularization=5.0,
        monotonic_cst=signs[columns],
        early_stopping=False,
        random_state=seed,
    )
    # One thread: threads that wait for each other on a busy machine are many times slower, and sums keep their order.
    with threadpool_limits(1, "openmp"):
        return Member(columns, booster.fit(values[:, columns], lost, sample_weight=weight))
