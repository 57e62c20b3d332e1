"""Keeps each account's positions true: what its contracts are worth and what comes next, from day to day."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import batched
from typing import Final

from django.db import transaction

from banso.accounts.actions import hold
from banso.contracts.actions.drafts import line_input
from banso.contracts.models import Contract, Line, Position
from banso.contracts.queries.rates import Rates, rates
from banso.contracts.rules.notice import renewals
from banso.contracts.rules.positions import Running, Span, positions
from banso.contracts.rules.revenue import whole_minor

ACCOUNTS_AT_ONCE: Final = 1000


@transaction.atomic
def recompute_positions(*, account_ids: Sequence[int] | None = None) -> None:
    """Make the positions of some accounts anew, or of all that have contracts; six queries for each thousand."""
    if account_ids is None:
        account_ids = list(Contract.objects.order_by("account_id").values_list("account_id", flat=True).distinct())
    known_rates = rates()
    for some in batched(account_ids, ACCOUNTS_AT_ONCE):
        _recompute(some, known_rates)


def _recompute(account_ids: Sequence[int], known_rates: Rates) -> None:
    spans: dict[int, list[Line]] = defaultdict(list)
    contracts: dict[int, list[Contract]] = defaultdict(list)
    hold(account_ids)
    for line in Line.objects.filter(contract__account__in=account_ids).order_by("pk"):
        spans[line.contract_id].append(line)
    for contract in Contract.objects.filter(account__in=account_ids).order_by("pk"):
        contracts[contract.account_id].append(contract)
    Position.objects.filter(account__in=account_ids).delete()
    Position.objects.bulk_create(
        (
            Position(account_id=account_id, **vars(one))
            for account_id, some in contracts.items()
            for one in positions([_running(contract, spans[contract.pk], known_rates) for contract in some])
        ),
        batch_size=5 * ACCOUNTS_AT_ONCE,
    )


def _running(contract: Contract, lines: Sequence[Line], known_rates: Rates) -> Running:
    return Running(
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        renewals=renewals(contract.starts_on, contract.renews_on, contract.renewal_months),
        notice_by_on=contract.notice_by_on,
        cancelled_on=contract.cancelled_on,
        spans=tuple(_span(contract, line, known_rates) for line in lines),
    )


def _span(contract: Contract, line: Line, known_rates: Rates) -> Span:
    """Value a line in the company's currency, at the rate of the day on which it takes effect; rounded here, once."""
    starts_on = max(contract.starts_on, line.starts_on or contract.starts_on)
    given = line_input(line)
    exact = given.mrr(is_trial=contract.is_trial)
    # A currency without a rate is refused when it is saved; a rate can be missing only for what is worth nothing.
    worth = (known_rates.of(contract.currency, starts_on) or 0) if exact else 0
    return Span(
        starts_on=starts_on,
        ends_on=line.ends_on,
        mrr_minor=whole_minor(exact * worth),
        seats=given.seats,
    )
