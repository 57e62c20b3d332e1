"""What a given contract would become: the kept row with the given facts laid over it, and what differs or is wrong."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Final, Literal, Protocol

from django.db.models import QuerySet

from banso.accounts.actions import Given, is_set
from banso.contracts.models import Contract, Line
from banso.contracts.queries.rates import Rates
from banso.contracts.rules.notice import BusinessDays, Notice, notice_by
from banso.contracts.rules.revenue import whole_minor
from banso.contracts.rules.terms import MOST_MINOR, Flaw, LineInput, flaws_of_contract, flaws_of_lines
from banso.shared.businessdays import OutsideTable

COLUMNS: Final = (
    "name",
    "currency",
    "is_trial",
    "starts_on",
    "ends_on",
    "renews_on",
    "is_auto_renewing",
    "renewal_months",
    "notice_count",
    "notice_unit",
    "notice_is_end_of_month",
    "notice_roll",
    "cancelled_on",
)
LINE_COLUMNS: Final = (
    "kind",
    "name",
    "amount_minor",
    "term_months",
    "term_days",
    "quantity",
    "limit",
    "unit",
    "meter",
    "counting",
    "period",
    "starts_on",
    "ends_on",
)


class ContractFacts(Protocol):
    """A contract as it is given: ContractInput."""

    @property
    def external_id(self) -> str:
        """Return our key of the contract."""

    @property
    def account_external_id(self) -> Given[str]:
        """Return the account's name in its source."""

    @property
    def lines(self) -> Given[Sequence[LineInput]]:
        """Return all its lines, where they are given."""


@dataclass
class Draft:
    """A contract about to be written."""

    external_id: str
    contract: Contract
    is_new: bool
    flaws: list[Flaw] = field(default_factory=list)
    changes: dict[str, list[Any]] = field(default_factory=dict)  # field → [old, new]
    lines_moved: list[Line] = field(default_factory=list)  # new or different
    lines_gone: list[int] = field(default_factory=list)
    former_account_id: int | None = None
    mrr: tuple[int, int] = (0, 0)  # before and after, of all lines, in the contract's currency

    @property
    def outcome(self) -> Literal["added", "changed", "same"]:
        """Return what writing it does."""
        if self.is_new:
            return "added"
        return "changed" if self.changes else "same"

    def told(self) -> dict[str, Any]:
        """Return what the journal tells of it, as plain JSON."""
        old, new = self.mrr
        return {
            "contract": self.external_id,
            "currency": self.contract.currency,
            "mrr_minor": [old, new],
            "changes": {name: [plain(was), plain(is_now)] for name, (was, is_now) in self.changes.items()},
        }


def drafts_of(
    rows: Sequence[ContractFacts],
    *,
    account_ids: Mapping[str, int],
    calendar: BusinessDays,
    rates: Rates,
    seen: set[str],
    keeps_other_lines: bool,
    may_touch: "QuerySet[Any] | None",
) -> list[Draft]:
    """Return a draft for each row, in its order, with its flaws; reads what is kept by three queries."""
    kept = Contract.objects.in_bulk([one.external_id for one in rows], field_name="external_id")
    lines = _lines_of(kept.values())
    reach = _reach(kept.values(), may_touch)
    drafts = []
    for row in rows:
        before = kept.get(row.external_id)
        if before is not None and reach is not None and before.account_id not in reach:
            drafts.append(Draft(row.external_id, before, is_new=False, flaws=[Flaw("external_id", "taken")]))
            continue
        draft = _contract_draft(row, before, account_ids=account_ids, calendar=calendar)
        if row.external_id in seen:
            draft.flaws.append(Flaw("external_id", "repeated", {"value": row.external_id}))
        seen.add(row.external_id)
        held = lines[before.pk] if before is not None else {}
        _lay_lines(draft, row.lines, held, rates=rates, keeps_other_lines=keeps_other_lines)
        drafts.append(draft)
    return drafts


def line_input(line: Line) -> LineInput:
    """Return a kept line as it would be given."""
    return LineInput(external_id=line.external_id, **{name: getattr(line, name) for name in LINE_COLUMNS})


def _lines_of(contracts: Iterable[Contract]) -> dict[int, dict[str, Line]]:
    lines: dict[int, dict[str, Line]] = defaultdict(dict)
    for line in Line.objects.filter(contract__in=[one.pk for one in contracts]).order_by("contract", "pk"):
        lines[line.contract_id][line.external_id] = line
    return lines


def _reach(contracts: Iterable[Contract], may_touch: "QuerySet[Any] | None") -> set[int] | None:
    if may_touch is None:
        return None
    return set(may_touch.filter(pk__in={one.account_id for one in contracts}).values_list("pk", flat=True))


