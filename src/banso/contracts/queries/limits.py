"""What contracts hold of each quantity that is counted: the lines with a limit that run on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Max, Q

from banso.contracts.models import Contract, Counting, Line, Period
from banso.contracts.rules.limits import WITHOUT_METER, Cycle, counting_of, limit_of, period_of
from banso.contracts.rules.limits import Counting as HowCounted
from banso.contracts.rules.revenue import SEAT_KINDS

COUNTING_CHOICES: Final = Counting.choices
PERIOD_CHOICES: Final = Period.choices


@dataclass(frozen=True)
class LimitRow:
    """One line and what it holds; `meter` is the event counted, `cycle` the periods within which it adds up."""

    line_id: int
    account_id: int
    contract_id: int
    name: str
    kind: str
    unit: str
    limit: int
    meter: str
    counting: HowCounted
    cycle: Cycle

    @property
    def alike(self) -> tuple[object, ...]:
        """Return what lines that hold one quantity together have in common; who is not linked stands alone."""
        own_period = self.contract_id if self.cycle.period in {"billing_month", "term"} else 0
        together = (self.account_id, self.counting, self.meter, self.cycle.period, own_period)
        return together if self.is_linked else (self.line_id,)

    @property
    def is_linked(self) -> bool:
        """Return whether it is known what counts against the limit."""
        return bool(self.meter) or self.counting in WITHOUT_METER


def limits_on(day: date, account_ids: Iterable[int] | None = None) -> list[LimitRow]:
    """Return the lines with a limit that run on a day, of some accounts or of all, by account; one query."""
    return limits_within(day, day, account_ids)


def limits_within(since: date, until: date, account_ids: Iterable[int] | None = None) -> list[LimitRow]:
    """Return the lines with a limit that run on any of some days, both included, as `limits_on` does; one query.

    A line runs from its cycle's first day up to its last, the end excluded.
    """
    runs = Q(ends_on__isnull=True) | Q(ends_on__gt=since)
    contract_runs = Q(contract__ends_on__isnull=True) | Q(contract__ends_on__gt=since)
    began = (Q(starts_on__isnull=True) | Q(starts_on__lte=until)) & Q(contract__starts_on__lte=until)
    held = Q(limit__isnull=False) | Q(kind__in=SEAT_KINDS, quantity__isnull=False)
    found = Line.objects.filter(runs, contract_runs, began, held).exclude(kind="one_off").select_related("contract")
    if account_ids is not None:
        found = found.filter(contract__account__in=list(account_ids))
    rows = (_row(line) for line in found.order_by("contract__account_id", "pk"))
    return [row for row in rows if row is not None]


def changed_at() -> datetime | None:
    """Return when a contract was last changed; None where there is none."""
    newest: datetime | None = Contract.objects.aggregate(at=Max("changed_at"))["at"]
    return newest


def _row(line: Line) -> LimitRow | None:
    limit = limit_of(line.kind, line.limit, line.quantity)
    if limit is None:
        return None
    one = line.contract
    counting = counting_of(line.kind, line.counting)
    ends = [day for day in (one.ends_on, line.ends_on) if day is not None]
    cycle = Cycle(
        period=period_of(counting, line.period),
        starts_on=max(one.starts_on, line.starts_on or one.starts_on),
        renews_on=one.renews_on,
        renewal_months=one.renewal_months,
        ends_on=min(ends, default=None),
    )
    return LimitRow(
        line_id=line.pk,
        account_id=one.account_id,
        contract_id=one.pk,
        name=line.name or str(line.get_kind_display()),
        kind=line.kind,
        unit=line.unit,
        limit=limit,
        meter=line.meter,
        counting=counting,
        cycle=cycle,
    )
