"""What each account's week should bring: its slow level, times the calendar, times what all accounts share that week.

The level follows two weeks late, so that a drop is not taken for the new level before it is seen. Yearly seasons beyond
the calendar that only one account has are not modelled.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]

# Weeks an account must have before it is watched, and by how many its level follows late.
LEAST_WEEKS: Final = 8
LAG: Final = 2
# How fast the level follows: half of a change is taken in after about 13 weeks.
FOLLOWS: Final = 0.05
# A week counts for at most so many of its standard deviations.
CLIP: Final = 3.0
# Below this many events a week, or up to so many seats, an account has the monthly table instead.
LEAST_VOLUME: Final = 5.0
FEW_SEATS: Final = 10
CLASSES: Final = (25.0, 100.0, 400.0)
# The own scatter of an account counts against that of its like as if the latter had been seen for so many weeks.
PRIOR_WEEKS: Final = 12.0
FORGETS: Final = 0.98
LEAST_VARIANCE: Final = 1e-4
NORMAL_MEDIAN: Final = 0.6744897501960817
# What all share needs some accounts to be seen: with so many, half of it is believed.
PEERS: Final = 8.0
# Of a normal distribution, between minus and plus so many deviations lie 80 %.
QUANTILE: Final = 1.2815515655446004


@dataclass(frozen=True)
class Volumes:
    """What n accounts brought in w weeks, oldest first.

    weekly (n, w): events a week, NaN where the account was no customer yet or no longer. calendar (w,): what each week
    should bring, in plain weeks (calendar.WorkingDays.weekly). seats (n, w): seats under contract, NaN where not known.
    peers (n,): codes of those alike, such as the segment.
    """

    weekly: Floats
    calendar: Floats
    seats: Floats
    peers: Whole


@dataclass(frozen=True)
class Courses:
    """Volume against what was expected; (n, w), NaN where not watched.

    `expected`: events. `ratio`: log of what came to what was expected. `deviation`: its standard deviation. `short`:
    how far the week fell below, in deviations, clipped. `shared` (w,): what all had in common beyond the calendar, 1 =
    nothing. `group` (n,): class of volume, -1 = too small to be watched.
    """

    expected: Floats
    ratio: Floats
    deviation: Floats
    short: Floats
    shared: Floats
    group: Whole

    def band(self) -> tuple[Floats, Floats]:
        """Return (n, w) between which volumes four weeks in five were expected to lie."""
        reach = QUANTILE * self.deviation
        low, high = ((self.expected + 0.5) * np.exp(side * reach) - 0.5 for side in (-1.0, 1.0))
        return np.maximum(low, 0.0), high


def courses(volumes: Volumes) -> Courses:
    """Return what each week was expected to bring from the weeks before it, and how short it fell of that."""
    usual = _usual(volumes)
    is_watched = (usual >= LEAST_VOLUME) & ~(_latest(volumes.seats) <= FEW_SEATS)
    group = np.where(is_watched, np.searchsorted(CLASSES, usual, side="right"), -1)
    blank = np.full(volumes.weekly.shape, np.nan)
    expected, ratio, deviation = blank, blank.copy(), blank.copy()
    shared = np.ones(volumes.weekly.shape[1])
    if is_watched.any():
        which = np.flatnonzero(is_watched)
        peers = np.unique(volumes.peers[which], return_inverse=True)[1]
        follower = _Follower(volumes.weekly[which], volumes.calendar, _seats_lost(volumes.seats[which]), peers)
        expected[which], ratio[which], deviation[which], shared = follower.follow(usual[which])
    short = np.clip(-ratio / deviation, -CLIP, CLIP)
    return Courses(expected, ratio, deviation, short, shared, group.astype(np.int64))


class _Follower:
    """Walks through the weeks of all watched accounts at once, and never looks ahead of the week it stands in."""

    def __init__(self, weekly: Floats, calendar: Floats, lost: Floats, peers: Whole) -> None:
        self._weekly, self._peers = weekly, peers
        self._left = np.log(calendar) + lost
        self._level = np.zeros(len(weekly))
        self._seen = np.zeros(len(weekly))
        self._squares = np.zeros(len(weekly))
        self._weeks = np.zeros(len(weekly))

    def follow(self, usual: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Return expected, ratio, deviation (n, w) and what all shared (w,)."""
        prior = _prior(np.log(self._weekly + 0.5) - self._left, usual)
        expected, ratio, deviation = (np.full(self._weekly.shape, np.nan) for _ in range(3))
        shared = np.zeros(self._weekly.shape[1])
        together = np.zeros(self._weekly.shape)
        for week in range(self._weekly.shape[1]):
            is_ready = self._seen >= LEAST_WEEKS
            own = np.sqrt((PRIOR_WEEKS * prior + self._squares) / (PRIOR_WEEKS + self._weeks))
            plain = np.exp(self._level + self._left[:, week])
            raw = np.where(is_ready, _log_ratio(self._weekly[:, week], plain), np.nan)
            together[:, week], shared[week] = self._shared(raw)
            expected[:, week] = np.where(is_ready, plain * np.exp(together[:, week]), np.nan)
            ratio[:, week] = _log_ratio(self._weekly[:, week], expected[:, week])
            deviation[:, week] = own * _spread(ratio[:, week] / own)
            if week >= LAG:
                self._take_in(week - LAG, together[:, week - LAG], ratio[:, week - LAG], own)
        return expected, ratio, deviation, np.exp(shared)

    def _shared(self, raw: Floats) -> tuple[Floats, float]:
        """Return what each account (n,) shares with all and with its peers this week, and the part of all, as logs."""
        everybody = _middle(raw)
        found = np.full(len(raw), everybody)
        for peers in range(int(self._peers.max()) + 1):
            alike = self._peers == peers
            found[alike] += _middle(raw[alike] - everybody)
        return found, everybody

    def _take_in(self, week: int, together: Floats, ratio: Floats, own: Floats) -> None:
        """Let level and scatter follow what a week brought; the first weeks count alike, later ones a little each."""
        weekly = self._weekly[:, week]
        is_known = np.isfinite(weekly)
        plain = np.log(weekly + 0.5) - self._left[:, week] - together
        reach = np.where(self._seen < LEAST_WEEKS, np.inf, CLIP * own)
        step = np.clip(plain - self._level, -reach, reach)
        follows = np.maximum(1 / (self._seen + 1), FOLLOWS)
        self._level = np.where(is_known, self._level + follows * step, self._level)
        self._seen += is_known
        squares = np.minimum(ratio**2, (CLIP * own) ** 2)
        counts = np.isfinite(ratio)
        self._squares = np.where(counts, FORGETS * self._squares + squares, self._squares)
        self._weeks = np.where(counts, FORGETS * self._weeks + 1, self._weeks)


