"""The end of a contract: the customer gives notice, takes it back, or the contract runs out."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from banso.accounts.actions import hold
from banso.contracts.actions.positions import recompute_positions
from banso.contracts.models import Contract
from banso.journal import actions as journal
from banso.people.access import Actor


class UnknownContract(LookupError):
    """There is no such contract within reach."""


class WrongDay(ValueError):
    """A contract cannot end before it starts, and cannot be cancelled after it has ended."""


@transaction.atomic
def end_contract(
    *, contract_id: int, on: date, by: Actor, now: datetime, visible: "QuerySet[Any] | None" = None
) -> None:
    """Let a contract end: `on` is the first day without it. Raises UnknownContract and WrongDay."""
    contract = held(contract_id, visible)
    if on < contract.starts_on:
        raise WrongDay(on.isoformat())
    _change(contract, "contract.ended", {"ends_on": on}, by=by, now=now)


@transaction.atomic
def cancel_contract(
    *, contract_id: int, on: date, by: Actor, now: datetime, visible: "QuerySet[Any] | None" = None
) -> None:
    """Keep that the customer gave notice on a day: the contract runs to the end of its paid term, its renewal date.

    Churn is counted there, not on the day of the notice. A contract with an end keeps it; one without a renewal date
    ends on the day of the notice. Raises UnknownContract and WrongDay.
    """
    contract = held(contract_id, visible)
    ends_on = contract.ends_on or contract.renews_on or max(on, contract.starts_on)
    if on > ends_on:
        raise WrongDay(on.isoformat())
    _change(contract, "contract.cancelled", {"cancelled_on": on, "ends_on": ends_on}, by=by, now=now)


@transaction.atomic
def withdraw_cancellation(
    *, contract_id: int, by: Actor, now: datetime, visible: "QuerySet[Any] | None" = None
) -> None:
    """Take a notice back, if one was given: the contract goes on as if it had not been. Raises UnknownContract."""
    contract = held(contract_id, visible)
    if contract.cancelled_on is None:
        return
    by_notice = contract.renews_on or max(contract.cancelled_on, contract.starts_on)
    ends_on = None if contract.ends_on == by_notice else contract.ends_on
    _change(contract, "contract.kept", {"cancelled_on": None, "ends_on": ends_on}, by=by, now=now)


def held(contract_id: int, visible: "QuerySet[Any] | None") -> Contract:
    """Return a contract within reach, held with its account until the transaction ends. Raises UnknownContract."""
    found = Contract.objects.filter(pk=contract_id)
    hold(found.values_list("account_id", flat=True))
    if visible is not None:
        found = found.filter(account__in=visible.values("pk"))
    contract = found.first()
    if contract is None:
        raise UnknownContract(contract_id)
    return contract


def _change(contract: Contract, verb: str, facts: dict[str, date | None], *, by: Actor, now: datetime) -> None:
    changes = {name: [getattr(contract, name), value] for name, value in facts.items()}
    changes = {name: values for name, values in changes.items() if values[0] != values[1]}
    if not changes:
        return
    for name, value in facts.items():
        setattr(contract, name, value)
    contract.changed_at = now
    contract.save(update_fields=[*facts, "changed_at"])
    recompute_positions(account_ids=[contract.account_id])
    details = {
        "contract": contract.external_id,
        "changes": {name: [day.isoformat() if day else None for day in days] for name, days in changes.items()},
    }
    journal.write(
        journal.News(
            verb,
            account_id=contract.account_id,
            subject_kind="contract",
            subject_id=contract.pk,
            subject_label=str(contract),
            details=details,
        ),
        by=by,
        now=now,
    )
