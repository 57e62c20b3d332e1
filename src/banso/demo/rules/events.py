"""What the customers' people do, day by day: weekdays, holidays, seasons, and how deep each customer has gone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from banso.demo.rules import words
from banso.demo.rules.book import Book, Customer
from banso.demo.rules.deals import SMALL

TOKYO: Final = ZoneInfo("Asia/Tokyo")
WEEKDAYS: Final = np.array([0.96, 1.06, 1.05, 1.02, 0.91, 0.06, 0.03])
HOLIDAY: Final = 0.05
# Company closings that no calendar of holidays has: (month, day) → share of a normal day.
OBON: Final = {(8, 13): 0.25, (8, 14): 0.2, (8, 15): 0.2}
YEAR_END: Final = {(12, 29): 0.2, (12, 30): 0.05, (12, 31): 0.03, (1, 2): 0.03, (1, 3): 0.04}
MONTH_END: Final = 1.12  # the last three working days of a month: everyone closes deals
PRESENT: Final = 0.62  # of those who use the product, how many do so on a given working day
USERS_A_SHARE: Final = 1.2
BLUR: Final = 0.12  # the last ones to use it do so now and then
EVENTS_A_DAY: Final = 1.55
EVERYDAY: Final = 6  # so many features are there from the first day on
SENT_LATE: Final = 0.04  # from phones and tablets that were away from the network
DAYS_LATE: Final = 6.0  # on average
TAKEN_UP_AFTER_DAYS: Final = 45  # from a release, on average; some never do


def seasons(book: Book, is_holiday: Callable[[date], bool]) -> NDArray[np.float64]:
    """Return each day's share of a normal working day, (days,)."""
    shares = np.empty(book.days)
    for number in range(book.days):
        day = book.day(number)
        share = WEEKDAYS[day.weekday()] * (HOLIDAY if is_holiday(day) else 1.0)
        share *= OBON.get((day.month, day.day), YEAR_END.get((day.month, day.day), 1.0))
        shares[number] = share * (MONTH_END if book.day(number + 4).month != day.month else 1.0)
    return shares


def product_use(book: Book, *, seed: int, is_holiday: Callable[[date], bool]) -> pl.DataFrame:
    """Return all events of product use: at (UTC), account, person, name, value, message_id; by account and time."""
    rng = np.random.default_rng([seed, 1])
    seats = np.array([one.seats for one in book.customers])
    shares = np.clip(book.use * USERS_A_SHARE, 1e-6, 1)  # of the people, how many use the product these days
    often = book.use / shares * seasons(book, is_holiday) * PRESENT
    # People differ: where use falls, the last ones of an account stop altogether, and the first come a little less.
    customer, person = _people(seats)
    place = (person + 0.5) / seats[customer]
    among = np.clip(0.5 + (shares[customer] - place[:, None]) / BLUR, 0, 1)
    chance = np.minimum(often[customer] * among * (1.15 - 0.3 * place)[:, None], 0.98)
    _without_those_who_left(chance, book, customer, person)
    who, day = np.nonzero(rng.random(chance.shape) < chance)
    times = 1 + rng.poisson(EVENTS_A_DAY - 1, who.size)
    who, day = np.repeat(who, times), np.repeat(day, times)
    depth = 3 + np.rint(21 * np.clip(book.use[customer[who], day] * 1.15, 0, 1) ** 1.3)
    feature = np.floor(np.minimum(depth, len(words.FEATURES)) * rng.random(who.size) ** 1.8).astype(np.int64)
    feature = _released(book, feature, customer[who], day, seed=seed)
    return _frame(book, rng, customer=customer[who], person=person[who], day=day, feature=feature)


MAILS_A_WEEK: Final = 29  # by a seat of a customer in full use


def moments(book: Book, *, seed: int) -> pl.DataFrame:
    """Return support tickets, more of them where use falls, and mails delivered; as product_use, with properties."""
    rng = np.random.default_rng([seed, 2])
    rows: list[tuple[Customer, int, tuple[str, float | None]]] = []
    for place, one in enumerate(book.customers):
        daily = 0.006 + 0.0006 * one.seats
        for first, last in one.stays:
            trouble = np.where(
                (np.arange(first, last) >= one.turn) & (one.course in {"declining", "dropped"}), 2.2, 1.0
            )
            tickets = np.nonzero(rng.random(last - first) < daily * trouble)[0]
            rows.extend((one, int(first + day), (words.TICKET[0], None)) for day in tickets)
            for day in range(first, last):
                if book.day(day).weekday() == 1:  # newsletters go out on Tuesdays
                    mails = float(rng.poisson(MAILS_A_WEEK * one.seats * max(book.use[place, day], 0.02)))
                    rows.append((one, day, (words.METER[0], mails)))
    return pl.DataFrame(
        [
            _moment(number, book, one, day, what=what) for number, (one, day, what) in enumerate(rows)
        ],
        schema={
            "at": pl.Datetime("us", "UTC"), "account": pl.String, "person": pl.String, "name": pl.String,
            "value": pl.Float64, "message_id": pl.String, "properties": pl.String,
        },
        orient="row",
    )  # fmt: skip


