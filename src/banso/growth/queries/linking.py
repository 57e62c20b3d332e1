"""What can be counted against a limit, and which event is called most like its line."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from banso.contracts import queries as contracts
from banso.contracts.queries import LimitRow
from banso.growth.rules import likeness
from banso.usage import queries as usage

# Below this, two names are no more alike than any two.
LEAST_LIKENESS: Final = 0.2


@dataclass(frozen=True)
class LinkRow:
    """A line with what counts against it now, and the events that could: by name and label, the likest first."""

    row: LimitRow
    events: list[tuple[str, str]]
    guess: str


def link_of(line_id: int, *, today: date, visible: "QuerySet[Any]") -> LinkRow | None:
    """Return what is known of one line with a limit, of an account within reach; else nothing."""
    contract_line = next((row for row in contracts.limits_on(today) if row.line_id == line_id), None)
    if contract_line is None or not visible.filter(pk=contract_line.account_id).exists():
        return None
    events = _events()
    alike = {name: likeness(contract_line.name, contract_line.unit, name, label) for name, label in events}
    events.sort(key=lambda one: (-alike[one[0]], one[1]))
    best = events[0][0] if events and alike[events[0][0]] >= LEAST_LIKENESS else ""
    return LinkRow(contract_line, events, best)


def _events() -> list[tuple[str, str]]:
    kinds = {"meter", "feature", "moment"}
    return [(row.name, row.label or row.name) for row in usage.event_names() if row.kind in kinds]
