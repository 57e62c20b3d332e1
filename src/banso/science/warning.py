"""When an account's use falls against its own past: alarms at a rate of false alarms that the user asks for.

What a week brings short of what it should (see courses), in the account's own scatter, adds up in a one-sided CUSUM
(Page 1954, "Continuous inspection schemes"); the height at which the sum alarms is found from the company's own quiet
history by a bootstrap of blocks of weeks (Künsch 1989), for each class of volume, so that alarms come at the asked rate
(Fricker, Hegler & Dunfee 2008, "Comparing syndromic surveillance detection methods"). Rises never alarm.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from banso.science.basis import NotEnough
from banso.science.courses import CLASSES, QUANTILE, Courses, Volumes, courses

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Whole = NDArray[np.int64]

YEAR: Final = 52
# The sum forgives a part of a deviation each week.
FORGIVEN: Final = 0.5
# After an alarm it forgives more, so that an account back at its level is soon watched anew.
FORGIVEN_AFTER: Final = 1.0
BLOCK: Final = 26
PATHS: Final = 1000
PATH_YEARS: Final = 4
HIGHEST: Final = 60.0
LEAST_QUIET_WEEKS: Final = 520
BISECTIONS: Final = 14
# A drop is no false alarm if the weeks after it was seen lie this many deviations low in the mean, too.
CLEANINGS: Final = 2
LASTS: Final = 6
LASTING: Final = 0.8
# A week in which all accounts stand this far below what they should is an outage of ours, not of theirs.
OUTAGE: Final = 0.75
LEAST_OF_OUTAGE: Final = 10


@dataclass(frozen=True)
class Limits:
    """At which height the sum alarms, for each class of volume (g,), and the rate of false alarms a year asked for."""

    heights: tuple[float, ...]
    asked: float
    quiet_weeks: int


@dataclass(frozen=True)
class Drops:
    """Alarms, ordered by account and week, (m,) each: the account, and the weeks in which it changed and was seen.

    `ended`: the first week with the sum back at nothing, -1 while it lasts. `size`, `low`, `high`: change of the volume
    against what was expected (-0.3 = 30 % less) from the change until it was seen, with its 80 % interval. As the alarm
    chose the moment, sizes near the smallest that alarm look a little larger than they are.
    """

    account: Whole
    since: Whole
    seen: Whole
    ended: Whole
    size: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Watch:
    """What watching found: the courses, the heights, the alarms, and (week, share left) of outages that hit all."""

    courses: Courses
    limits: Limits
    drops: Drops
    outages: tuple[tuple[int, float], ...]


def watch(
    volumes: Volumes, *, alarms_a_year: float, seed: int, quiet: Flags | None = None, limits: Limits | None = None
) -> Watch | NotEnough:
    """Return the alarms of all accounts at `alarms_a_year` false ones per account and year.

    `quiet` (n, w): the weeks to learn the heights from, all at first. `limits`: heights that were learned before,
    instead. What is said of a week never rests on those after it, but for the class of volume and the prior scatter.
    """
    found = courses(volumes)
    learned = limits or learn(found, alarms_a_year=alarms_a_year, seed=seed, quiet=quiet)
    if isinstance(learned, NotEnough):
        return learned
    outages: tuple[tuple[int, float], ...] = ()
    if (found.group >= 0).sum() >= LEAST_OF_OUTAGE:
        outages = tuple((int(week), float(found.shared[week])) for week in np.flatnonzero(found.shared <= OUTAGE))
    return Watch(found, learned, _drops(found, learned), outages)


def learn(found: Courses, *, alarms_a_year: float, seed: int, quiet: Flags | None = None) -> Limits | NotEnough:
    """Return the heights at which sums alarm at the asked rate; a class with too little history takes that of all.

    Drops that lasted after they were seen are no false alarms, and are left out of what is learned from.
    """
    is_known = np.isfinite(found.short) if quiet is None else np.isfinite(found.short) & quiet
    have = int(is_known.sum())
    if have < LEAST_QUIET_WEEKS:
        return NotEnough({"account_weeks": LEAST_QUIET_WEEKS}, {"account_weeks": have}, "monthly table")
    limits = _limits(found, is_known, alarms_a_year, seed)
    for _ in range(CLEANINGS):
        limits = _limits(found, is_known & ~_lasting(found, limits), alarms_a_year, seed)
    return limits


def _limits(found: Courses, is_quiet: Flags, alarms_a_year: float, seed: int) -> Limits:
    everybody = _height(found.short[is_quiet], alarms_a_year, np.random.default_rng(seed))
    heights = []
    for group in range(len(CLASSES) + 1):
        own = found.short[is_quiet & (found.group == group)[:, None]]
        enough = len(own) >= LEAST_QUIET_WEEKS
        heights.append(_height(own, alarms_a_year, np.random.default_rng(seed)) if enough else everybody)
    return Limits(tuple(heights), alarms_a_year, int(is_quiet.sum()))


def _lasting(found: Courses, limits: Limits) -> Flags:
    """Return (n, w) the weeks of alarms whose following weeks, which had no part in the alarm, stood low as well."""
    drops = _drops(found, limits)
    low = np.zeros(found.short.shape, bool)
    for account, since, seen, ended in zip(drops.account, drops.since, drops.seen, drops.ended, strict=True):
        after = found.short[account, seen + 1 : seen + 1 + LASTS]
        if np.isfinite(after).sum() == LASTS and after.mean() > LASTING:
            low[account, since : ended if ended > 0 else None] = True
    return low


def _height(series: Floats, alarms_a_year: float, rng: np.random.Generator) -> float:
    """Return the height of the sum that alarms at the asked rate on years made of blocks of a quiet `series` (k,)."""
    count = PATH_YEARS * YEAR // BLOCK
    starts = rng.integers(0, len(series), (PATHS, count))
    paths = series[(starts[:, :, None] + np.arange(BLOCK)) % len(series)].reshape(PATHS, -1)
    low, high = 0.0, HIGHEST
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        alarms = _walk(paths, np.full(PATHS, middle))[0].sum() / (PATHS * PATH_YEARS)
        low, high = (middle, high) if alarms > alarms_a_year else (low, middle)
    return high


def _walk(short: Floats, heights: Floats) -> tuple[Flags, Whole, Flags]:
    """Return (n, w) where sums alarm, since when they stand above nothing, and where an alarm ends.

    The sum stays below its height, so that it comes back as soon as use does; until then there is no second alarm.
    """
    alarms, ends = np.zeros(short.shape, bool), np.zeros(short.shape, bool)
    since = np.zeros(short.shape, np.int64)
    total, is_on = np.zeros(len(short)), np.zeros(len(short), bool)
    begun = np.zeros(len(short), np.int64)
    for week in range(short.shape[1]):
        forgiven = np.where(is_on, FORGIVEN_AFTER, FORGIVEN)
        step = np.where(np.isfinite(short[:, week]), short[:, week] - forgiven, 0.0)
        begun = np.where(total > 0, begun, week)
        total = np.minimum(np.maximum(total + step, 0.0), heights)
        alarms[:, week] = ~is_on & (total >= heights)
        ends[:, week] = is_on & (total <= 0)
        is_on = (is_on | alarms[:, week]) & ~ends[:, week]
        since[:, week] = begun
    return alarms, since, ends


def _drops(found: Courses, limits: Limits) -> Drops:
    heights = np.array([*limits.heights, np.inf])[found.group]
    alarms, since, ends = _walk(found.short, heights)
    account, seen = np.nonzero(alarms)
    begun = since[account, seen]
    # The nth end of an account is that of its nth alarm.
    ended = np.full(len(account), -1)
    order = np.arange(len(account)) - np.searchsorted(account, account)
    who, when = np.nonzero(ends)
    firsts = np.searchsorted(who, account)
    has_ended = order < np.searchsorted(who, account, side="right") - firsts
    ended[has_ended] = when[(firsts + order)[has_ended]]
    sums = np.cumsum(np.pad(np.nan_to_num(found.ratio), ((0, 0), (1, 0))), axis=1)
    weeks = seen + 1 - begun
    mean = (sums[account, seen + 1] - sums[account, begun]) / weeks
    reach = QUANTILE * found.deviation[account, seen] / np.sqrt(weeks)
    size, low, high = (np.expm1(mean + side * reach) for side in (0.0, -1.0, 1.0))
    return Drops(account, begun, seen, ended, size, low, high)
