"""Columns lent to lists of accounts: each a subquery over the account's primary key."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from banso.health.models import Pulse, Standing


def score_column() -> Subquery:
    """Lend the score 0–100, null where not known."""
    return _of_standing("score")


def change_column() -> Subquery:
    """Lend the change of the score in seven days."""
    return _of_standing("change")


def condition_column() -> Subquery:
    """Lend the condition: good, normal, poor or unknown; null before the first computation."""
    return _of_standing("condition")


def level_column() -> Subquery:
    """Lend the level 1–4, null where the score is not known."""
    return _of_standing("level")


def weeks_column() -> Subquery:
    """Lend the last weekly scores in tenths, oldest first, as JSON."""
    return _of_standing("weeks")


def last_used_column() -> Subquery:
    """Lend the last day with use."""
    return _of_standing("last_used_on")


def pulse_column() -> Subquery:
    """Lend the newest pulse, 1–5."""
    return Subquery(counting_pulses().filter(account_id=OuterRef("pk")).values("rating")[:1])


def standing() -> QuerySet[Standing]:
    """Lend where accounts stand: `account`, `condition`; those never computed are missing."""
    return Standing.objects.order_by()


def without_standing(accounts: QuerySet[Any]) -> QuerySet[Any]:
    """Return those of the accounts given whose health was never computed."""
    return accounts.filter(~Exists(Standing.objects.filter(account_id=OuterRef("pk"))))


def worrying(*, change: float) -> QuerySet[Standing]:
    """Lend where accounts stand that are in poor condition, or changed by so much or worse in a week."""
    return Standing.objects.filter(Q(condition="poor") | Q(change__lte=change)).order_by()


def doubts(*, pulse: int) -> QuerySet[Pulse]:
    """Lend the newest pulses that are so low or lower: `account_id` and `rating`."""
    newer = counting_pulses().filter(account=OuterRef("account"))
    newer = newer.filter(Q(given_at__gt=OuterRef("given_at")) | Q(given_at=OuterRef("given_at"), pk__gt=OuterRef("pk")))
    return counting_pulses().filter(~Exists(newer), rating__lte=pulse).order_by()


def counting_pulses() -> QuerySet[Pulse]:
    """Return pulses that were not taken back, newest first."""
    return Pulse.objects.filter(withdrawn_at__isnull=True).order_by("-given_at", "-pk")


def _of_standing(field: str) -> Subquery:
    return Subquery(Standing.objects.filter(account_id=OuterRef("pk")).values(field)[:1])
