"""Accounts come in: many rows at a time, once by their external id, with what changed told to the journal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any, Final, Literal

from django.db import transaction
from django.db.models import QuerySet

from banso.accounts.actions.knowing import Lookup, look_up
from banso.accounts.actions.telling import plain, tell
from banso.accounts.models import Account
from banso.accounts.rules import DEEPEST, AccountInput, Checked, Fault, check_account, is_set, tree_faults
from banso.people.access import Actor
from banso.shared.text import company_key, one_line, search_key, sort_key

BATCH_ROWS: Final = 1000
KEY_LENGTH: Final = 400
# What a row may say of an account, as columns that are compared with what was there before.
_SAID: Final = (
    "name",
    "reading",
    "kind",
    "segment_id",
    "stage_id",
    "owner_id",
    "team_id",
    "customer_since_on",
    "left_on",
)
# Written again when an account is saved anew; the external id finds it, the day of making stays.
_WRITTEN: Final = (*_SAID, "sort_key", "search_key", "fields", "changed_at")

type Outcome = Literal["added", "changed", "same"]


@dataclass(frozen=True, slots=True)
class SavedRow:
    """What became of one row: its place in the rows given, the id of the record, and the outcome."""

    index: int
    id: int
    external_id: str
    outcome: Outcome


@dataclass(frozen=True)
class SaveResult:
    """How many rows were added, changed and the same; those refused with their reasons; and each saved row."""

    added: int = 0
    changed: int = 0
    same: int = 0
    refused: tuple[Fault, ...] = ()
    rows: tuple[SavedRow, ...] = ()


@dataclass
class _Plan:
    """One row on its way: what it says, the account before and as it will be, and what changes: column to old, new."""

    index: int
    row: AccountInput
    checked: Checked
    old: Account | None
    new: Account = field(default_factory=Account)
    parent: str | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def external_id(self) -> str:
        return str(self.checked.values["external_id"])

    @property
    def outcome(self) -> Outcome:
        if self.old is None:
            return "added"
        return "changed" if self.changes else "same"


@transaction.atomic
def save_accounts(
    rows: Sequence[AccountInput],
    *,
    by: Actor,
    now: datetime,
    visible: QuerySet[Account] | None = None,
    creates_missing: bool = False,
) -> SaveResult:
    """Add or change accounts by their external id; at most three queries for each thousand rows beside the journal.

    Good rows are saved, bad ones are returned in `refused`: who needs all or nothing rolls back. With `visible`, rows
    that name accounts outside it are refused. `creates_missing` makes segments and stages that are only named. Parents
    may stand among the same rows, in any order.
    """
    faults: list[Fault] = []
    first = _first_of_each(rows, faults)
    lookup = look_up(rows, creates_missing=creates_missing, by=by, now=now)
    existing = _existing(first, visible, faults)
    plans = [
        _plan(index, rows[index], existing.get(name), lookup, faults)
        for name, index in first.items()
        if name not in existing or existing[name] is not None
    ]
    placed = _with_parents([plan for plan in plans if not plan.checked.faults], visible, faults)
    good = [plan for plan in placed if _is_decided(plan, lookup, faults, now)]
    ids = {plan.external_id: plan.old.pk for plan in good if plan.old is not None}
    ids |= _write([plan.new for plan in good if plan.outcome != "same"])
    _write_parents(good, ids)
    tell(
        "account", ((ids[plan.external_id], None, plan.new.name, plan.outcome, plan.changes) for plan in good), by, now
    )
    return _result(good, ids, faults)


def _first_of_each(rows: Sequence[AccountInput], faults: list[Fault]) -> dict[str, int]:
    first: dict[str, int] = {}
    for index, row in enumerate(rows):
        name = one_line(row.external_id)
        if not name:
            faults.append(Fault(index, "", "external_id", "missing"))
        elif name in first:
            faults.append(Fault(index, name, "external_id", "repeated", {"first": first[name] + 1}))
        else:
            first[name] = index
    return first


def _existing(
    first: Mapping[str, int], visible: QuerySet[Account] | None, faults: list[Fault]
) -> dict[str, Account | None]:
    """Return what is there by external id: None, with a fault, where the asker may not see it."""
    found: dict[str, Account | None] = {}
    seen = None if visible is None else set(visible.order_by("pk").values_list("pk", flat=True))
    for names in batched(first, BATCH_ROWS):
        for account in Account.objects.select_for_update().filter(external_id__in=names).order_by("pk"):
            is_seen = seen is None or account.pk in seen
            found[account.external_id] = account if is_seen else None
            if not is_seen:
                faults.append(Fault(first[account.external_id], account.external_id, "external_id", "taken"))
    return found


def _plan(index: int, row: AccountInput, old: Account | None, lookup: Lookup, faults: list[Fault]) -> _Plan:
    checked = check_account(row, lookup.known, is_new=old is None)
    name = str(checked.values["external_id"])
    faults.extend(Fault(index, name, where, code, facts) for where, code, facts in checked.faults)
    parent = one_line(row.parent_external_id or "") if is_set(row.parent_external_id) else ""
    return _Plan(index, row, checked, old, parent=parent or None)


def _with_parents(plans: list[_Plan], visible: QuerySet[Account] | None, faults: list[Fault]) -> list[_Plan]:
    """Settle each plan's parent and leave out those that cannot stand where they want to."""
    if not any(is_set(plan.row.parent_external_id) for plan in plans):
        return plans
    lines = Account.objects.order_by("pk").values_list("external_id", "pk", "parent__external_id")
    standing = {name: parent for name, _, parent in lines}
    wanted = {plan.external_id: plan.parent for plan in plans if is_set(plan.row.parent_external_id) or not plan.old}
    named: set[str | None] = {plan.parent for plan in plans if plan.parent in standing}
    unseen: set[str | None] = set()
    if visible is not None:
        unseen = named - set(visible.order_by("pk").values_list("external_id", flat=True))
    found = tree_faults(standing, wanted)
    good = []
    for plan in plans:
        was = standing.get(plan.external_id)
        code = "parent_unknown" if plan.parent in unseen and plan.parent != was else found.get(plan.external_id)
        if code:
            faults.append(Fault(plan.index, plan.external_id, "parent", code, {"value": plan.parent, "limit": DEEPEST}))
            continue
        if is_set(plan.row.parent_external_id) and plan.parent != was:
            plan.changes["parent"] = [was, plan.parent]
        good.append(plan)
    return good


