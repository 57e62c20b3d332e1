"""Say of a line what is counted against its limit."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from banso.contracts.actions.drafts import line_input
from banso.contracts.actions.saving import ContractInput, SaveResult, save_contracts
from banso.contracts.models import Line
from banso.contracts.rules.notice import BusinessDays
from banso.people.access import Actor


class UnknownLine(LookupError):
    """There is no such line within reach."""


@transaction.atomic
def link_line(
    *,
    line_id: int,
    meter: str,
    counting: str,
    period: str,
    by: Actor,
    now: datetime,
    calendar: BusinessDays,
    visible: "QuerySet[Any]",
) -> SaveResult:
    """Let an event count against a line's limit; refused as any change of a contract is. Raises UnknownLine."""
    found = Line.objects.filter(pk=line_id, contract__account__in=visible.values("pk")).select_related("contract")
    line = found.first()
    if line is None:
        raise UnknownLine(line_id)
    linked = replace(line_input(line), meter=meter, counting=counting, period=period)
    row = ContractInput(line.contract.external_id, lines=[linked])
    return save_contracts([row], by=by, now=now, calendar=calendar, visible=visible, keeps_other_lines=True)
