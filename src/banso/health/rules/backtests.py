"""What a backtest asks: an outcome, a horizon, and a past that is looked at from many of its days."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count, takewhile
from typing import Final, Literal

from banso.health.rules.outcomes import Outcome

type Rhythm = Literal["weekly", "four_weekly", "quarterly"]
type Known = Literal["event", "received"]

RHYTHMS: Final[dict[Rhythm, int]] = {"weekly": 1, "four_weekly": 4, "quarterly": 13}
HORIZONS: Final = (30, 60, 90, 180, 365)
# The later part of a period is what a definition is tested on, where nobody says otherwise.
TESTED_SHARE: Final = 0.5
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked: scores as of Mondays from `since` to `until`, and what happened up to `horizon_days` later.

    With `split_on` only days from then on are tested, so that what a definition was tuned on does not count for it;
    days before whose horizon reaches into them are in neither part. `known`: events count by when they happened, or
    by when they had come in, too. `capacity`: at how many accounts the team can look in a month.
    """

    outcome: Outcome
    horizon_days: int
    since: date
    until: date
    rhythm: Rhythm = "four_weekly"
    split_on: date | None = None
    known: Known = "event"
    capacity: int = 20

    def days(self) -> list[date]:
        """Return the Mondays looked from, oldest first."""
        first = self.since + timedelta(days=-self.since.weekday() % 7)
        step = _WEEK * RHYTHMS[self.rhythm]
        return list(takewhile(lambda day: day <= self.until, (first + step * nr for nr in count())))

    def is_tested(self, day: date) -> bool:
        """Return whether a day belongs to the part that is tested."""
        return self.split_on is None or day >= self.split_on

    def is_before(self, day: date) -> bool:
        """Return whether a day belongs to the earlier part: its horizon ends before the tested part begins."""
        return self.split_on is not None and day + timedelta(days=self.horizon_days) <= self.split_on

    def with_usual_split(self) -> "Asked":
        """Return the same with the later part of the period tested."""
        days = round((self.until - self.since).days * (1 - TESTED_SHARE))
        return replace(self, split_on=self.since + timedelta(days=days))


def horizon_faults(outcome: Outcome, horizon_days: int) -> bool:
    """Return whether a horizon is too short: a silence that began before the day would be known on it already."""
    return outcome.kind == "silent" and horizon_days < outcome.days
