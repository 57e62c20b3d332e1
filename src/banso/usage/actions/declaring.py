"""Declare what measures ask of the properties of events: roll-ups count it from then on, past events too."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from banso.usage.models import DerivedEvent
from banso.usage.rules.measures import Measure


@transaction.atomic
def declare(measures: Iterable[Measure], *, now: datetime) -> int:
    """Let roll-ups count what measures ask of properties; return how much of it is new.

    The next roll-up counts the months anew in which such events lie. What no measure asks any more stays: to go back
    to it costs nothing.
    """
    wanted = {one.key: one for measure in measures for one in measure.derived}
    known = set(DerivedEvent.objects.filter(key__in=list(wanted)).values_list("key", flat=True))
    new = [
        DerivedEvent(key=key, event=one.event, where=list(one.where), value_of=one.value_of, declared_at=now)
        for key, one in sorted(wanted.items())
        if key not in known
    ]
    DerivedEvent.objects.bulk_create(new)
    return len(new)
