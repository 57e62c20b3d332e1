"""The catalogue of event names: what each stands for now, how much of it came, and with which properties."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Q, QuerySet

from banso.usage.models import DerivedEvent, EventFacts, EventKind, EventName
from banso.usage.models.manifest import Manifest
from banso.usage.rules.deriving import FIRST_NUMBER, Derived
from banso.usage.rules.names import NameRule

PAGE: Final = 50
SORTS: Final = {
    "name": "name",
    "kind": "kind",
    "recent": "facts__n_recent",
    "n": "facts__n",
    "people": "facts__people",
    "accounts": "facts__accounts",
    "first": "facts__first_at",
    "last": "facts__last_at",
}
NEWEST_FIRST: Final = "-recent"


@dataclass(frozen=True)
class CatalogueRow:
    """A name that events came with; the counts are None until the describing job has seen it.

    `n_recent`, `people` and `accounts` are of 30 days; `days` are those days, the oldest first.
    """

    id: int
    name: str
    label: str
    kind: str
    kind_label: str
    counts_as_id: int | None
    counts_as: str
    counts_as_name: str
    first_seen_at: datetime
    n: int | None
    n_recent: int | None
    people: int | None
    accounts: int | None
    first_at: datetime | None
    last_at: datetime | None
    days: tuple[int, ...]
    described_at: datetime | None


@dataclass(frozen=True)
class PropertyRow:
    """A property that events carry: of which types, with examples that tell of nobody, and the span of numbers."""

    name: str
    types: tuple[str, ...]
    examples: tuple[str, ...]
    low: float | None
    high: float | None


@dataclass(frozen=True)
class CatalogueDetail:
    """One name with its properties, and the names that count as it."""

    row: CatalogueRow
    properties: tuple[PropertyRow, ...]
    merged: tuple[CatalogueRow, ...]


@dataclass(frozen=True)
class Sought:
    """Which names are wanted, and in which order."""

    kind: str = ""
    text: str = ""
    sort: str = NEWEST_FIRST


def event_names_found(sought: Sought) -> QuerySet[EventName]:
    """Return the names that are found, in their order; sorted and counted by the database."""
    found = EventName.objects.select_related("facts", "counts_as")
    if sought.kind == "merged":
        found = found.filter(counts_as__isnull=False)
    elif sought.kind in EventKind.values:
        found = found.filter(kind=sought.kind, counts_as=None)
    if sought.text:
        found = found.filter(Q(name__icontains=sought.text) | Q(label__icontains=sought.text))
    column = F(SORTS.get(sought.sort.removeprefix("-"), SORTS["recent"]))
    is_descending = sought.sort.startswith("-")
    order = column.desc(nulls_last=True) if is_descending else column.asc(nulls_last=True)
    return found.order_by(order, "name", "pk")


def catalogue(sought: Sought, *, offset: int = 0, limit: int = PAGE) -> tuple[list[CatalogueRow], int]:
    """Return some names, and how many are found; two queries at any size."""
    found = event_names_found(sought)
    return catalogue_rows(found[offset : offset + limit]), found.count()


def catalogue_rows(found: QuerySet[EventName] | list[EventName]) -> list[CatalogueRow]:
    """Return names as rows, in the order given."""
    return [_row(one) for one in found]


def event_in_catalogue(event_id: int) -> CatalogueDetail | None:
    """Return one name, or None where it is not there."""
    one = EventName.objects.select_related("facts", "counts_as").filter(pk=event_id).first()
    if one is None:
        return None
    merged = EventName.objects.select_related("facts", "counts_as").filter(counts_as=one).order_by("name", "pk")
    facts = getattr(one, "facts", None)
    return CatalogueDetail(
        row=_row(one),
        properties=tuple(_property(said) for said in facts.properties) if facts else (),
        merged=tuple(catalogue_rows(merged)),
    )


def names_of_events(ids: Iterable[int]) -> list[str]:
    """Return the names of some rows, by name."""
    return list(EventName.objects.filter(pk__in=list(ids)).order_by("name", "pk").values_list("name", flat=True))


def merge_choices(event_id: int) -> list[tuple[int, str]]:
    """Return the names that another one may count as: those that count for themselves, by name."""
    found = EventName.objects.filter(counts_as=None).exclude(pk=event_id).order_by("name", "pk")
    return [(one.pk, f"{one.label} ({one.name})" if one.label else one.name) for one in found]


def meanings() -> dict[str, NameRule]:
    """Return every name and what it stands for now, as roll-ups count by it; who counts as another has its rule."""
    found = EventName.objects.order_by("bit", "pk").values_list(
        "name", "bit", "kind", "counts_as__name", "counts_as__bit", "counts_as__kind"
    )
    names = {
        name: NameRule(bit=other_bit if other else bit, kind=str(other_kind if other else kind), counts_as=other or "")
        for name, bit, kind, other, other_bit, other_kind in found
    }
    return names | {key: NameRule(FIRST_NUMBER + pk, "derived") for pk, key in _derived().values_list("pk", "key")}


def properties_seen() -> dict[str, tuple[str, ...]]:
    """Return the properties that events of each name carried, as far as they were looked at."""
    found = EventFacts.objects.order_by("event__name").values_list("event__name", "properties")
    return {name: tuple(one["name"] for one in said) for name, said in found if said}


def numbers_seen() -> list[str]:
    """Return the properties that were numbers, of any event, by name."""
    found = EventFacts.objects.order_by("event__name").values_list("properties", flat=True)
    return sorted({one["name"] for said in found for one in said if one.get("low") is not None})


def derived_events() -> dict[int, Derived]:
    """Return what is declared of events' properties, by the number under which roll-ups count it."""
    return {FIRST_NUMBER + one.pk: Derived(one.event, tuple(one.where), one.value_of) for one in _derived()}


def is_counted_as_meant(seen: Manifest) -> bool:
    """Return whether the roll-ups count every name by what it stands for now."""
    now, then = meanings(), seen.roll_up.catalogue
    is_declared = all(name in then for name, rule in now.items() if rule.kind == "derived")
    return is_declared and all(now.get(name) == rule for name, rule in then.items())


def _derived() -> QuerySet[DerivedEvent]:
    return DerivedEvent.objects.order_by("pk")


def _row(one: EventName) -> CatalogueRow:
    facts: Any = getattr(one, "facts", None)
    return CatalogueRow(
        id=one.pk,
        name=one.name,
        label=one.label,
        kind=str(one.kind),
        kind_label=one.get_kind_display(),
        counts_as_id=one.counts_as_id,
        counts_as=str(one.counts_as) if one.counts_as else "",
        counts_as_name=one.counts_as.name if one.counts_as else "",
        first_seen_at=one.first_seen_at,
        n=facts.n if facts else None,
        n_recent=facts.n_recent if facts else None,
        people=facts.people if facts else None,
        accounts=facts.accounts if facts else None,
        first_at=facts.first_at if facts else None,
        last_at=facts.last_at if facts else None,
        days=tuple(facts.days) if facts else (),
        described_at=facts.described_at if facts else None,
    )


def _property(said: dict[str, Any]) -> PropertyRow:
    return PropertyRow(
        name=said["name"],
        types=tuple(said["types"]),
        examples=tuple(said["examples"]),
        low=said["low"],
        high=said["high"],
    )