def _log_ratio(came: Floats, expected: Floats) -> Floats:
    return np.asarray(np.log((came + 0.5) / (expected + 0.5)), dtype=np.float64)


def _middle(raw: Floats) -> float:
    """Return the median of those known, the less believed the fewer they are."""
    known = raw[np.isfinite(raw)]
    return float(np.median(known)) * len(known) / (len(known) + PEERS) if len(known) else 0.0


def _spread(scaled: Floats) -> float:
    """Return by how much all scatter more than usual this week, as in weeks with closings; never less than 1."""
    known = scaled[np.isfinite(scaled)]
    if not len(known):
        return 1.0
    found = float(np.median(np.abs(known))) / NORMAL_MEDIAN
    return max(1.0, 1.0 + (found - 1.0) * len(known) / (len(known) + PEERS))


def _prior(logs: Floats, usual: Floats) -> Floats:
    """Return (n,) what a log week's variance is among accounts of like volume: a + b / volume.

    From what neighbouring weeks differ by, beyond what all differ by.
    """
    steps = np.diff(logs, axis=1)
    steps = steps - np.nanmedian(steps, axis=0, keepdims=True)
    scatter = (np.nanmedian(np.abs(steps), axis=1) / NORMAL_MEDIAN) ** 2 / 2
    is_known = np.isfinite(scatter)
    design = np.column_stack([np.ones(len(usual)), 1 / usual])
    found, _ = nnls(design[is_known], scatter[is_known])
    return np.asarray(np.maximum(design @ found, LEAST_VARIANCE), dtype=np.float64)


def _usual(volumes: Volumes) -> Floats:
    """Return (n,) the median plain week; 0 where an account has too few weeks to be watched."""
    plain = volumes.weekly / volumes.calendar
    found = np.zeros(len(plain))
    enough = np.isfinite(plain).sum(axis=1) > LEAST_WEEKS + LAG
    if enough.any():
        found[enough] = np.nanmedian(plain[enough], axis=1)
    return found


def _latest(seats: Floats) -> Floats:
    """Return (n,) the last seats known, NaN where none are."""
    weeks = np.where(np.isfinite(seats), np.arange(seats.shape[1]), 0).max(axis=1)
    return np.asarray(seats[np.arange(len(seats)), weeks], dtype=np.float64)


def _seats_lost(seats: Floats) -> Floats:
    """Return (n, w) the log of what seats given up leave of the volume; seats added promise nothing yet."""
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.diff(np.log(seats), axis=1, prepend=np.log(seats[:, :1]))
    return np.asarray(np.cumsum(np.where(np.isfinite(steps), np.minimum(steps, 0.0), 0.0), axis=1), dtype=np.float64)
