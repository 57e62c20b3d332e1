"""How use goes on after weeks without a touch: "no touch for 13 weeks → use falls by 12 % [8–16]".

Of the account-weeks of one calendar week, those after at least so many weeks of silence are set against those touched
since, by how their use changes from the weeks before to the weeks after (ordinary least squares with an effect for each
calendar week, errors clustered by account: Liang & Zeger 1986). Several lengths of silence are asked about, so p-values
are Holm's (1979). Silence is not drawn by lot: whoever is left alone may be left alone for a reason, so each result
says that it is uncontrolled, and shows the same difference in the weeks before, where there should be none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from banso.science.basis import Basis, Interval, NotEnough

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Caution = Literal["uncontrolled", "differed before"]

SILENCES: Final = (4, 8, 13, 26)
# Use is compared over so many weeks before and after.
SPAN: Final = 8
LEAST_ACCOUNTS: Final = 20
LEVEL: Final = 0.8
SURE: Final = 0.05


@dataclass(frozen=True)
class Decay:
    """What follows `weeks` or more of silence, against accounts touched since: `change` of use, -0.12 = 12 % less.

    `before`: the same comparison one span earlier; away from 0 it says that the two were unlike before. p: that there
    is no change; p_adjusted: after Holm, over all lengths asked about. is_seen: p_adjusted at most .05, use falling.
    """

    weeks: int
    silent_accounts: int
    account_weeks: int
    change: Interval
    before: Interval
    p: float
    p_adjusted: float
    is_seen: bool
    cautions: tuple[Caution, ...]


@dataclass(frozen=True)
class Decays:
    """One rule for each length of silence of which enough is known, shortest first."""

    rules: tuple[Decay, ...]
    basis: Basis


def decays(
    use: Floats, touched: Flags, *, window: tuple[date, date], silences: Sequence[int] = SILENCES
) -> Decays | NotEnough:
    """Return what follows silences of several lengths.

    `use` (n, w): events or people a week, oldest first, NaN where no customer. `touched` (n, w). The start of a
    customer counts as a touch; of one that was there before the data begins, silence is not known until the first.
    NotEnough where no length has 20 silent accounts and 20 others.
    """
    silence = _silence(use, touched)
    after, before = _changes(use)
    asked = [(weeks, _against(silence >= weeks, silence, after, before)) for weeks in sorted(silences)]
    known = [(weeks, found) for weeks, found in asked if found is not None]
    if not known:
        most = max((_accounts(silence >= weeks) for weeks in silences), default=0)
        return NotEnough({"silent_accounts": LEAST_ACCOUNTS}, {"silent_accounts": most}, "nothing")
    p = np.array([_p(found.after) for _, found in known])
    adjusted = _holm(p)
    rules = tuple(
        _rule(weeks, found, float(p[place]), float(adjusted[place])) for place, (weeks, found) in enumerate(known)
    )
    events = int((np.isfinite(use) & touched).sum())
    return Decays(rules, Basis(len(use), events, window, "two-way comparison of changes, clustered by account", "1"))


@dataclass(frozen=True)
class _Found:
    accounts: int
    account_weeks: int
    after: tuple[float, float]  # difference of the log changes, and its standard error
    before: tuple[float, float]


def _silence(use: Floats, touched: Flags) -> Floats:
    """Return (n, w) weeks since the last touch, 0 in its week; NaN where not known or no customer."""
    is_there = np.isfinite(use)
    starts = is_there & ~np.pad(is_there, ((0, 0), (1, 0)), constant_values=True)[:, :-1]
    weeks = np.arange(use.shape[1])
    last = np.maximum.accumulate(np.where(touched | starts, weeks, -1), axis=1)
    return np.where((last >= 0) & is_there, weeks - last, np.nan)


def _changes(use: Floats) -> tuple[Floats, Floats]:
    """Return (n, w) the log change of use from the span that ends with a week to the next; and one span earlier."""
    level = np.full((len(use), use.shape[1] + 1), np.nan)
    for end in range(SPAN, use.shape[1] + 1):
        level[:, end] = np.log(use[:, end - SPAN : end].mean(axis=1) + 0.5)
    ends = level[:, 1:]
    after = np.full(use.shape, np.nan)
    after[:, :-SPAN] = ends[:, SPAN:] - ends[:, :-SPAN]
    before = np.full(use.shape, np.nan)
    before[:, SPAN:] = ends[:, SPAN:] - ends[:, :-SPAN]
    return after, before


def _against(is_silent: Flags, silence: Floats, after: Floats, before: Floats) -> _Found | None:
    is_known = np.isfinite(silence) & np.isfinite(after) & np.isfinite(before)
    silent, others = is_known & is_silent, is_known & ~is_silent
    if min(_accounts(silent), _accounts(others)) < LEAST_ACCOUNTS:
        return None
    return _Found(
        _accounts(silent), int(silent.sum()), _slope(is_silent, after, is_known), _slope(is_silent, before, is_known)
    )


def _accounts(flags: Flags) -> int:
    return int(flags.any(axis=1).sum())


def _slope(is_silent: Flags, change: Floats, is_known: Flags) -> tuple[float, float]:
    """Return the difference of changes within calendar weeks, and its standard error clustered by account."""
    x, y = (_within_weeks(values, is_known) for values in (is_silent.astype(np.float64), change))
    spread = (x**2).sum()
    slope = (x * y).sum() / spread
    scores = (x * (y - slope * x)).sum(axis=1)
    accounts = is_known.any(axis=1).sum()
    return float(slope), float(np.sqrt((scores**2).sum() * accounts / (accounts - 1)) / spread)


def _within_weeks(values: Floats, is_known: Flags) -> Floats:
    """Return values less the mean of their week, 0 where not known."""
    kept = np.where(is_known, values, 0.0)
    means = kept.sum(axis=0) / np.maximum(is_known.sum(axis=0), 1)
    return np.where(is_known, kept - means, 0.0)


def _rule(weeks: int, found: _Found, p: float, adjusted: float) -> Decay:
    cautions: tuple[Caution, ...] = ("uncontrolled",)
    if _p(found.before) <= SURE:
        cautions = (*cautions, "differed before")
    is_seen = adjusted <= SURE and found.after[0] < 0
    change, before = _interval(found.after), _interval(found.before)
    return Decay(weeks, found.accounts, found.account_weeks, change, before, p, adjusted, is_seen, cautions)


def _p(found: tuple[float, float]) -> float:
    return float(2 * norm.sf(abs(found[0]) / found[1]))


def _interval(found: tuple[float, float]) -> Interval:
    reach = norm.ppf((1 + LEVEL) / 2) * found[1]
    value, low, high = (float(np.expm1(found[0] + side * reach)) for side in (0, -1, 1))
    return Interval(value, low, high, LEVEL)


def _holm(p: Floats) -> Floats:
    order = np.argsort(p)
    found = np.empty(len(p))
    found[order] = np.minimum(np.maximum.accumulate(p[order] * (len(p) - np.arange(len(p)))), 1.0)
    return found
