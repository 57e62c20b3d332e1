"""What other currencies are worth in the company's own: the rate of the day, or none."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from banso.contracts.models import Rate
from banso.people import queries as people


@dataclass(frozen=True)
class Rates:
    """All rates into the company's currency, by currency, each from its day on."""

    into: str
    table: Mapping[str, Sequence[tuple[date, Fraction]]]

    def of(self, currency: str, on: date) -> Fraction | None:
        """Return how many minor units of the company's currency one of another is worth on a day; None: not known."""
        if currency == self.into:
            return Fraction(1)
        known = self.table.get(currency, ())
        place = bisect_right(known, on, key=lambda one: one[0])
        return known[place - 1][1] if place else None


@dataclass(frozen=True)
class RateRow:
    currency: str
    on: date
    rate: str


def rates() -> Rates:
    """Return all rates into the company's currency; two queries."""
    table: dict[str, list[tuple[date, Fraction]]] = defaultdict(list)
    for currency, on, rate in Rate.objects.order_by("currency", "on", "pk").values_list("currency", "on", "rate"):
        table[currency].append((on, Fraction(rate)))
    return Rates(into=people.company().currency, table=dict(table))


def rate_rows() -> list[RateRow]:
    """Return the rates as pages list them, by currency, newest first."""
    found = Rate.objects.order_by("currency", "-on", "pk")
    return [RateRow(one.currency, one.on, f"{one.rate.normalize():f}") for one in found]
