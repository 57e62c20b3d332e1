"""Columns that lists of accounts borrow: one step into one index for each account."""

from datetime import date

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from banso.contracts.models import Position


def mrr_column(today: date) -> Coalesce:
    """Lend an account's MRR on a day, in minor units of the company's currency; zero without contracts."""
    return Coalesce(Subquery(_standing(today).values("mrr_minor")[:1]), Value(0), output_field=BigIntegerField())


def seats_column(today: date) -> Subquery:
    """Lend the seats that an account has on a day; null where no contract counts seats."""
    return Subquery(_standing(today).values("seats")[:1])


def renews_on_column(today: date) -> Subquery:
    """Lend the next renewal of an account on or after a day, of contracts that run and are not cancelled; or null."""
    return Subquery(_standing(today).values("renews_on")[:1])


def notice_by_column(today: date) -> Subquery:
    """Lend the next notice deadline of an account on or after a day; null where none lies ahead."""
    return Subquery(_standing(today).values("notice_by_on")[:1])


def with_notice_between(today: date, last: date) -> "QuerySet[Position, int]":
    """Return the ids of accounts whose notice deadline may lie between two days, as known on the first: a sieve."""
    ahead = Position.objects.filter(notice_by_on__range=(today, last), from_on__lte=today)
    return ahead.order_by().values_list("account_id", flat=True)


def _standing(today: date) -> "QuerySet[Position]":
    return Position.objects.filter(account=OuterRef("pk"), from_on__lte=today).order_by("-from_on", "-pk")
