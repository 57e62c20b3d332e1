"""Keep a row for every name that events came with."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max

from banso.usage.models import EventKind, EventName
from banso.usage.rules.names import default_kind


def know_names(names: Iterable[str], *, now: datetime) -> None:
    """Give each new name its bit and its default kind, in the order given; a name already known keeps both.

    Two queries, and one more for each 500 new names. Call under the lock of the lake or of the roll-ups: bits are
    given one after the other.
    """
    known = set(EventName.objects.values_list("name", flat=True))
    new = [name for name in names if name not in known]
    if not new:
        return
    highest = EventName.objects.aggregate(highest=Max("bit"))["highest"]
    next_bit = 0 if highest is None else highest + 1
    EventName.objects.bulk_create(
        [
            EventName(
                name=name,
                kind=EventKind(default_kind(name, known=len(known) + at)),
                bit=next_bit + at,
                first_seen_at=now,
            )
            for at, name in enumerate(new)
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
