"""Features are asked what they say of staying; what was found takes the place of what was found before."""

from datetime import date, datetime
from typing import Any, Final

import numpy as np
from django.db import transaction

from banso.health.models import Marking
from banso.health.queries.marking import gathered
from banso.science.adoption import LANDMARK_WEEKS, Marker, markers
from banso.science.basis import NotEnough

SEED: Final = 20_240_401


def mark(*, on: date, now: datetime) -> int | None:
    """Judge all features as of a day; return how many are candidates, None where no customer can be judged by."""
    found = gathered(on)
    if found is None:
        return None
    histories = found.histories
    judged = markers(histories, window=(found.first_on, on), seed=SEED)
    made = Marking(as_of_on=on, computed_at=now, too_new=found.too_new)
    if isinstance(judged, NotEnough):
        is_there = (histories.observed >= LANDMARK_WEEKS) & np.isfinite(histories.kept)
        made.accounts, made.losses = int(is_there.sum()), judged.have["losses"]
        made.missing = max(judged.needed[name] - have for name, have in judged.have.items())
    else:
        made.accounts, made.losses = judged.basis.accounts, judged.basis.events
        made.rows = [_plain(row) for row in judged.rows]
    with transaction.atomic():
        Marking.objects.all().delete()
        made.save()
    return len([row for row in made.rows if row["verdict"] == "candidate"])


def _plain(row: Marker) -> dict[str, Any]:
    same = ("feature", "users", "kept_with", "kept_without", "q_value", "stability", "verdict", "draw")
    said = {name: getattr(row, name) for name in same}
    one = row.difference
    return {**said, "difference": one.value, "low": one.low, "high": one.high}
