"""A contract with its lines as it is given to us, and what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dict_field
from datetime import MAXYEAR, date
from fractions import Fraction
from typing import Final

from banso.contracts.rules.limits import COUNTINGS, PERIODS
from banso.contracts.rules.notice import MOST_COUNT
from banso.contracts.rules.revenue import RECURRING_KINDS, SEAT_KINDS, monthly_recurring

LINE_KINDS: Final = ("plan", "option", "seats", "metered", "one_off")
UNITS: Final = ("business_days", "calendar_days", "months")
ROLLS: Final = ("none", "previous", "next")
MOST_MINOR: Final = 10**15
MOST_YEARS: Final = 100
MOST_TERM: Final = {"term_months": 12 * MOST_YEARS, "term_days": 36_525}


@dataclass(frozen=True)
class LineInput:
    """One line of a contract. `amount_minor` is of one term, tax excluded, in minor units of the contract's currency.

    A recurring line (plan, option, seats) has a term of either months or days; metered and one-off lines need none.
    `counting` and `period` say how the `meter` is held against the limit; blank is what is usual for the kind.
    """

    external_id: str
    kind: str = "plan"
    name: str = ""
    amount_minor: int = 0
    term_months: int | None = None
    term_days: int | None = None
    quantity: int | None = None
    limit: int | None = None
    unit: str = ""
    meter: str = ""
    counting: str = ""
    period: str = ""
    starts_on: date | None = None
    ends_on: date | None = None

    def mrr(self, *, is_trial: bool) -> Fraction:
        """Return what the line adds to MRR, exactly, in minor units of the contract's currency."""
        return monthly_recurring(
            self.amount_minor, kind=self.kind, is_trial=is_trial, term_months=self.term_months, term_days=self.term_days
        )

    @property
    def seats(self) -> int | None:
        """Return the seats that the line stands for, if it is about seats at all."""
        return self.quantity if self.kind in SEAT_KINDS else None


@dataclass(frozen=True)
class Flaw:
    """One thing wrong with a contract: the field (`lines[0].term_months`), a code, and the facts for the sentence."""

    field: str
    code: str
    params: Mapping[str, object] = dict_field(default_factory=dict)


def flaws_of_contract(facts: Mapping[str, object]) -> Iterator[Flaw]:
    """Yield what is wrong with a contract's own fields; keys as the columns of Contract, only those that are given."""
    if not str(facts.get("external_id", "")).strip():
        yield Flaw("external_id", "missing")
    for name, most in (("external_id", 200), ("name", 200)):
        if len(str(facts.get(name, ""))) > most:
            yield Flaw(name, "too_long", {"limit": most})
    currency = str(facts.get("currency", "JPY"))
    if not (len(currency) == 3 and currency.isascii() and currency.isupper() and currency.isalpha()):  # noqa: PLR2004  # ISO 4217
        yield Flaw("currency", "unknown_currency", {"value": currency})
    for name, allowed in (("notice_unit", UNITS), ("notice_roll", ROLLS)):
        if facts.get(name, allowed[0]) not in allowed:
            yield Flaw(name, "not_allowed", {"value": facts[name], "allowed": ", ".join(allowed)})
    for name, least, most in (("notice_count", 0, MOST_COUNT), ("renewal_months", 1, MOST_TERM["term_months"])):
        number = facts.get(name)
        if isinstance(number, int) and not least <= number <= most:
            yield Flaw(name, "out_of_range", {"value": number, "least": least, "most": most})
    yield from _order_flaws(facts)


def flaws_of_lines(lines: Sequence[LineInput]) -> Iterator[Flaw]:
    """Yield what is wrong with the lines of one contract."""
    seen: set[str] = set()
    for place, line in enumerate(lines):
        for flaw in _flaws_of_line(line):
            yield Flaw(f"lines[{place}].{flaw.field}", flaw.code, flaw.params)
        if line.external_id in seen:
            yield Flaw(f"lines[{place}].external_id", "repeated", {"value": line.external_id})
        seen.add(line.external_id)


def _order_flaws(facts: Mapping[str, object]) -> Iterator[Flaw]:
    starts_on = facts.get("starts_on")
    if not isinstance(starts_on, date):
        yield Flaw("starts_on", "missing")
        return
    for name in ("ends_on", "renews_on"):
        day = facts.get(name)
        if isinstance(day, date) and day < starts_on:
            yield Flaw(name, "before_start", {"value": day, "start": starts_on})
    renews_on = facts.get("renews_on")
    # 9999-12-31 is how other systems write “never”; every renewal until then would be a position of its own.
    if isinstance(renews_on, date) and renews_on.year > min(starts_on.year + MOST_YEARS, MAXYEAR - 1):
        yield Flaw("renews_on", "outside_calendar", {"value": renews_on})


def _flaws_of_line(line: LineInput) -> Iterator[Flaw]:
    if not line.external_id.strip():
        yield Flaw("external_id", "missing")
    for name, text, most in (
        ("external_id", line.external_id, 200),
        ("name", line.name, 200),
        ("unit", line.unit, 40),
        ("meter", line.meter, 100),
    ):
        if len(text) > most:
            yield Flaw(name, "too_long", {"limit": most})
    for name, choice, allowed in (
        ("kind", line.kind, LINE_KINDS),
        ("counting", line.counting, ("", *COUNTINGS)),
        ("period", line.period, ("", *PERIODS)),
    ):
        if choice not in allowed:
            yield Flaw(name, "not_allowed", {"value": choice, "allowed": ", ".join(filter(None, allowed))})
    for name, number, least, most in (
        ("amount_minor", line.amount_minor, -MOST_MINOR, MOST_MINOR),
        ("quantity", line.quantity or 0, 0, 2**31 - 1),
        ("limit", line.limit or 0, 0, MOST_MINOR),
        *((name, 1 if (term := getattr(line, name)) is None else term, 1, most) for name, most in MOST_TERM.items()),
    ):
        if not least <= number <= most:
            yield Flaw(name, "out_of_range", {"value": number, "least": least, "most": most})
    if line.kind in RECURRING_KINDS and (line.term_months is None) == (line.term_days is None):
        yield Flaw("term_months", "one_term")
    if line.starts_on and line.ends_on and line.ends_on < line.starts_on:
        yield Flaw("ends_on", "before_start", {"value": line.ends_on, "start": line.starts_on})
