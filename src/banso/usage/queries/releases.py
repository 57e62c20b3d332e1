"""Which features came with which release."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from banso.usage.models import Release, ReleasedFeature


@dataclass(frozen=True)
class ReleaseRow:
    """A release; `features` are the names of its events, each with the plans and options that include it."""

    id: int
    name: str
    released_on: date
    features: dict[str, tuple[str, ...]]


def releases() -> list[ReleaseRow]:
    """Return all releases with their features, newest first; two queries."""
    held: dict[int, dict[str, tuple[str, ...]]] = defaultdict(dict)
    found = ReleasedFeature.objects.order_by("event__name", "pk")
    for release_id, name, plans in found.values_list("release_id", "event__name", "included_in"):
        held[release_id][name] = tuple(plans)
    return [
        ReleaseRow(id=one.pk, name=one.name, released_on=one.released_on, features=dict(held[one.pk]))
        for one in Release.objects.order_by("-released_on", "-pk")
    ]
