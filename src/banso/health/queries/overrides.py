"""What people have set in place of computed scores: in force, ended, and why."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from banso.health.models import ManualOverride


@dataclass(frozen=True)
class OverrideRow:
    """A score (None: as computed) or condition (empty: as the score means) that a person set, and until when."""

    id: int
    account_id: int
    score: Decimal | None
    condition: str
    reason: str
    from_on: date
    until_on: date
    given_at: datetime
    given_by: str
    ended_on: date | None
    ended_by: str

    def holds_on(self, day: date) -> bool:
        """Return whether it holds on a day."""
        return self.from_on <= day <= self.until_on and (self.ended_on is None or day < self.ended_on)


def override_with(override_id: int) -> OverrideRow | None:
    """Return one override, ended or not."""
    return next(iter(_rows(ManualOverride.objects.filter(pk=override_id))), None)


def overrides_of(account_id: int) -> list[OverrideRow]:
    """Return all overrides of an account, newest first."""
    return _rows(ManualOverride.objects.filter(account_id=account_id))


def overrides_on(day: date, *, visible: QuerySet[Any]) -> list[OverrideRow]:
    """Return the overrides of visible accounts that hold on a day, the first to end first."""
    lasts = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    found = ManualOverride.objects.filter(lasts, from_on__lte=day, until_on__gte=day)
    found = found.filter(account__in=visible.order_by().values("pk"))
    return sorted(_rows(found), key=lambda one: (one.until_on, one.id))


def _rows(found: QuerySet[ManualOverride]) -> list[OverrideRow]:
    rows = found.select_related("given_by", "ended_by").order_by("-given_at", "-pk")
    return [
        OverrideRow(
            id=one.pk,
            account_id=one.account_id,
            score=one.score,
            condition=one.condition,
            reason=one.reason,
            from_on=one.from_on,
            until_on=one.until_on,
            given_at=one.given_at,
            given_by=_name(one.given_by),
            ended_on=one.ended_on,
            ended_by=_name(one.ended_by),
        )
        for one in rows
    ]


def _name(user: Any) -> str:
    return (user.name or user.email) if user else ""
