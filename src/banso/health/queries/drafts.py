"""Drafts of scorecards: who works on which, on what it is based, and how it differs."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from banso.health.models import DraftRevision
from banso.health.queries.scorecards import current_scorecard
from banso.health.queries.wording import said
from banso.health.rules import Definition, from_plain
from banso.health.rules.comparing import Difference


@dataclass(frozen=True)
class DraftRow:
    """A draft at a revision, the newest unless another was asked for. `based_on` is a version, None without one."""

    id: int
    name: str
    revision: int
    definition: Definition
    based_on: int | None
    begun_at: datetime
    begun_by: str
    saved_at: datetime
    saved_by: str
    discarded_at: datetime | None
    published_version: int | None

    @property
    def is_open(self) -> bool:
        """Return whether it can still be changed."""
        return self.discarded_at is None and self.published_version is None


def drafts(*, with_closed: bool = False, limit: int = 50) -> list[DraftRow]:
    """Return the drafts that are open, or all of them, the last saved first."""
    found = _newest()
    if not with_closed:
        found = found.filter(draft__discarded_at__isnull=True, draft__published_as__isnull=True)
    return [_row(one) for one in found.order_by("-saved_at", "-pk")[:limit]]


def draft(draft_id: int, revision: int | None = None) -> DraftRow | None:
    """Return a draft at its newest revision, or at another; None where there is none."""
    found = _newest() if revision is None else _rows().filter(number=revision)
    one = found.filter(draft_id=draft_id).order_by("pk").first()
    return _row(one) if one else None


def draft_revisions(draft_id: int) -> list[DraftRow]:
    """Return what a draft said after each save, newest first."""
    return [_row(one) for one in _rows().filter(draft_id=draft_id).order_by("-number", "-pk")]


def is_behind(row: DraftRow) -> bool:
    """Return whether another version was published since the draft was begun."""
    card = current_scorecard()
    return card is not None and card.version != row.based_on


def difference_text(one: Difference) -> str:
    """Return one difference between two scorecards as a sentence."""
    measure = said(one.measure.label) if one.measure else ""
    names = {"measure": measure, "before": _short(one.before), "after": _short(one.after)}
    return {
        "name": lambda: _("Name: %(before)s → %(after)s"),
        "added": lambda: _("%(measure)s is added, with %(after)s of the weight"),
        "removed": lambda: _("%(measure)s is removed"),
        "counted": lambda: _("%(measure)s counts something else"),
        "group": lambda: _("%(measure)s moves to another group"),
        "weight": lambda: _("%(measure)s: share of the weight %(before)s → %(after)s"),
        "points": lambda: _("%(measure)s: points %(before)s → %(after)s"),
        "overrides": lambda: _("Weights by segment and stage change (rules: %(before)s → %(after)s)"),
        "levels": lambda: _("Levels 2, 3, 4 from %(before)s → %(after)s points"),
        "cuts": lambda: _("Normal and good from %(before)s → %(after)s points"),
        "scales": lambda: _("Cut-offs by segment and stage change (rules: %(before)s → %(after)s)"),
        "missing": lambda: _("What happens where a measure is not known changes"),
        "exceptions": lambda: _("Exceptions change (number: %(before)s → %(after)s)"),
        "rollup": lambda: _("How scores are rolled up changes: %(before)s → %(after)s"),
    }[one.kind]() % names


def _short(value: object) -> str:
    if isinstance(value, float):  # a share of the weight
        return f"{number_format(value * 100, 1)}%"
    if isinstance(value, tuple):
        pairs = [one if isinstance(one, tuple) else (one,) for one in value]
        return " · ".join(":".join(f"{number:g}" for number in one) for one in pairs)
    return "" if value is None else str(value)


def _rows() -> QuerySet[DraftRevision]:
    return DraftRevision.objects.select_related("saved_by", "draft__begun_by", "draft__based_on", "draft__published_as")


def _newest() -> QuerySet[DraftRevision]:
    last = DraftRevision.objects.filter(draft_id=OuterRef("draft_id")).order_by("-number", "-pk").values("number")[:1]
    return _rows().annotate(last=Subquery(last)).filter(number=F("last"))


def _row(one: DraftRevision) -> DraftRow:
    of = one.draft
    definition = from_plain(one.definition)
    return DraftRow(
        id=of.pk,
        name=definition.name,
        revision=one.number,
        definition=definition,
        based_on=of.based_on.version if of.based_on else None,
        begun_at=of.begun_at,
        begun_by=str(of.begun_by) if of.begun_by else "Banso",
        saved_at=one.saved_at,
        saved_by=str(one.saved_by) if one.saved_by else "Banso",
        discarded_at=of.discarded_at,
        published_version=of.published_as.version if of.published_as else None,
    )
