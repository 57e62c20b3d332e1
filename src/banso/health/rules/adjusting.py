"""What becomes of the score that measures make: rolled up from the accounts below, then held by exceptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from banso.health.rules.definition import Definition, ExceptionRule, in_tenths
from banso.science.scorecard import Flags, Floats, Whole

type Kind = tuple[str | None, str | None]


@dataclass(frozen=True)
class Places:
    """Where n rows stand.

    days (n,) datetime64[D]; kind (n,) an index into kinds, pairs of segment and stage; parent (n,) the row of the
    account above on the same day, -1 none; mrr (n,) monthly revenue, 0 where there is none.
    """

    days: "np.ndarray[tuple[int], np.dtype[np.datetime64]]"
    kinds: Sequence[Kind]
    kind: Whole
    parent: Whole
    mrr: Floats


@dataclass(frozen=True)
class Adjusted:
    """Shown scores of n rows in tenths, -1 not known: made of measures, rolled up, and held by exceptions.

    `exception` (n,) is the number of the exception that holds the score, -1 none; `worst` (n,) the row whose score the
    rolled-up one is, itself where nothing else was taken.
    """

    own: Whole
    rolled: Whole
    computed: Whole
    exception: Whole
    worst: Whole


def adjusted(definition: Definition, values: Floats, own: Whole, places: Places) -> Adjusted:
    """Return what becomes of scores (n,) in tenths, made of values (n, m) of the definition's measures."""
    rolled, worst = _rolled(definition, own, places)
    computed, exception = rolled.copy(), np.full(len(own), -1, dtype=np.int64)
    # Floors first: of a floor and a cap that disagree, the cap has the last word.
    order = sorted(enumerate(definition.exceptions), key=lambda one: one[1].limit == "at_most")
    for number, rule in order:
        limit = in_tenths(rule.points)
        beyond = computed > limit if rule.limit == "at_most" else computed < limit
        holds = (rolled >= 0) & beyond & _meant(definition, rule, values, places)
        computed[holds], exception[holds] = limit, number
    return Adjusted(own, rolled, computed, exception, worst)


def _meant(definition: Definition, rule: ExceptionRule, values: Floats, places: Places) -> Flags:
    column = values[:, definition.keys.index(rule.measure)]
    fits = np.array([rule.fits(segment, stage) for segment, stage in places.kinds], dtype=np.bool_)
    lasts = places.days <= np.datetime64(rule.until_on)
    with np.errstate(invalid="ignore"):  # a comparison with what is not known is false, as it should be
        meets = {
            "at_least": column >= rule.value,
            "at_most": column <= rule.value,
            "above": column > rule.value,
            "below": column < rule.value,
            "missing": np.isnan(column),
        }[rule.when]
    return np.asarray(meets & lasts & fits[places.kind], dtype=np.bool_)


def _rolled(definition: Definition, own: Whole, places: Places) -> tuple[Whole, Whole]:
    """Return scores rolled up, and whose score each one is where one was taken; deepest accounts first."""
    here = np.arange(len(own), dtype=np.int64)
    if definition.rollup == "own" or not np.any(places.parent >= 0):
        return own, here
    known = own >= 0
    weight = np.where(known, places.mrr, 0.0)
    total = weight * own
    worst, whose = np.where(known, own, 1001), here.copy()
    for rows in _from_the_deepest(places.parent):
        above = places.parent[rows]
        np.add.at(total, above, total[rows])
        np.add.at(weight, above, weight[rows])
        for row, up in zip(rows.tolist(), above.tolist(), strict=True):
            if worst[row] < worst[up]:
                worst[up], whose[up] = worst[row], whose[row]
    if definition.rollup == "worst":
        return np.where(worst > 1000, -1, worst), whose  # noqa: PLR2004  # no score is above 100
    mean = np.divide(total, weight, out=np.full(len(own), -1.0), where=weight > 0)
    is_above = np.zeros(len(own), dtype=np.bool_)
    is_above[places.parent[places.parent >= 0]] = True
    rolled = np.where(is_above & (weight > 0), np.floor(np.round(mean, 6) + 0.5), own)
    return rolled.astype(np.int64), here


def _from_the_deepest(parent: Whole) -> list[Whole]:
    """Return the rows that have one above, grouped by depth, the deepest first; circles cannot be."""
    depth, at = np.zeros(len(parent), dtype=np.int64), parent.copy()
    while np.any(at >= 0):
        depth += at >= 0
        at = np.where(at >= 0, parent[np.maximum(at, 0)], -1)
    return [np.flatnonzero(depth == level) for level in range(int(depth.max(initial=0)), 0, -1)]


def days_of(days: Sequence[date]) -> "np.ndarray[tuple[int], np.dtype[np.datetime64]]":
    """Return days as arrays carry them."""
    return np.asarray(days, dtype="datetime64[D]")
