"""Which scorecard is in force, and which were before."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from banso.health.models import Scorecard
from banso.health.rules import Definition, from_plain


@dataclass(frozen=True)
class ScorecardRow:
    """One published version."""

    id: int
    name: str
    version: int
    definition: Definition
    note: str
    published_at: datetime
    published_by: str
    is_in_force: bool


def current_scorecard() -> ScorecardRow | None:
    """Return the scorecard in force, the newest version; None before the first is published."""
    newest = _published().first()
    return _row(newest, newest.pk) if newest else None


def scorecards(*, limit: int = 50) -> list[ScorecardRow]:
    """Return the versions, newest first."""
    found = list(_published()[:limit])
    return [_row(one, found[0].pk) for one in found]


def scorecard_of_version(version: int) -> ScorecardRow | None:
    """Return one version."""
    newest = _published().values_list("pk", flat=True).first()
    found = _published().filter(version=version).first()
    return _row(found, newest) if found else None


def definitions(ids: set[int]) -> dict[int, Definition]:
    """Return definitions by the key of their version; one query."""
    return {one.pk: from_plain(one.definition) for one in Scorecard.objects.filter(pk__in=ids).order_by("pk")}


def _published() -> QuerySet[Scorecard]:
    return Scorecard.objects.select_related("published_by").order_by("-version", "-pk")


def _row(one: Scorecard, newest: int | None) -> ScorecardRow:
    return ScorecardRow(
        id=one.pk,
        name=one.name,
        version=one.version,
        definition=from_plain(one.definition),
        note=one.note,
        published_at=one.published_at,
        published_by=str(one.published_by) if one.published_by else "Banso",
        is_in_force=one.pk == newest,
    )
