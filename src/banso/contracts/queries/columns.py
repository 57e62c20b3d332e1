"""Columns that lists of accounts borrow: one step into one index for each account."""

from datetime import date

from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from banso.contracts.models import Position


def mrr_column(today: date, *, account: str = "pk") -> Coalesce:
    """Lend an account's MRR on a day, in minor units of the company's currency; zero without contracts."""
    mrr = _standing(today, account).values("mrr_minor")[:1]
    return Coalesce(Subquery(mrr), Value(0), output_field=BigIntegerField())


def seats_column(today: date) -> Subquery:
    """Lend the seats that an account has on a day; null where no contract counts seats."""
    return Subquery(_standing(today).values("seats")[:1])


def renews_on_column(today: date) -> Subquery:
    """Lend the next renewal of an account on or after a day, of contracts that run and are not cancelled; or null."""
    return Subquery(_standing(today).values("renews_on")[:1])


def notice_by_column(today: date, *, account: str = "pk") -> Subquery:
    """Lend the next notice deadline of an account on or after a day; null where none lies ahead."""
    return Subquery(_standing(today, account).values("notice_by_on")[:1])


def notices_between(today: date, last: date) -> "QuerySet[Position]":
    """Lend the notice deadlines between two days, as known on the first: `account_id`, `notice_by_on`, `mrr_minor`."""
    later = Position.objects.filter(account=OuterRef("account"), from_on__lte=today, from_on__gt=OuterRef("from_on"))
    ahead = Position.objects.filter(notice_by_on__range=(today, last), from_on__lte=today)
    return ahead.filter(~Exists(later)).order_by()


def _standing(today: date, account: str = "pk") -> "QuerySet[Position]":
    return Position.objects.filter(account=OuterRef(account), from_on__lte=today).order_by("-from_on", "-pk")
