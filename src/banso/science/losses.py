"""Losses and flags in the history of accounts: how early a loss was flagged, which was missed, which flag was false."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from banso.science.basis import Days, Flags, Floats, Interval, Whole
from banso.science.proportions import LEVEL, clustered_share


@dataclass(frozen=True)
class Losses:
    """Each loss (k,) by the last row before it, as an index into the rows.

    `row`; `flagged`: that row was flagged; `ever`: some row of the account's life until then was; `lead_days`: from the
    first row of the flag that stayed until the loss to the loss, NaN where it was not flagged; `false_alarms` (f,):
    the first row of each spell of flags after which nothing was lost.
    """

    row: Whole
    flagged: Flags
    ever: Flags
    lead_days: Floats
    false_alarms: Whole


@dataclass(frozen=True)
class Surprise:
    """How many losses came as one: not flagged when they happened, and not once in the account's life before.

    `lead_days`: the median of those that were flagged, None where fewer than 6 were. Money: the same shares of revenue.
    """

    losses: int
    not_flagged: Interval
    never_flagged: Interval
    not_flagged_money: Interval
    never_flagged_money: Interval
    lead_days: Interval | None


def losses(account: Whole, on: Days, flagged: Flags, lost: Flags, lost_on: Days | None = None) -> Losses:
    """Find the losses in rows (n,) of accounts on days, where `lost` says that a loss follows within the horizon.

    `lost_on` (n,): the day of that loss, NaT where none; without it a loss is taken to follow the last of
    neighbouring lost rows at once, so that leads are "at least". Order of rows does not matter.
    """
    order = np.lexsort((on, account))
    who, day, flag, gone = account[order], on[order], flagged[order], lost[order]
    # A loss is told by its day where that is known, else by being neighbours.
    loss = np.zeros(len(who)) if lost_on is None else lost_on[order].astype("datetime64[D]").astype(np.int64)
    last = gone & np.append(changes(who, gone, loss)[1:], True)
    starts = changes(who) | np.insert(last[:-1], 0, True)
    spell = flag & (starts | np.insert(~flag[:-1], 0, True))
    place = np.arange(len(who))
    since = np.maximum.accumulate(np.where(spell, place, 0))
    count = np.cumsum(flag)
    before = np.maximum.accumulate(np.where(starts, count - flag, 0))
    ends = np.flatnonzero(last)
    when = day if lost_on is None else lost_on[order]
    lead = (when[ends] - day[since[ends]]) / np.timedelta64(1, "D")
    number = np.cumsum(spell) - 1
    warned = np.zeros(int(spell.sum()), dtype=np.bool_)
    warned[number[flag & gone]] = True
    return Losses(
        order[ends],
        flag[ends],
        (count - before)[ends] > 0,
        np.where(flag[ends], lead, np.nan),
        order[np.flatnonzero(spell)[~warned]],
    )


def changes(*columns: NDArray[np.generic]) -> Flags:
    """Return where rows (n,) differ from the row before; the first does."""
    differs = [column[1:] != column[:-1] for column in columns]
    return np.insert(np.logical_or.reduce(differs), 0, True)


def surprise(found: Losses, account: Whole, arr: Floats, level: float = LEVEL) -> Surprise:
    """Return the shares of losses that came as a surprise; account and arr (n,) of the rows that losses point into."""
    who, money = account[found.row], np.nan_to_num(arr[found.row])
    lead = found.lead_days[found.flagged]
    return Surprise(
        len(found.row),
        clustered_share(~found.flagged, who, level=level),
        clustered_share(~found.ever, who, level=level),
        clustered_share(~found.flagged, who, money, level),
        clustered_share(~found.ever, who, money, level),
        median(lead, level),
    )


def median(values: Floats, level: float = LEVEL) -> Interval | None:
    """Return the median of values (n,) with the exact interval from its neighbours in order; None where n is too few.

    Distribution-free (David & Nagaraja 2003): the bounds are those order statistics that hold the median with at least
    the level, which at 95 % takes 6 values.
    """
    count = len(values)
    below = int(stats.binom.ppf((1 - level) / 2, count, 0.5))
    # So many values may lie below the bound with at most half of what the level leaves.
    rank = below if stats.binom.cdf(below - 1, count, 0.5) <= (1 - level) / 2 else below - 1
    if rank < 1:
        return None
    ordered = np.sort(values)
    return Interval(float(np.median(values)), float(ordered[rank - 1]), float(ordered[count - rank]), level)
