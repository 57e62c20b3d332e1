"""The catalogue of measures: what is defined now, what was before, and what a file would change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from banso.health.models import MeasureVersion
from banso.health.queries.scorecards import current_scorecard
from banso.health.rules import Change, Count, Fault, Written, changes_of, count_from, read, written
from banso.health.rules.checking import gettext_noop
from banso.shared.conditions import condition_of, is_condition
from banso.usage import queries as usage


@dataclass(frozen=True)
class MeasureVersionRow:
    """One version of a measure; the newest is in force, unless it retires the measure."""

    key: str
    version: int
    count: Count
    is_retired: bool
    note: str
    defined_at: datetime
    defined_by: str


@dataclass(frozen=True)
class Plan:
    """What a file would do, and what is odd about it though it can be applied."""

    written: Written
    changes: tuple[Change, ...]
    remarks: tuple[Fault, ...]


def measures(*, with_retired: bool = False) -> list[MeasureVersionRow]:
    """Return every measure that is defined, in its newest version, by key."""
    newest = MeasureVersion.objects.filter(key=OuterRef("key")).order_by("-version", "-pk").values("pk")[:1]
    found = _versions().filter(pk=Subquery(newest))
    return [_row(one) for one in (found if with_retired else found.filter(is_retired=False))]


def measure_versions(key: str) -> list[MeasureVersionRow]:
    """Return all versions of a measure, newest first; none where there is no such measure."""
    return [_row(one) for one in _versions().filter(key=key)]


def exported() -> str:
    """Return all definitions in force as a file."""
    card = current_scorecard()
    return written([one.count for one in measures()], card.definition if card else None)


def plan(text: str, *, prune: bool = False) -> Plan:
    """Return what a file of definitions would change; raises WrongDefinition with every fault and its line."""
    said = read(text, also=unknown_properties())
    card = current_scorecard()
    before = {one.key: one.count for one in measures()}
    changes = changes_of(before, card.definition if card else None, said, prune=prune)
    return Plan(said, tuple(changes), tuple(_remarks(said)))


def unknown_properties() -> Callable[[Count], list[Fault]]:
    """Return what finds properties that no event of a measure has come with; where none is known, nothing is said."""
    seen = usage.properties_seen()
    message = gettext_noop("No such event has come with the property %(name)s. Choose one of: %(known)s.")

    def find(count: Count) -> list[Fault]:
        of = [seen[name] for name in count.events if name in seen] if count.events else list(seen.values())
        known = {name for names in of for name in names}
        asked = [("where", condition_of(text).name) for text in count.where if is_condition(text)]
        asked += [("value_of", count.value_of)] if count.value_of else []
        return [
            Fault(f"measures.{count.key}", message, {"name": name, "known": ", ".join(sorted(known))}, field)
            for field, name in asked
            if known and name not in known
        ]

    return find


def _remarks(said: Written) -> list[Fault]:
    """Return which events are counted that none has come of."""
    known = {one.name for one in usage.event_names()}
    message = gettext_noop("No event “%(name)s” has come yet: it counts as 0 until one does. Check how it is written.")
    counted = [*said.measures, *(said.scorecard.measures if said.scorecard else ())]
    return [
        Fault(f"measures.{one.key}", message, {"name": name})
        for one in counted
        for name in one.events
        if name not in known
    ]


def _versions() -> QuerySet[MeasureVersion]:
    return MeasureVersion.objects.select_related("defined_by").order_by("key", "-version", "-pk")


def _row(one: MeasureVersion) -> MeasureVersionRow:
    return MeasureVersionRow(
        key=one.key,
        version=one.version,
        count=count_from(one.key, one.definition),
        is_retired=one.is_retired,
        note=one.note,
        defined_at=one.defined_at,
        defined_by=str(one.defined_by) if one.defined_by else "Banso",
    )