def _is_decided(plan: _Plan, lookup: Lookup, faults: list[Fault], now: datetime) -> bool:
    """Lay the row over what was there and note what changes; False, with a fault, where that contradicts itself."""
    old, values = plan.old, plan.checked.values
    plan.new = Account(external_id=plan.external_id, created_at=now, changed_at=now)
    for column in _SAID:
        before = getattr(old or plan.new, column)
        after = values.get(column, before)
        setattr(plan.new, column, after)
        if old and before != after:
            key = column.removesuffix("_id")
            plan.changes[key] = [plain(lookup.name_of(column, before)), plain(lookup.name_of(column, after))]
    before_fields = dict(old.fields) if old else {}
    after_fields = {key: value for key, value in (before_fields | plan.checked.custom).items() if value is not None}
    plan.new.fields = after_fields
    for key in plan.checked.custom:
        if old and before_fields.get(key) != after_fields.get(key):
            plan.changes[f"fields.{key}"] = [before_fields.get(key), after_fields.get(key)]
    _set_keys(plan.new)
    if plan.new.customer_since_on and plan.new.left_on and plan.new.left_on < plan.new.customer_since_on:
        faults.append(Fault(plan.index, plan.external_id, "left_on", "left_before_joined"))
        return False
    return True


def _set_keys(account: Account) -> None:
    account.sort_key = sort_key(account.reading or account.name)[:KEY_LENGTH]
    spelt = (search_key(account.name), company_key(account.name), search_key(account.reading))
    account.search_key = " ".join(dict.fromkeys(key for key in spelt if key))[:KEY_LENGTH]


def _write(accounts: Iterable[Account]) -> dict[str, int]:
    """Write accounts, new and old alike, and return their ids by external id."""
    ids: dict[str, int] = {}
    for some in batched(accounts, BATCH_ROWS):
        made = Account.objects.bulk_create(
            some, update_conflicts=True, unique_fields=["external_id"], update_fields=_WRITTEN
        )
        ids |= {account.external_id: account.pk for account in made}
    return ids


def _write_parents(plans: list[_Plan], ids: Mapping[str, int]) -> None:
    moved = [plan for plan in plans if "parent" in plan.changes]
    outside = {plan.parent for plan in moved if plan.parent and plan.parent not in ids}
    known = dict(ids)
    for names in batched(outside, BATCH_ROWS):
        known |= dict(Account.objects.filter(external_id__in=names).order_by("pk").values_list("external_id", "pk"))
    changed = [
        Account(pk=ids[plan.external_id], parent_id=known[plan.parent] if plan.parent else None) for plan in moved
    ]
    Account.objects.bulk_update(changed, ["parent"], batch_size=BATCH_ROWS)


def _result(plans: list[_Plan], ids: Mapping[str, int], faults: list[Fault]) -> SaveResult:
    rows = [SavedRow(plan.index, ids[plan.external_id], plan.external_id, plan.outcome) for plan in plans]
    outcomes = [row.outcome for row in rows]
    return SaveResult(
        added=outcomes.count("added"),
        changed=outcomes.count("changed"),
        same=outcomes.count("same"),
        refused=tuple(sorted(faults, key=lambda fault: (fault.index, fault.field))),
        rows=tuple(sorted(rows, key=lambda row: row.index)),
    )
