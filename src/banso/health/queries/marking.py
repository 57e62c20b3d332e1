"""What marks those who stay: what it is judged from, and what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log
from typing import Final, Literal

import numpy as np
import polars as pl

from banso.accounts import queries as accounts
from banso.health.models import Marking
from banso.health.queries.gathering import contract_facts
from banso.health.queries.naming import ids_of
from banso.science.adoption import LANDMARK_WEEKS, Histories
from banso.usage import queries as usage

type Verdict = Literal["candidate", "goes with use", "not seen"]

WEEK: Final = timedelta(weeks=1)
# A customer stayed that is one still after its first yearly renewal, with four weeks for the paper.
STAYED_WEEKS: Final = 56
# Use of the first weeks and of those after them, up to the landmark, is what features are judged beside.
SETTLED_WEEKS: Final = 4
_BOOK: Final = {"account_id": pl.Int64, "account": pl.String, "since_on": pl.Date, "left_on": pl.Date}


@dataclass(frozen=True)
class Gathered:
    """What features are judged from, and how many are too new to be."""

    histories: Histories
    first_on: date
    too_new: int


@dataclass(frozen=True)
class MarkerRow:
    """What one feature says of staying: shares of those with and without it, and the difference beside use and size."""

    feature: str
    label: str
    users: int
    kept_with: float
    kept_without: float
    difference: float
    low: float
    high: float
    q_value: float
    stability: float
    verdict: Verdict
    draw: int | None

    @property
    def points(self) -> float:
        """Return the difference in points of a hundred customers."""
        return 100 * self.difference

    @property
    def low_points(self) -> float:
        return 100 * self.low

    @property
    def high_points(self) -> float:
        return 100 * self.high


@dataclass(frozen=True)
class MarkingRow:
    """What all features say, and what it rests on."""

    as_of_on: date
    accounts: int
    losses: int
    missing: int
    too_new: int
    rows: list[MarkerRow]


def gathered(on: date) -> Gathered | None:
    """Return who took up what in the first weeks, and who stayed; None where no customer began with usage counted."""
    span = usage.span()
    book = _book(span[0], on) if span else None
    if span is None or book is None or not book.height:
        return None
    first = min(book["since_on"])
    standings = _known(usage.feature_standings(span[0], on - timedelta(days=1)), book)
    begun = dict(standings.group_by("feature").agg(pl.col("first_on").min()).rows())
    features = sorted(name for name, day in begun.items() if day <= first + LANDMARK_WEEKS * WEEK)
    weeks = (standings["first_on"] - standings["since_on"]).dt.total_days().clip(lower_bound=0).to_numpy() / 7
    first_use = np.full((book.height, len(features)), np.nan)
    places = {name: place for place, name in enumerate(features)}
    rows = {pk: place for place, pk in enumerate(book["account_id"].to_list())}
    for pk, name, week in zip(standings["account_id"], standings["feature"], weeks, strict=True):
        if name in places:
            first_use[rows[pk], places[name]] = week
    until = book["left_on"].fill_null(on).clip(upper_bound=on)
    observed = ((until - book["since_on"]).dt.total_days() / 7).to_numpy()
    is_gone = (book["left_on"].is_not_null() & (book["left_on"] <= on)).to_numpy()
    kept = np.where(observed >= STAYED_WEEKS, 1.0, np.where(is_gone, 0.0, np.nan))
    adjust = np.column_stack([*_use(book, on), _size(book)])
    return Gathered(Histories(features, first_use, observed, kept, adjust), first, len(begun) - len(features))


def marking() -> MarkingRow | None:
    """Return what was found last, candidates first; None before the first time."""
    found = Marking.objects.order_by("-computed_at", "pk").first()
    if found is None:
        return None
    labels = {row.name: row.label for row in usage.event_names()}
    rows = [MarkerRow(**row, label=labels.get(row["feature"]) or row["feature"]) for row in found.rows]
    return MarkingRow(found.as_of_on, found.accounts, found.losses, found.missing, found.too_new, rows)


def _book(begun: date, on: date) -> pl.DataFrame:
    """Return the customers that began while usage was counted: of others nobody knows what they took up first."""
    found = accounts.visible_to(accounts.EVERYTHING).filter(customer_since_on__gte=begun, customer_since_on__lt=on)
    rows = found.order_by("pk").values_list("pk", "external_id", "customer_since_on", "left_on")
    return pl.DataFrame(list(rows), schema=_BOOK, orient="row")


def _known(rows: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    """Put accounts of the book, and the day on which each began, in the place of the names that events came with."""
    named = rows.join(ids_of(rows), on="account").join(book.select("account_id", "since_on"), on="account_id")
    if "feature" in named.columns:
        named = named.group_by("account_id", "feature", "since_on").agg(pl.col("first_on").min())
    return named.sort(pl.all())


def _use(book: pl.DataFrame, on: date) -> Sequence[np.ndarray]:
    """Return the log of weekly events in the first weeks, and in those after them up to the landmark, (n,) each."""
    rows = _known(usage.weekly_volumes(min(book["since_on"]), on), book)
    age = (pl.col("week") - pl.col("since_on")).dt.total_days() / 7
    found = []
    for first, last in ((0, SETTLED_WEEKS), (SETTLED_WEEKS, LANDMARK_WEEKS)):
        part = rows.filter((age >= first) & (age < last)).group_by("account_id").agg(pl.col("n").sum())
        n = book.join(part, on="account_id", how="left", maintain_order="left")["n"].fill_null(0).to_numpy()
        found.append(np.log(n / (last - first) + 0.5))
    return found


def _size(book: pl.DataFrame) -> np.ndarray:
    """Return (n,) the log of seats at the landmark; where they are not known, the middle of those known."""
    days = [since + LANDMARK_WEEKS * WEEK for since in book["since_on"].unique().sort().to_list()]
    wanted = book.with_columns((pl.col("since_on") + LANDMARK_WEEKS * WEEK).alias("week"))
    seats = wanted.join(
        contract_facts(days).select("account_id", "week", "seats"),
        on=["account_id", "week"],
        how="left",
        maintain_order="left",
    )["seats"]
    middle = seats.median()
    known = seats.fill_null(float(middle) if isinstance(middle, int | float) else 0.0)
    return np.array([log(max(one, 1.0)) for one in known.to_list()])
