"""Take contracts in, many at once: added where new, changed where they differ, left alone where they are the same."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from banso.accounts import queries as accounts
from banso.accounts.actions import UNSET, Fault, Given, SavedRow, SaveResult, hold, is_set
from banso.contracts.actions.drafts import COLUMNS, LINE_COLUMNS, Draft, drafts_of
from banso.contracts.actions.positions import recompute_positions
from banso.contracts.models import Contract, Line
from banso.contracts.queries.contracts import accounts_by_contract
from banso.contracts.queries.rates import rates
from banso.contracts.rules.notice import BusinessDays
from banso.contracts.rules.terms import LineInput
from banso.journal import actions as journal
from banso.people.access import Actor

__all__ = ["UNSET", "ContractInput", "Fault", "LineInput", "SaveResult", "SavedRow", "save_contracts"]

ROWS_AT_ONCE: Final = 1000


@dataclass(frozen=True)
class ContractInput:
    """One contract as it is given to us; what is left at UNSET is not touched, or has the table's default when new.

    `lines`, where given, are all lines of the contract. `ends_on` is the first day without it, `renews_on` the day on
    which the next term (of `renewal_months`) would start.
    """

    external_id: str
    account_external_id: Given[str] = UNSET
    name: Given[str] = UNSET
    currency: Given[str] = UNSET
    is_trial: Given[bool] = UNSET
    starts_on: Given[date] = UNSET
    ends_on: Given[date | None] = UNSET
    renews_on: Given[date | None] = UNSET
    is_auto_renewing: Given[bool] = UNSET
    renewal_months: Given[int | None] = UNSET
    notice_count: Given[int] = UNSET
    notice_unit: Given[str] = UNSET
    notice_is_end_of_month: Given[bool] = UNSET
    notice_roll: Given[str] = UNSET
    cancelled_on: Given[date | None] = UNSET
    lines: Given[Sequence[LineInput]] = UNSET


@transaction.atomic
def save_contracts(
    rows: Sequence[ContractInput],
    *,
    by: Actor,
    now: datetime,
    calendar: BusinessDays,
    visible: "QuerySet[Any] | None" = None,
    keeps_other_lines: bool = False,
) -> SaveResult:
    """Add or change contracts by external id; the same number of queries for each thousand, whatever is in them.

    Good rows are saved, bad ones returned in `refused` with all that is wrong in them, such as a day without rate.
    Accounts outside `visible` do not exist for it; with `keeps_other_lines`, lines that a row does not name stay.
    """
    known_rates = rates()
    refused: list[Fault] = []
    saved: list[SavedRow] = []
    seen: set[str] = set()
    for part, some in enumerate(batched(rows, ROWS_AT_ONCE)):
        account_ids = _accounts_of(some, visible)
        hold([*account_ids.values(), *accounts_by_contract(one.external_id for one in some).values()])
        drafts = drafts_of(
            some,
            account_ids=account_ids,
            calendar=calendar,
            rates=known_rates,
            seen=seen,
            keeps_other_lines=keeps_other_lines,
            may_touch=visible,
        )
        good = [(part * ROWS_AT_ONCE + place, one) for place, one in enumerate(drafts) if not one.flaws]
        refused += [
            Fault(part * ROWS_AT_ONCE + place, one.external_id, flaw.field, flaw.code, flaw.params)
            for place, one in enumerate(drafts)
            for flaw in one.flaws
        ]
        _write([one for _place, one in good if one.outcome != "same"], by=by, now=now)
        saved += [SavedRow(place, one.contract.pk, one.external_id, one.outcome) for place, one in good]
    outcomes = Counter(one.outcome for one in saved)
    return SaveResult(outcomes["added"], outcomes["changed"], outcomes["same"], tuple(refused), tuple(saved))


def _accounts_of(rows: Sequence[ContractInput], visible: "QuerySet[Any] | None") -> dict[str, int]:
    named = sorted({one.account_external_id for one in rows if is_set(one.account_external_id)})
    found = accounts.by_external_ids(named)
    if visible is None:
        return found
    seen = set(visible.filter(pk__in=list(found.values())).values_list("pk", flat=True))
    return {name: account_id for name, account_id in found.items() if account_id in seen}


def _write(drafts: Sequence[Draft], *, by: Actor, now: datetime) -> None:
    if not drafts:
        return
    for one in drafts:
        one.contract.changed_at = now
        if one.is_new:
            one.contract.created_at = now
    saved = Contract.objects.bulk_create(
        [one.contract for one in drafts],
        update_conflicts=True,
        unique_fields=["external_id"],
        update_fields=[*COLUMNS, "account", "notice_by_on", "changed_at"],
    )
    for one, contract in zip(drafts, saved, strict=True):
        one.contract.pk = contract.pk
    _write_lines(drafts)
    touched = {one.contract.account_id for one in drafts}
    touched |= {one.former_account_id for one in drafts if one.former_account_id is not None}
    recompute_positions(account_ids=sorted(touched))
    journal.write_many((_news(one) for one in drafts), by=by, now=now)


def _write_lines(drafts: Iterable[Draft]) -> None:
    drafts = list(drafts)
    gone = [pk for one in drafts for pk in one.lines_gone]
    if gone:
        Line.objects.filter(pk__in=gone).delete()
    lines = [_with_contract(line, one.contract) for one in drafts for line in one.lines_moved]
    if lines:
        Line.objects.bulk_create(
            lines,
            batch_size=5 * ROWS_AT_ONCE,
            update_conflicts=True,
            unique_fields=["contract", "external_id"],
            update_fields=[*LINE_COLUMNS, "mrr_minor"],
        )


def _with_contract(line: Line, contract: Contract) -> Line:
    line.contract = contract
    return line


def _news(one: Draft) -> journal.News:
    return journal.News(
        "contract.added" if one.is_new else "contract.changed",
        account_id=one.contract.account_id,
        subject_kind="contract",
        subject_id=one.contract.pk,
        subject_label=str(one.contract),
        details=one.told(),
    )
