"""Checked facts as the rows that accounts and contracts take."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from banso.accounts.actions import UNSET, AccountInput, PersonInput
from banso.contracts.actions import ContractInput, LineInput
from banso.intake.rules.mapping import Map
from banso.intake.rules.targets import FIELD
from banso.shared.money import minor_digits

type Facts = Mapping[str, Any]

LINE_FACTS: Final = (
    "amount",
    "seats",
    "line",
    "line_name",
    "line_kind",
    "limit",
    "unit",
    "meter",
    "counting",
    "period",
)
ONLY_LINE: Final = "main"


class TooFine(Exception):
    """An amount with more digits after the point than its currency has."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        super().__init__(currency)


def account_of(facts: Facts) -> AccountInput:
    """Return an account's row: a blank cell clears what may be blank, and leaves the rest as it is."""
    return AccountInput(
        external_id=facts["external_id"],
        name=facts.get("name") or UNSET,
        reading=_cleared(facts, "reading", ""),
        parent_external_id=_cleared(facts, "parent", None),
        kind=facts.get("kind") or UNSET,
        segment=_cleared(facts, "segment", None),
        stage=_cleared(facts, "stage", None),
        owner_email=_cleared(facts, "owner", None),
        customer_since_on=_cleared(facts, "customer_since_on", None),
        left_on=_cleared(facts, "left_on", None),
        fields={key.removeprefix(FIELD): value for key, value in facts.items() if key.startswith(FIELD)},
    )


def person_of(facts: Facts) -> PersonInput:
    """Return a person's row; without an id of their own, the e-mail address is it, or else the name."""
    return PersonInput(
        account_external_id=facts["account"],
        external_id=facts.get("external_id") or facts.get("email") or facts["name"],
        name=facts.get("name") or UNSET,
        email=_cleared(facts, "email", ""),
        title=_cleared(facts, "title", ""),
        department=_cleared(facts, "department", ""),
        role=facts.get("role") or UNSET,
        left_on=_cleared(facts, "left_on", None),
    )


def by_contract(rows: Sequence[Facts]) -> list[list[Facts]]:
    """Return the rows of each contract together, in the order of their first rows."""
    order: dict[str, int] = {}
    for place, facts in enumerate(rows):
        order.setdefault(facts["external_id"], place)
    together = sorted(rows, key=lambda facts: order[facts["external_id"]])
    return [list(group) for _, group in groupby(together, key=lambda facts: facts["external_id"])]


def contract_of(rows: Sequence[Facts], chosen: Map, currency: str) -> ContractInput:
    """Return the contract that one or more rows (one for each line) tell of; raises TooFine."""
    facts = rows[0]
    currency = (facts.get("currency") or currency).upper()
    last_on = facts.get("last_on")
    ends_on = facts.get("ends_on")
    has_lines = any(chosen.reading(name) is not None for name in LINE_FACTS)
    return ContractInput(
        external_id=facts["external_id"],
        account_external_id=facts["account"],
        name=_cleared(facts, "name", ""),
        currency=currency,
        is_trial=_given(facts, "is_trial"),
        starts_on=facts["starts_on"],
        ends_on=ends_on
        or (last_on.fromordinal(last_on.toordinal() + 1) if last_on else _cleared(facts, "ends_on", None)),
        renews_on=_cleared(facts, "renews_on", None),
        is_auto_renewing=_given(facts, "is_auto_renewing"),
        notice_count=_given(facts, "notice_count"),
        notice_unit=_given(facts, "notice_unit"),
        cancelled_on=_cleared(facts, "cancelled_on", None),
        lines=[_line(one, chosen, currency) for one in rows] if has_lines else UNSET,
    )


def _line(facts: Facts, chosen: Map, currency: str) -> LineInput:
    column = chosen.reading("amount")
    name = facts.get("line_name") or facts.get("name") or ""
    return LineInput(
        external_id=facts.get("line") or facts.get("line_name") or ONLY_LINE,
        kind=facts.get("line_kind") or "plan",
        name=name,
        amount_minor=_minor(facts.get("amount"), currency, is_minor=column is not None and column.is_minor),
        term_months=facts.get("term_months"),
        quantity=facts.get("seats"),
        limit=facts.get("limit"),
        unit=facts.get("unit") or "",
        meter=facts.get("meter") or "",
        counting=facts.get("counting") or "",
        period=facts.get("period") or "",
    )


def _minor(amount: str | None, currency: str, *, is_minor: bool) -> int:
    value = Decimal(amount or "0")
    value = value if is_minor else value.scaleb(minor_digits(currency))
    if value != value.to_integral_value():
        raise TooFine(currency)
    return int(value)


def _cleared(facts: Facts, name: str, blank: object) -> Any:
    """Return a fact that may be blank: UNSET where the file does not speak of it, `blank` where it says nothing."""
    if name not in facts:
        return UNSET
    value = facts[name]
    return blank if value is None or value == "" else value


def _given(facts: Facts, name: str) -> Any:
    """Return a fact that has a default and cannot be blank."""
    value = facts.get(name)
    return UNSET if value is None or value == "" else value
