"""What the customers have signed: terms with their lines in yen, notice rules, and who has given notice."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np

from banso.demo.rules.book import HISTORY_DAYS, Book, Customer, term_starts

PRICE_A_SEAT: Final = (4_800, 5_200, 5_800)  # yen a month; large customers pay less for a seat
BASE: Final = (("エンタープライズプラン", 120_000), ("ビジネスプラン", 38_000), ("スタートプラン", 9_800))
PRICE_RISE_A_YEAR: Final = 1.03
# (label, yen a month, share of the larger customers that have it)
OPTIONS: Final = (("サポートプラス", 30_000, 0.3), ("分析オプション", 20_000, 0.25), ("API連携", 15_000, 0.2))
SET_UP: Final = ("初期導入支援", 300_000)
SMALL: Final = 2
MAILS_A_SEAT: Final = 80  # a month, in the limit


@dataclass(frozen=True)
class Rule:
    """How notice is counted, as contracts know it."""

    count: int
    unit: str
    is_end_of_month: bool = False
    roll: str = "none"


NOTICES: Final = (
    Rule(2, "months", is_end_of_month=True, roll="previous"),
    Rule(20, "business_days"),
    Rule(30, "calendar_days", roll="previous"),
)
MONTHLY_NOTICE: Final = Rule(10, "business_days")


@dataclass(frozen=True)
class Item:
    """One line: yen for one term; metered ones have a limit and a meter."""

    key: str
    kind: str
    name: str
    yen: int = 0
    quantity: int | None = None
    limit: int | None = None
    unit: str = ""
    meter: str = ""


@dataclass(frozen=True)
class Term:
    """One term of a customer's contract; a monthly contract is one that renews every month."""

    account: str
    external_id: str
    name: str
    starts_on: date
    ends_on: date | None
    renews_on: date | None
    cancelled_on: date | None
    renewal_months: int
    is_trial: bool
    notice: Rule
    items: tuple[Item, ...] = field(default_factory=tuple)


def terms(book: Book, *, seed: int, meter: str) -> list[Term]:
    """Return all terms of every customer's contracts, oldest first by customer; `meter` is the event that is metered."""
    rng = np.random.default_rng([seed, 4])
    return [term for one in book.customers for term in _terms_of(rng, book, one, meter)]


def _terms_of(rng: np.random.Generator, book: Book, one: Customer, meter: str) -> list[Term]:
    extras = _extras(rng, one, meter)
    spells = [(one.start, one.end)] if one.back is None else [(one.start, one.end), (one.back, None)]
    if one.term_months == 1:
        return [
            _monthly(rng, book, one, start=start, end=end, place=place, extras=extras)
            for place, (start, end) in enumerate(spells)
        ]
    made: list[Term] = []
    for start, end in spells:
        starts = term_starts(book.first_day, start, one.term_months, until=end or HISTORY_DAYS + 1)
        dues = [*starts[1:], term_starts(book.first_day, start, one.term_months * len(starts), until=10**5)[1]]
        for place, (begin, due) in enumerate(zip(starts, dues, strict=True)):
            is_last = place == len(starts) - 1
            share = 1.0 if len(starts) == 1 else place / (len(starts) - 1)
            leaves = is_last and end is not None
            made.append(
                Term(
                    account=one.external_id,
                    external_id=f"{one.external_id}-K{len(made) + 1}",
                    name=f"{BASE[one.segment][0]} 年間契約",
                    starts_on=book.day(begin),
                    ends_on=book.day(due) if leaves or not is_last else None,
                    renews_on=book.day(due),
                    cancelled_on=_cancelled_on(rng, book, due, (36, 70)) if leaves else None,
                    renewal_months=one.term_months,
                    is_trial=False,
                    notice=NOTICES[one.segment],
                    items=_items(one, _seats(one, share), begin, extras, is_first=not made),
                )
            )
    return made


def _monthly(
    rng: np.random.Generator,
    book: Book,
    one: Customer,
    *,
    start: int,
    end: int | None,
    place: int,
    extras: tuple[Item, ...],
) -> Term:
    next_due = term_starts(book.first_day, start, 1, until=(end or HISTORY_DAYS + 1) + 40)
    due = next(day for day in next_due if day >= (end or HISTORY_DAYS + 1))
    return Term(
        account=one.external_id,
        external_id=f"{one.external_id}-K{place + 1}",
        name="無料トライアル" if one.is_trial else f"{BASE[one.segment][0]} 月間契約",
        starts_on=book.day(start),
        ends_on=book.day(due) if end is not None or one.is_trial else None,
        renews_on=book.day(due),
        cancelled_on=_cancelled_on(rng, book, due, (12, 25)) if end is not None else None,
        renewal_months=1,
        is_trial=one.is_trial,
        notice=MONTHLY_NOTICE,
        items=_items(one, one.seats, start, extras, is_first=False),
    )


def _cancelled_on(rng: np.random.Generator, book: Book, due: int, before: tuple[int, int]) -> date:
    """Notice comes some weeks before the end; none comes tomorrow."""
    return book.day(min(due - int(rng.integers(*before)), HISTORY_DAYS - 1))


def _seats(one: Customer, share: float) -> int:
    """Who grows starts with fewer seats and adds some at each renewal."""
    first = max(2, round(one.seats * (0.6 if one.course == "growing" else 0.95)))
    return round(first + (one.seats - first) * share)


def _extras(rng: np.random.Generator, one: Customer, meter: str) -> tuple[Item, ...]:
    if one.segment == SMALL:
        return ()
    options = [
        Item(f"option-{place + 1}", "option", label, yen)
        for place, (label, yen, odds) in enumerate(OPTIONS)
        if rng.random() < odds
    ]
    if rng.random() < 0.5:
        limit = int(np.ceil(one.seats * MAILS_A_SEAT / 1000) * 1000)
        options.append(Item("mails", "metered", "メール配信", limit=limit, unit="通/月", meter=meter))
    return tuple(options)


def _items(one: Customer, seats: int, start: int, extras: tuple[Item, ...], *, is_first: bool) -> tuple[Item, ...]:
    label, base = BASE[one.segment]
    price = round(PRICE_A_SEAT[one.segment] * PRICE_RISE_A_YEAR ** (start / 365) / 100) * 100
    months = one.term_months
    set_up = [Item("set-up", "one_off", *SET_UP)] if is_first and one.segment != SMALL else []
    return (
        Item("plan", "plan", label, base * months),
        Item("seats", "seats", "利用ライセンス", seats * price * months, quantity=seats, unit="ライセンス"),
        *(Item(**(vars(one_extra) | {"yen": one_extra.yen * months})) for one_extra in extras),
        *set_up,
    )
