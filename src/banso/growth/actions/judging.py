"""Keep what was foreseen once a week, and say how it turned out when its time has come."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from banso.growth.models import Crossing, Forecast, Outcome, Standing
from banso.growth.rules import HORIZON_DAYS, judged
from banso.shared.periods import monday_of

BATCH: Final = 1000


def keep_forecasts(made: Iterable[Standing], *, on: date) -> None:
    """Keep what is foreseen of each quantity, unless its week has a forecast."""
    horizon = on + timedelta(days=HORIZON_DAYS - 1)
    Forecast.objects.bulk_create(
        [
            Forecast(
                line_id=row.line_id,
                week_on=monday_of(on),
                made_on=on,
                basis=row.basis,
                expected_on=row.crosses_on,
                low_on=row.low_on,
                high_on=row.high_on,
                probability=row.probability or 0.0,
                settles_on=row.high_on or horizon,
            )
            for row in made
            if row.state in {"expected", "unlikely"}
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def judge(*, on: date) -> int:
    """Say of each forecast whose interval has closed how it turned out; return how many. Three queries for all.

    A forecast of another question than the one that stands now (the limit, or what counts, was changed) is void.
    """
    due = list(Forecast.objects.filter(outcome="", settles_on__lt=on).order_by("pk"))
    basis = dict(Standing.objects.order_by("pk").values_list("line_id", "basis")) if due else {}
    crossings: dict[int, list[date]] = defaultdict(list)
    first = min((one.made_on for one in due), default=on)
    passed = (
        Crossing.objects.filter(crossed_on__gte=first).order_by("crossed_on", "pk") if due else Crossing.objects.none()
    )
    for line, day in passed.values_list("line_id", "crossed_on"):
        crossings[line].append(day)
    for one in due:
        crossed_on = next((day for day in crossings[one.line_id] if day >= one.made_on), None)
        one.outcome = judged(low_on=one.low_on, settles_on=one.settles_on, crossed_on=crossed_on)
        if basis.get(one.line_id) != one.basis:
            one.outcome = Outcome.VOID
    Forecast.objects.bulk_update(due, ["outcome"], batch_size=BATCH)
    return len(due)