def satisfaction(book: Book, *, seed: int) -> pl.DataFrame:
    """Return what each customer answered on the first of each month, 1 to 5: account, series, on, value."""
    rng = np.random.default_rng([seed, 11])
    rows = [
        (one.external_id, words.SURVEY[0], book.day(day), float(np.clip(np.rint(1.4 + 3.4 * level + mood), 1, 5)))
        for place, one in enumerate(book.customers)
        for first, last in one.stays
        for day in range(first, last)
        if book.day(day).day == 1
        for level, mood in ((book.use[place, day], rng.normal(0, 0.6)),)
    ]
    return pl.DataFrame(rows, schema=["account", "series", "on", "value"], orient="row")


def received(everything: pl.DataFrame, book: Book, *, seed: int) -> pl.DataFrame:
    """Return events with the time at which each came in: some were away from the network, for days."""
    rng = np.random.default_rng([seed, 8])
    is_late = rng.random(everything.height) < SENT_LATE
    days = np.where(is_late, rng.exponential(DAYS_LATE, everything.height), 0)
    later = 2 + (days * 86_400).astype(np.int64)
    today = datetime.combine(book.today, time(), TOKYO).astimezone(UTC)
    came = pl.col("at") + pl.duration(seconds="later")
    return (
        everything.with_columns(later=later)
        .with_columns(received_at=pl.min_horizontal(came, pl.max_horizontal("at", pl.lit(today))))
        .drop("later")
    )


def _released(
    book: Book, feature: NDArray[np.int64], customer: NDArray[np.int64], day: NDArray[np.int64], *, seed: int
) -> NDArray[np.int64]:
    """Put everyday features in the place of those not released yet, not taken up yet, or not in a customer's plan."""
    rng = np.random.default_rng([seed, 7])
    places = {name: place for place, (name, _label) in enumerate(words.FEATURES)}
    is_small = np.array([one.segment == SMALL for one in book.customers])
    for _name, days_ago, names, plans in words.RELEASES:
        for name in names:
            begun = book.days - days_ago + rng.exponential(TAKEN_UP_AFTER_DAYS, len(book.customers))
            if plans:
                begun[is_small] = np.inf
            early = (feature == places[name]) & (day < begun[customer])
            feature = np.where(early, feature % EVERYDAY, feature)
    return feature


def _without_those_who_left(
    chance: NDArray[np.float64], book: Book, customer: NDArray[np.int64], person: NDArray[np.int64]
) -> None:
    """Take champions out from the day on which they left: the first person of each customer that was dropped."""
    for place, one in enumerate(book.customers):
        if one.course == "dropped":
            chance[(customer == place) & (person == 0), one.turn :] = 0


def _people(seats: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each person the place of the customer and the person's number there, both (people,)."""
    customer = np.repeat(np.arange(seats.size), seats)
    starts = np.cumsum(seats) - seats
    return customer, np.arange(customer.size) - starts[customer]


def _frame(
    book: Book,
    rng: np.random.Generator,
    *,
    customer: NDArray[np.int64],
    person: NDArray[np.int64],
    day: NDArray[np.int64],
    feature: NDArray[np.int64],
) -> pl.DataFrame:
    midnight = datetime.combine(book.first_day, time(), TOKYO).astimezone(UTC)
    # Work happens from eight to eight, most of it in the middle of the morning and of the afternoon.
    second = np.clip(rng.normal(13.3 * 3600, 2.6 * 3600, day.size), 8 * 3600, 20 * 3600).astype(np.int64)
    offset = day.astype(np.int64) * 86_400 + second
    ids = np.array([one.external_id for one in book.customers])
    names = np.array([name for name, _label in words.FEATURES])
    frame = pl.DataFrame(
        {
            "offset": offset,
            "account": ids[customer],
            "number": person,
            "name": names[feature],
        }
    )
    return (
        frame.sort("account", "offset", "number", "name")
        .with_row_index("row")
        .select(
            at=pl.lit(midnight).dt.cast_time_unit("us") + pl.duration(seconds="offset"),
            account="account",
            person=pl.col("account") + "-u" + (pl.col("number") + 1).cast(pl.String),
            name="name",
            value=pl.lit(None, dtype=pl.Float64),
            message_id=pl.lit("demo-") + pl.col("row").cast(pl.String),
        )
    )


def _moment(number: int, book: Book, one: Customer, day: int, *, what: tuple[str, float | None]) -> tuple[object, ...]:
    name, value = what
    at = datetime.combine(book.day(day), time(9 + number % 9, number % 60), TOKYO).astimezone(UTC)
    said = f'{{"priority": "{words.PRIORITIES[number % len(words.PRIORITIES)]}"}}' if name == words.TICKET[0] else None
    return at, one.external_id, None, name, value, f"demo-{name}-{number}", said
