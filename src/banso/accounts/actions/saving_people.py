"""People at customers come in: many rows at a time, once by their external id within the account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from banso.accounts.actions.saving import BATCH_ROWS, Outcome, SavedRow, SaveResult
from banso.accounts.actions.telling import plain, tell
from banso.accounts.models import Account, Person
from banso.accounts.rules import Checked, Fault, PersonInput, check_person
from banso.people.access import Actor
from banso.shared.text import one_line

_SAID: Final = ("name", "email", "title", "department", "role", "left_on")

# A person is known by the account's id and their own external id within it.
type _Key = tuple[int, str]


@dataclass
class _Plan:
    index: int
    checked: Checked
    old: Person | None
    new: Person
    changes: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def key(self) -> _Key:
        return self.new.account_id, self.new.external_id

    @property
    def outcome(self) -> Outcome:
        if self.old is None:
            return "added"
        return "changed" if self.changes else "same"


@transaction.atomic
def save_people(
    rows: Sequence[PersonInput], *, by: Actor, now: datetime, visible: QuerySet[Account] | None = None
) -> SaveResult:
    """Add or change people by account and external id; at most three queries for each thousand rows beside the journal.

    Good rows are saved, bad ones are returned in `refused`. An account outside `visible` is as if it were not there.
    """
    faults: list[Fault] = []
    accounts = _accounts(rows, visible)
    first = _first_of_each(rows, accounts, faults)
    existing = _existing(first)
    plans = [_plan(index, rows[index], key, existing.get(key), now=now) for key, index in first.items()]
    for plan in plans:
        faults += [Fault(plan.index, plan.key[1], where, code, facts) for where, code, facts in plan.checked.faults]
    good = [plan for plan in plans if not plan.checked.faults]
    ids = {plan.key: plan.old.pk for plan in good if plan.old is not None}
    for some in batched((plan.new for plan in good if plan.outcome != "same"), BATCH_ROWS):
        made = Person.objects.bulk_create(
            some,
            update_conflicts=True,
            unique_fields=["account", "external_id"],
            update_fields=[*_SAID, "changed_at"],
        )
        ids |= {(person.account_id, person.external_id): person.pk for person in made}
    tell("person", ((plan.key[0], ids[plan.key], plan.new.name, plan.outcome, plan.changes) for plan in good), by, now)
    return _result(good, ids, faults)


def _accounts(rows: Sequence[PersonInput], visible: QuerySet[Account] | None) -> dict[str, int]:
    seen = Account.objects.all() if visible is None else visible
    found: dict[str, int] = {}
    for names in batched({one_line(row.account_external_id) for row in rows}, BATCH_ROWS):
        found |= dict(seen.filter(external_id__in=names).order_by("pk").values_list("external_id", "pk"))
    return found


def _first_of_each(rows: Sequence[PersonInput], accounts: Mapping[str, int], faults: list[Fault]) -> dict[_Key, int]:
    first: dict[_Key, int] = {}
    for index, row in enumerate(rows):
        account, name = one_line(row.account_external_id), one_line(row.external_id)
        if account not in accounts:
            faults.append(
                Fault(index, name, "account", "account_unknown" if account else "missing", {"value": account[:200]})
            )
        elif not name:
            faults.append(Fault(index, "", "external_id", "missing"))
        elif (accounts[account], name) in first:
            facts = {"first": first[accounts[account], name] + 1}
            faults.append(Fault(index, name, "external_id", "repeated", facts))
        else:
            first[accounts[account], name] = index
    return first


def _existing(keys: Mapping[_Key, int]) -> dict[_Key, Person]:
    found: dict[_Key, Person] = {}
    for some in batched(keys, BATCH_ROWS):
        people = Person.objects.select_for_update().filter(
            account_id__in={account for account, _ in some}, external_id__in={name for _, name in some}
        )
        found |= {(person.account_id, person.external_id): person for person in people.order_by("pk")}
    return found


def _plan(index: int, row: PersonInput, key: _Key, old: Person | None, *, now: datetime) -> _Plan:
    checked = check_person(row, is_new=old is None)
    plan = _Plan(index, checked, old, Person(account_id=key[0], external_id=key[1], created_at=now, changed_at=now))
    for column in _SAID:
        before = getattr(old or plan.new, column)
        after = checked.values.get(column, before)
        setattr(plan.new, column, after)
        if old and before != after:
            plan.changes[column] = [plain(before), plain(after)]
    return plan


def _result(plans: list[_Plan], ids: Mapping[_Key, int], faults: list[Fault]) -> SaveResult:
    rows = [SavedRow(plan.index, ids[plan.key], plan.key[1], plan.outcome) for plan in plans]
    outcomes = [row.outcome for row in rows]
    return SaveResult(
        added=outcomes.count("added"),
        changed=outcomes.count("changed"),
        same=outcomes.count("same"),
        refused=tuple(sorted(faults, key=lambda fault: (fault.index, fault.field))),
        rows=tuple(sorted(rows, key=lambda row: row.index)),
    )
