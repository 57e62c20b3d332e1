"""The catalogue of measures as people read it: in words, over their accounts, and where each is used."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from banso.accounts import queries as accounts
from banso.health.queries.describing import UNITS, kind_choices, meaning_text
from banso.health.queries.gathering import asked_of, book, contract_facts, counted_on
from banso.health.queries.measures import MeasureVersionRow, unknown_properties
from banso.health.queries.scorecards import current_scorecard
from banso.health.queries.wording import fault_text, said, value_text
from banso.health.rules import Count, faults_of_count
from banso.health.rules.spreads import Spread, spread_of
from banso.health.rules.writing import faults_of_key
from banso.usage import queries as usage

if TYPE_CHECKING:
    from django.db.models import QuerySet

EXAMPLES: Final = 5
_UNKNOWN: Final[Mapping[str, Callable[[], str]]] = {
    "never": lambda: _("0 where nothing happened; no value before the first event"),
    "without_people": lambda: _("Not known where no event says who it was"),
    "without_base": lambda: _("Not known where nobody was active"),
    "until_seen": lambda: _("Not known until both spans of days were seen, or where the earlier one had none"),
    "without_events": lambda: _("Not known where it did not happen"),
    "without_value": lambda: _("Not known where no event has a value"),
    "until_used": lambda: _("Not known until it happened once"),
}


@dataclass(frozen=True)
class Example:
    """An account with its value, as shown."""

    account_id: int
    name: str
    value: str


@dataclass(frozen=True)
class Values:
    """What a measure says of the accounts that somebody sees: spread, and those with the most and the fewest."""

    spread: Spread
    most: tuple[Example, ...]
    fewest: tuple[Example, ...]


@dataclass(frozen=True)
class CatalogueRow:
    """A measure in words, with its values and the scorecards that weigh the same count."""

    key: str
    version: int
    label: str
    meaning: str
    unit: str
    unknown: str
    values: Values
    low: str
    middle: str
    high: str
    used_in: tuple[str, ...]


def catalogue(rows: Sequence[MeasureVersionRow], *, on: date, visible: "QuerySet[Any]") -> list[CatalogueRow]:
    """Return measures as of a day over the accounts that are visible, in the order given."""
    values = values_of([one.count for one in rows], on=on, visible=visible)
    labels = feature_labels()
    used = _used()
    return [
        CatalogueRow(
            key=one.key,
            version=one.version,
            label=said(one.count.label),
            meaning=expression_text(one.count, labels),
            unit=str(UNITS[one.count.unit]),
            unknown=unknown_text(one.count),
            values=values[one.key],
            low=value_text(one.count, values[one.key].spread.low),
            middle=value_text(one.count, values[one.key].spread.middle),
            high=value_text(one.count, values[one.key].spread.high),
            used_in=tuple(used.get(one.count.expression, ())),
        )
        for one in rows
    ]


def values_of(counts: Sequence[Count], *, on: date, visible: "QuerySet[Any]") -> dict[str, Values]:
    """Return what measures say of visible accounts that are customers on a day, by key."""
    if not counts:
        return {}
    known = book()
    frame = counted_on(
        counts, [on], known.filter(known["left_on"].is_null() | (known["left_on"] > on)), contract_facts([on])
    )
    ids = set(visible.order_by("pk").values_list("pk", flat=True))
    frame = frame.filter(frame["account_id"].is_in(list(ids)))
    pairs = {one.key: list(frame.select("account_id", one.key).rows()) for one in counts}
    ends = {key: _ends(found) for key, found in pairs.items()}
    names = accounts.names_of({pk for most, fewest in ends.values() for pk, _value in (*most, *fewest)})

    def shown(count: Count, some: list[tuple[int, float]]) -> tuple[Example, ...]:
        return tuple(Example(pk, names.get(pk, ""), value_text(count, value)) for pk, value in some)

    return {
        one.key: Values(
            spread_of((value for _pk, value in pairs[one.key]), is_whole=one.unit not in {"percent", "times"}),
            shown(one, ends[one.key][0]),
            shown(one, ends[one.key][1]),
        )
        for one in counts
    }


def expression_text(count: Count, labels: Mapping[str, str]) -> str:
    """Return what a measure counts as one sentence."""
    text = meaning_text(count)
    if count.events:
        names = ", ".join(labels.get(name, name) for name in count.events)
        text = _("%(count)s; of: %(names)s") % {"count": text, "names": names}
    if count.where:
        text = _("%(count)s; where: %(conditions)s") % {"count": text, "conditions": ", ".join(count.where)}
    if count.value_of:
        text = _("%(count)s; values of: %(property)s") % {"count": text, "property": count.value_of}
    if count.level == "tree":
        text = _("%(count)s; with all accounts below it") % {"count": text}
    return text


def unknown_text(count: Count) -> str:
    """Return when a measure has no value."""
    if count.kind == "limit_share":
        return _("0 where nothing was used; not known without a contract that limits it")
    if count.source == "pulse":
        return _("Not known where no pulse was given, or it was taken back")
    if count.source == "contract" or count.per:
        return _("Not known without a contract that says it")
    return _UNKNOWN[usage.KINDS[count.kind].unknown]()  # type: ignore[index]  # checked when it was defined


def sql_text(count: Count, *, on: date) -> str:
    """Return the SQL that counts a measure as of a day; empty where contracts say it."""
    return usage.sql_of(asked_of(count), on) if count.source == "usage" else ""


def feature_labels() -> dict[str, str]:
    """Return what people call each event."""
    return {one.name: one.label or one.name for one in usage.event_names()}


def count_faults(count: Count) -> list[tuple[str, str]]:
    """Return what is wrong with a measure: the field and the sentence."""
    faults = [*faults_of_key(count.key), *faults_of_count(count, count.key), *unknown_properties()(count)]
    return [(fault.field, fault_text(fault)) for fault in faults]


def measure_choices(before: Count | None) -> dict[str, list[tuple[str, str]]]:
    """Return what a form of a measure offers; events that it has are offered even if none of them ever came."""
    labels = {name: name for name in before.events} if before else {}
    labels |= {one.name: one.label or one.name for one in usage.event_names() if one.kind != "ignored"}
    properties = sorted({*usage.numbers_seen(), *([before.value_of] if before and before.value_of else [])})
    return {
        "kind": kind_choices(),
        "events": sorted(labels.items(), key=lambda one: one[1].lower()),
        "value_of": [("", _("The event's own value")), *((name, name) for name in properties)],
        "of": [
            ("events", _("Use")),
            ("active_people", _("Active people")),
            ("active_days", _("Days with use")),
            ("distinct_features", _("Features used")),
            ("value_sum", _("Sum of values")),
            ("value_last", _("Newest value")),
        ],
        "against": [("before", _("The days before")), ("year_ago", _("The same weeks a year before"))],
        "per": [("", _("Nothing")), ("seats", _("Seats in the contract"))],
        "level": [("account", _("Each account alone")), ("tree", _("Each account with all below it"))],
    }


def _ends(found: list[tuple[int, float | None]]) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """Return the accounts with the greatest values, greatest first, and with the smallest, smallest first."""
    known = sorted(((pk, value) for pk, value in found if value is not None), key=lambda one: (one[1], one[0]))
    fewest = known[: min(EXAMPLES, len(known) // 2)]
    return known[::-1][:EXAMPLES], fewest


def _used() -> dict[tuple[object, ...], list[str]]:
    card = current_scorecard()
    used: dict[tuple[object, ...], list[str]] = {}
    for measure in card.definition.measures if card else ():
        used.setdefault(measure.expression, []).append(said(measure.label))
    return used
