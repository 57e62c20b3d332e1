"""Movements of recurring revenue: five kinds that together are every change, to the last minor unit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, Literal

type Kind = Literal["new", "expansion", "contraction", "churn", "reactivation"]

KINDS: Final[tuple[Kind, ...]] = ("new", "expansion", "contraction", "churn", "reactivation")


@dataclass(frozen=True)
class Movement:
    """A change of one customer's MRR on a day; the amount is signed: churn and contraction are negative."""

    customer: int
    on: date
    kind: Kind
    amount_minor: int


@dataclass(frozen=True)
class Bridge:
    """A period's movements by kind (signed, minor units), from the MRR at its start to the MRR at its end."""

    start: int
    new: int = 0
    expansion: int = 0
    contraction: int = 0
    churn: int = 0
    reactivation: int = 0

    @property
    def end(self) -> int:
        """Return the MRR at the end: the start and all five movements."""
        return self.start + self.new + self.expansion + self.contraction + self.churn + self.reactivation


def kind_of(before: int, after: int, *, has_paid: bool) -> Kind | None:
    """Return which movement a customer's step from one MRR to another is; `has_paid`: ever before this step.

    Nothing to something is new, or reactivation for a customer that has paid before; something to nothing is churn; a
    second contract is expansion, and dropping one of two contraction. No change is no movement.
    """
    if before == after:
        return None
    if before <= 0 < after:
        return "reactivation" if has_paid else "new"
    if after <= 0 < before:
        return "churn"
    return "expansion" if after > before else "contraction"


def movements(customer: int, levels: Sequence[tuple[date, int]]) -> list[Movement]:
    """Return the movements of one customer, whose MRR is `levels[i][1]` from day `levels[i][0]` on (days ascending).

    All changes of one day are one movement. Before the first day the MRR is zero.
    """
    found: list[Movement] = []
    before, has_paid = 0, False
    for on, after in levels:
        kind = kind_of(before, after, has_paid=has_paid)
        if kind is not None:
            found.append(Movement(customer, on, kind, after - before))
        before, has_paid = after, has_paid or after > 0
    return found


def together(courses: Iterable[Sequence[tuple[date, int]]]) -> list[tuple[date, int]]:
    """Return the sum of several courses of MRR, such as those of a company's departments, as one course."""
    steps = sorted((on, change) for course in courses for on, change in _changes(course))
    total, found = 0, []
    for on, of_day in groupby(steps, key=lambda step: step[0]):
        total += sum(change for _on, change in of_day)
        found.append((on, total))
    return found


def bridge(found: Iterable[Movement], *, since: date, until: date) -> Bridge:
    """Return the movements of a period: after day `since`, up to and with day `until`; between two closing MRRs."""
    start, amounts = 0, dict.fromkeys(KINDS, 0)
    for one in found:
        if one.on <= since:
            start += one.amount_minor
        elif one.on <= until:
            amounts[one.kind] += one.amount_minor
    return Bridge(start=start, **amounts)


def level_on(levels: Sequence[tuple[date, int]], on: date) -> int:
    """Return the MRR of a course on a day."""
    return next((level for day, level in reversed(levels) if day <= on), 0)


def levels_on(courses: Mapping[int, Sequence[tuple[date, int]]], on: date) -> dict[int, int]:
    """Return the MRR of each customer on a day."""
    return {customer: level_on(levels, on) for customer, levels in courses.items()}


def _changes(course: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    befores = [0, *(level for _on, level in course)]
    return [(on, after - before) for (on, after), before in zip(course, befores, strict=False)]
