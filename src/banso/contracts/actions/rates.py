"""What other currencies are worth in the company's own, from a day on."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import BigIntegerField, Max
from django.db.models.functions import Abs

from banso.contracts.actions.positions import recompute_positions
from banso.contracts.models import Contract, Line, Rate
from banso.contracts.rules.terms import MOST_MINOR
from banso.journal import actions as journal
from banso.people import queries as people
from banso.people.access import Actor

MOST: Final = Decimal(10) ** 9
PLACES: Final = Decimal("0.00000001")


class WrongRate(ValueError):
    """A rate that is not above zero, of a currency that is no code, of the company's own, or beyond all amounts."""


@transaction.atomic
def set_rate(*, currency: str, on: date, rate: Decimal, by: Actor, now: datetime) -> None:
    """Say how many minor units of the company's currency one minor unit of another is worth from a day on.

    Contracts in that currency are valued anew, each by the rate of the day on which its lines begin. Raises WrongRate.
    """
    kept = rate.quantize(PLACES) if rate.is_finite() and 0 < rate < MOST else Decimal(0)
    is_code = re.fullmatch("[A-Z]{3}", currency) and currency != people.company().currency
    if not is_code or kept <= 0 or _most(currency) * kept > MOST_MINOR:
        raise WrongRate(f"{currency} {rate}")
    before = Rate.objects.filter(currency=currency, on=on).values_list("rate", flat=True).first()
    if before == kept:
        return
    Rate.objects.update_or_create(currency=currency, on=on, defaults={"rate": kept})
    recompute_positions(account_ids=_accounts_in(currency))
    journal.write(
        journal.News(
            "contract.rate_set",
            subject_kind="rate",
            subject_label=f"{currency} {on.isoformat()}",
            details={"rate": [None if before is None else str(before), str(kept)]},
        ),
        by=by,
        now=now,
    )


def _most(currency: str) -> int:
    """Return the most that a line in a currency is worth a month, in its own minor units, be it added or taken off."""
    worth = Abs("mrr_minor", output_field=BigIntegerField())
    most: int | None = Line.objects.filter(contract__currency=currency).aggregate(most=Max(worth))["most"]
    return most or 0


def _accounts_in(currency: str) -> list[int]:
    return sorted(set(Contract.objects.filter(currency=currency).values_list("account_id", flat=True)))
