"""How good the forecasts were: of those whose interval has closed, how many crossings fell into it."""

from dataclasses import dataclass

from django.db.models import Count, Q

from banso.growth.models import Forecast
from banso.growth.rules import LEAST_JUDGED


@dataclass(frozen=True)
class Record:
    """How many forecasts of a crossing have been judged, how many were right, and whether that is enough to tell."""

    judged: int
    hits: int

    @property
    def is_enough(self) -> bool:
        """Return whether the share means anything yet."""
        return self.judged >= LEAST_JUDGED

    @property
    def missing(self) -> int:
        """Return how many more have to be judged before the share is told."""
        return max(0, LEAST_JUDGED - self.judged)

    @property
    def share(self) -> float | None:
        """Return the share 0–1 that was right; None where none was judged."""
        return self.hits / self.judged if self.judged else None


def record() -> Record:
    """Return how the forecasts of crossings turned out; one query."""
    settled = Forecast.objects.filter(expected_on__isnull=False, outcome__in=("hit", "early", "late"))
    found = settled.aggregate(judged=Count("pk"), hits=Count("pk", filter=Q(outcome="hit")))
    return Record(found["judged"], found["hits"])
