"""What time itself does to contracts: they renew, and their deadlines move when the calendar does."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from banso.accounts.actions import hold
from banso.contracts.actions.drafts import notice_of
from banso.contracts.actions.positions import recompute_positions
from banso.contracts.models import Contract
from banso.contracts.rules.notice import BusinessDays, next_renewal, notice_by
from banso.journal import actions as journal
from banso.people.access import Actor
from banso.shared.businessdays import OutsideTable


@transaction.atomic
def renew_due(*, today: date, calendar: BusinessDays, by: Actor, now: datetime) -> int:
    """Move on the renewal dates that have passed, of contracts that renew themselves and know for how long.

    A contract that is cancelled or has an end stays as it is. Returns how many were renewed.
    """
    due = Contract.objects.filter(
        renews_on__lt=today,
        is_auto_renewing=True,
        renewal_months__isnull=False,
        cancelled_on__isnull=True,
        ends_on__isnull=True,
    ).order_by("pk")
    hold(due.values_list("account_id", flat=True))
    news = []
    renewed = []
    for contract in due:
        before = contract.renews_on
        contract.renews_on = next_renewal(before or today, contract.renewal_months or 1, today)
        contract.notice_by_on = _notice_by(contract, calendar)
        contract.changed_at = now
        renewed.append(contract)
        changes = {"renews_on": [_text(before), _text(contract.renews_on)]}
        news.append(_news("contract.renewed", contract, {"contract": contract.external_id, "changes": changes}))
    _keep(renewed, ["renews_on", "notice_by_on", "changed_at"])
    journal.write_many(news, by=by, now=now)
    return len(renewed)


@transaction.atomic
def recompute_notices(*, calendar: BusinessDays, by: Actor, now: datetime) -> int:
    """Count all notice deadlines anew, after closures or holidays changed; returns how many moved."""
    news = []
    moved = []
    for contract in Contract.objects.filter(renews_on__isnull=False).order_by("pk"):
        before = contract.notice_by_on
        contract.notice_by_on = _notice_by(contract, calendar)
        if contract.notice_by_on == before:
            continue
        contract.changed_at = now
        moved.append(contract)
        changes = {"notice_by_on": [_text(before), _text(contract.notice_by_on)]}
        news.append(_news("contract.notice_moved", contract, {"contract": contract.external_id, "changes": changes}))
    _keep(moved, ["notice_by_on", "changed_at"])
    journal.write_many(news, by=by, now=now)
    return len(moved)


def _notice_by(contract: Contract, calendar: BusinessDays) -> date | None:
    """Return a contract's deadline; None where its renewal lies so far ahead that no holiday is known: others go on."""
    try:
        return notice_by(contract.renews_on, notice_of(contract), calendar)
    except (OutsideTable, ValueError, OverflowError):
        return None


def _keep(contracts: Sequence[Contract], columns: list[str]) -> None:
    Contract.objects.bulk_update(contracts, columns, batch_size=500)
    recompute_positions(account_ids=sorted({one.account_id for one in contracts}))


def _news(verb: str, contract: Contract, details: dict[str, object]) -> journal.News:
    return journal.News(
        verb,
        account_id=contract.account_id,
        subject_kind="contract",
        subject_id=contract.pk,
        subject_label=str(contract),
        details=details,
    )


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