def _contract_draft(
    row: ContractFacts, before: Contract | None, *, account_ids: Mapping[str, int], calendar: BusinessDays
) -> Draft:
    given = {name: value for name in COLUMNS if is_set(value := getattr(row, name))}
    was = {name: getattr(before, name) for name in COLUMNS} if before is not None else {}
    facts = was | given
    draft = Draft(row.external_id, Contract(external_id=row.external_id), is_new=before is None)
    draft.flaws += flaws_of_contract({"external_id": row.external_id, **facts})
    account_id = before.account_id if before is not None else None
    if is_set(row.account_external_id):
        account_id = account_ids.get(row.account_external_id)
    if account_id is None:
        draft.flaws.append(_without_account(row))
        return draft
    if before is not None:
        draft.contract.pk, draft.contract.created_at = before.pk, before.created_at
        draft.former_account_id = before.account_id
        draft.changes = {name: [was[name], facts[name]] for name in COLUMNS if was[name] != facts[name]}
        if before.account_id != account_id:
            draft.changes["account_id"] = [before.account_id, account_id]
    draft.contract.account_id = account_id
    for name, value in facts.items():
        setattr(draft.contract, name, value)
    if not draft.flaws:
        _count_notice(draft, calendar)
    return draft


def _count_notice(draft: Draft, calendar: BusinessDays) -> None:
    try:
        draft.contract.notice_by_on = notice_by(draft.contract.renews_on, notice_of(draft.contract), calendar)
    except (OutsideTable, ValueError, OverflowError):  # a mistyped year
        draft.flaws.append(Flaw("renews_on", "outside_calendar", {"value": draft.contract.renews_on}))


def _without_account(row: ContractFacts) -> Flaw:
    if is_set(row.account_external_id):
        return Flaw("account_external_id", "account_unknown", {"value": row.account_external_id})
    return Flaw("account_external_id", "missing")


def notice_of(contract: Contract) -> Notice:
    """Return a contract's notice rule."""
    return Notice(
        count=contract.notice_count,
        unit=contract.notice_unit,  # type: ignore[arg-type]  # the table's own constraint
        is_end_of_month=contract.notice_is_end_of_month,
        roll=contract.notice_roll,  # type: ignore[arg-type]  # likewise
    )


def _lay_lines(
    draft: Draft,
    given: Given[Sequence[LineInput]],
    held: Mapping[str, Line],
    *,
    rates: Rates,
    keeps_other_lines: bool,
) -> None:
    was = {external_id: line_input(line) for external_id, line in held.items()}
    wanted = {one.external_id: one for one in given} if is_set(given) else was
    if is_set(given):
        draft.flaws += flaws_of_lines(given)
        wanted = was | wanted if keeps_other_lines else wanted
    if draft.flaws:
        return
    is_trial = draft.contract.is_trial
    for external_id, line in wanted.items():
        starts_on = max(draft.contract.starts_on, line.starts_on or draft.contract.starts_on)
        mrr = whole_minor(line.mrr(is_trial=is_trial))
        worth = rates.of(draft.contract.currency, starts_on)
        if mrr and worth is None:
            draft.flaws.append(Flaw("currency", "no_rate", {"currency": draft.contract.currency, "on": starts_on}))
            return
        if abs(in_company := whole_minor(mrr * (worth or Fraction(0)))) > MOST_MINOR:
            limits = {"value": in_company, "least": -MOST_MINOR, "most": MOST_MINOR}
            draft.flaws.append(Flaw("amount_minor", "out_of_range", limits))
            return
        before = held.get(external_id)
        if before is None or was[external_id] != line or before.mrr_minor != mrr:
            draft.lines_moved.append(_line(external_id, line, mrr))
            if before is None or was[external_id] != line:
                draft.changes[f"line {external_id}"] = [summary(was.get(external_id)), summary(line)]
        draft.mrr = (draft.mrr[0], draft.mrr[1] + mrr)
    for external_id, line_before in held.items():
        draft.mrr = (draft.mrr[0] + line_before.mrr_minor, draft.mrr[1])
        if external_id not in wanted:
            draft.lines_gone.append(line_before.pk)
            draft.changes[f"line {external_id}"] = [summary(was[external_id]), None]


def _line(external_id: str, line: LineInput, mrr: int) -> Line:
    return Line(external_id=external_id, mrr_minor=mrr, **{name: getattr(line, name) for name in LINE_COLUMNS})


def summary(line: LineInput | None) -> dict[str, Any] | None:
    """Return what a line says, as the journal keeps it."""
    if line is None:
        return None
    return {name: plain(value) for name, value in vars(line).items() if value not in {None, ""}}


def plain(value: object) -> Any:
    """Return a value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value
