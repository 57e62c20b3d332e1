"""What rows may refer to: segments, stages, teams, staff and custom fields, read once for all rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from banso.accounts.models import CustomField, Segment, Stage
from banso.accounts.rules import AccountInput, FieldSpec, Known, is_set
from banso.journal import actions as journal
from banso.people import queries as people
from banso.people.access import Actor
from banso.shared.text import fold, one_line

NAME_LENGTH: Final = 100


@dataclass(frozen=True)
class Lookup:
    """What rows may refer to, and the names of it for the journal: column to id to name."""

    known: Known
    names: dict[str, dict[int, str]] = field(default_factory=dict)

    def name_of(self, column: str, value: object) -> object:
        """Return what people call a value of a column: the name for an id, else the value itself."""
        return self.names[column].get(value, value) if column in self.names and isinstance(value, int) else value


def look_up(rows: Sequence[AccountInput], *, creates_missing: bool, by: Actor, now: datetime) -> Lookup:
    """Read what the rows may refer to; with `creates_missing`, add segments and stages that are only named."""
    if creates_missing:
        _add_missing("segment", (row.segment for row in rows if is_set(row.segment)), by=by, now=now)
        _add_missing("stage", (row.stage for row in rows if is_set(row.stage)), by=by, now=now)
    segments = dict(Segment.objects.order_by("pk").values_list("pk", "name"))
    stages = dict(Stage.objects.order_by("pk").values_list("pk", "name"))
    teams = {team.id: team.name for team in people.teams()} if any(is_set(row.team) for row in rows) else {}
    has_owners = any(is_set(row.owner_email) for row in rows)
    staff = people.staff(with_former=True) if has_owners else []
    specs = field_specs() if any(row.fields for row in rows) else {}
    known = Known(
        segments={fold(name): pk for pk, name in segments.items()},
        stages={fold(name): pk for pk, name in stages.items()},
        teams={fold(name): pk for pk, name in teams.items()},
        owners={person.email.lower(): person.id for person in staff if person.is_active},
        fields=specs,
    )
    owners = {person.id: person.name for person in staff}
    return Lookup(known, {"segment_id": segments, "stage_id": stages, "team_id": teams, "owner_id": owners})


def field_specs() -> dict[str, FieldSpec]:
    """Return the custom fields by key."""
    return {
        spec.key: FieldSpec(spec.key, spec.label, spec.kind, tuple(spec.choices))
        for spec in CustomField.objects.order_by("position", "pk")
    }


def _add_missing(kind: Literal["segment", "stage"], names: Iterable[str | None], *, by: Actor, now: datetime) -> None:
    model: Any = Segment if kind == "segment" else Stage
    there = {fold(name) for name in model.objects.order_by("pk").values_list("name", flat=True)}
    missing: dict[str, str] = {}
    for name in names:
        named = one_line(name or "")
        if named and len(named) <= NAME_LENGTH and fold(named) not in there:
            missing.setdefault(fold(named), named)
    if not missing:
        return
    made = [model(name=name, position=len(there) + place) for place, name in enumerate(missing.values())]
    model.objects.bulk_create(made)
    journal.write_many(
        [journal.News(f"{kind}.added", subject_kind=kind, subject_id=one.pk, subject_label=one.name) for one in made],
        by=by,
        now=now,
    )
