"""Which features customers have taken up: by release, by segment, over time, and who has not begun.

The rate is formulas' adoption: accounts that used a feature in the window ÷ those who could, which are the current
customers whose contract includes it (all of them, where no plan or option is named).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Any, Final, Literal

import polars as pl

from banso.accounts import queries as accounts
from banso.contracts import queries as contracts
from banso.people.access import User
from banso.usage import queries as usage

type Use = Literal["now", "lapsed", "not"]

USES: Final[tuple[Use, ...]] = ("now", "lapsed", "not")
WINDOWS: Final = (7, 28, 90)
DEFAULT_WINDOW: Final = 28
TREND_WEEKS: Final = 26
CHART_WEEKS: Final = 52
SORTS: Final = ("feature", "release", "share", "accounts", "people", "not", "lapsed")
STEPS_AT_FIRST: Final = 4
STEPS_AT_MOST: Final = 8


@dataclass(frozen=True)
class FeatureUse:
    """One feature: who could use it, who does, who did, who never has; `weeks` are its accounts by week."""

    name: str
    label: str
    release: str | None
    released_on: date | None
    eligible: int
    now: int
    lapsed: int
    people: int | None  # None: it is used now, and no event says by whom
    weeks: list[int] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        """Adoption 0–1, or None where nobody could use it."""
        return self.now / self.eligible if self.eligible else None

    @property
    def never(self) -> int:
        """Return how many could use it and never have."""
        return self.eligible - self.now - self.lapsed


@dataclass(frozen=True)
class GroupUse:
    """A segment's use of one feature."""

    label: str
    segment_id: int | None
    eligible: int
    now: int
    lapsed: int
    median_days: int | None  # from becoming a customer, or from the release if that was later, to the first use

    @property
    def share(self) -> float | None:
        """Adoption 0–1, or None where nobody could use it."""
        return self.now / self.eligible if self.eligible else None

    @property
    def never(self) -> int:
        """Return how many could use it and never have."""
        return self.eligible - self.now - self.lapsed


@dataclass(frozen=True)
class Overview:
    """All features of the customers that a user sees."""

    rows: list[FeatureUse]
    customers: int
    median_features: float | None
    until: date


@dataclass(frozen=True)
class Detail:
    """One feature by segment, and its adoption by week: (Monday, share of those who could by segment)."""

    use: FeatureUse
    groups: list[GroupUse]
    mondays: Sequence[date]
    lines: list[tuple[str, list[float | None]]]
    plans: tuple[str, ...]
    until: date


@dataclass(frozen=True)
class Step:
    """One step of the funnel: how many reached it after all steps before, and how long that took them."""

    name: str
    label: str
    reached: int
    of_before: float | None
    of_all: float | None
    median_days: int | None


@dataclass(frozen=True)
class _Book:
    """The current customers that a user sees, with what all questions ask of them."""

    frame: pl.DataFrame  # account_id, segment_id, segment, since_on
    releases: dict[str, "usage.ReleaseRow"]
    having: dict[str, set[int]]

    def eligible(self, feature: str) -> pl.DataFrame:
        """Return the customers who could use a feature."""
        release = self.releases.get(feature)
        plans = release.features[feature] if release else ()
        if not plans:
            return self.frame
        ids = set().union(*(self.having.get(plan, set()) for plan in plans))
        return self.frame.filter(pl.col("account_id").is_in(sorted(ids)))


def overview(user: User, *, today: date, window: int, segment: int | None = None) -> Overview:
    """Return every feature with its use by the customers of a segment, or all; six queries at any size."""
    book = _book(user, today, segment=segment)
    until = today - timedelta(days=1)
    used = _standings(book, today, window=window)
    weeks = _weeks(book, today)
    named = {row.name: row.label for row in usage.event_names() if row.kind == "feature"}
    rows = [_feature_use(book, name, label, used, weeks) for name, label in named.items()]
    per_account = used.filter("is_now").group_by("account_id").len()["len"].to_list()
    counts = [*per_account, *[0] * (book.frame.height - len(per_account))]
    return Overview(rows, book.frame.height, median(counts) if counts else None, until)


def ordered(rows: list[FeatureUse], sort: str, *, is_descending: bool) -> list[FeatureUse]:
    """Return features in the order asked for; those without a value last, ties by name."""
    keys: dict[str, Any] = {
        "feature": lambda row: (row.label or row.name).lower(),
        "release": lambda row: row.released_on,
        "share": lambda row: row.share,
        "accounts": lambda row: row.now,
        "people": lambda row: row.people,
        "not": lambda row: row.never,
        "lapsed": lambda row: row.lapsed,
    }
    key = keys[sort]
    by_name = sorted(rows, key=lambda row: row.name)
    known = sorted((row for row in by_name if key(row) is not None), key=key, reverse=is_descending)
    return [*known, *(row for row in by_name if key(row) is None)]


def detail(user: User, name: str, *, today: date, window: int) -> Detail | None:
    """Return one feature by segment and by week; None where no feature has this name."""
    labels = {row.name: row.label for row in usage.event_names() if row.kind == "feature"}
    if name not in labels:
        return None
    book = _book(user, today)
    used, weeks = _standings(book, today, window=window, feature=name), _weeks(book, today, feature=name)
    mine = book.eligible(name)
    release = book.releases.get(name)
    segments = [(row.id, row.name) for row in accounts.choices()["segment"]]
    groups = [
        _group(label, segment_id, mine.filter(pl.col("segment_id").eq_missing(segment_id)), used, release)
        for segment_id, label in [*segments, (None, "")]
    ]
    groups = [group for group in groups if group.eligible]
    mondays = usage.mondays(_monday(today, CHART_WEEKS), _monday(today, 1) + timedelta(days=6))
    lines = [(group.label, _shares(mine, weeks, mondays, group.segment_id)) for group in groups]
    return Detail(
        use=_feature_use(book, name, labels[name], used, weeks),
        groups=groups,
        mondays=mondays,
        lines=lines,
        plans=release.features[name] if release else (),
        until=today - timedelta(days=1),
    )


def funnel(user: User, names: Sequence[str], *, today: date, segment: int | None = None) -> tuple[int, list[Step]]:
    """Return the customers, and for each feature how many first used it on or after their first use of those before.

    A customer reaches a step when it reached the one before and its first use is not earlier; days are counted from
    the step before, for the first step from the day on which it became a customer.
    """
    book = _book(user, today, segment=segment)
    labels = {row.name: row.label for row in usage.event_names()}
    used = _standings(book, today, window=DEFAULT_WINDOW)
    reached = book.frame.select("account_id", pl.col("since_on").alias("at_on"))
    steps: list[Step] = []
    for name in names:
        before = reached.height
        first = used.filter(pl.col("feature") == name).select("account_id", "first_on")
        reached = reached.join(first, on="account_id").filter(
            pl.col("at_on").is_null() | (pl.col("first_on") >= pl.col("at_on"))
        )
        days = (reached["first_on"] - reached["at_on"]).dt.total_days().drop_nulls().to_list()
        steps.append(
            Step(
                name=name,
                label=labels.get(name) or name,
                reached=reached.height,
                of_before=reached.height / before if before else None,
                of_all=reached.height / book.frame.height if book.frame.height else None,
                median_days=round(median(days)) if days else None,
            )
        )
        reached = reached.select("account_id", pl.col("first_on").alias("at_on"))
    return book.frame.height, steps


def usual_steps(rows: Sequence[FeatureUse], user: User, *, today: date) -> list[str]:
    """Return the features that most customers use, in the order in which half of them had begun."""
    most = [row.name for row in sorted(rows, key=lambda row: (-row.now, row.name))[:STEPS_AT_FIRST]]
    book = _book(user, today)
    used = _standings(book, today, window=DEFAULT_WINDOW).join(
        book.frame.select("account_id", "since_on"), on="account_id"
    )
    days = used.with_columns((pl.col("first_on") - pl.col("since_on")).dt.total_days().alias("days"))
    middle = dict(days.group_by("feature").agg(pl.col("days").median()).rows())
    return sorted(most, key=lambda name: (middle.get(name) is None, middle.get(name) or 0, name))


def accounts_by_use(name: str, use: Use, user: User, *, today: date, window: int) -> list[int]:
    """Return the current customers within reach who use a feature now, did before, or could and never have."""
    book = _book(user, today)
    mine = book.eligible(name)
    used = _standings(book, today, window=window, feature=name)
    now, ever = used.filter("is_now")["account_id"], used["account_id"]
    wanted = {
        "now": mine.filter(pl.col("account_id").is_in(now.implode())),
        "lapsed": mine.filter(pl.col("account_id").is_in(ever.implode()) & ~pl.col("account_id").is_in(now.implode())),
        "not": mine.filter(~pl.col("account_id").is_in(ever.implode())),
    }
    return wanted[use]["account_id"].to_list()


def _book(user: User, today: date, *, segment: int | None = None) -> _Book:
    found = accounts.visible_to(user).filter(left_on__isnull=True)
    if segment is not None:
        found = found.filter(segment_id=segment)
    rows = found.order_by("pk").values_list("pk", "segment_id", "customer_since_on")
    schema = {"account_id": pl.Int64, "segment_id": pl.Int64, "since_on": pl.Date}
    releases = {name: release for release in usage.releases() for name in release.features}
    plans = {plan for name, release in releases.items() for plan in release.features[name]}
    having = contracts.accounts_having(plans, today) if plans else {}
    return _Book(pl.DataFrame(list(rows), schema=schema, orient="row"), releases, having)


def _standings(book: _Book, today: date, *, window: int, feature: str | None = None) -> pl.DataFrame:
    """Return account_id, feature, first_on, last_on, people, is_now of the book's customers; names of one added up."""
    since, until = today - timedelta(days=window), today - timedelta(days=1)
    found = usage.feature_standings(since, until, None if feature is None else [feature])
    mine = (
        _with_ids(found, book)
        .group_by("account_id", "feature")
        .agg(pl.col("first_on").min(), pl.col("last_on").max(), pl.col("people").sum())
    )
    return mine.with_columns((pl.col("last_on") >= since).alias("is_now"))


def _weeks(book: _Book, today: date, *, feature: str | None = None) -> pl.DataFrame:
    """Return account_id, feature, week of the book's customers for the weeks that trends and charts show."""
    since, until = _monday(today, CHART_WEEKS if feature else TREND_WEEKS), _monday(today, 1) + timedelta(days=6)
    found = usage.feature_weeks(since, until, None if feature is None else [feature])
    return _with_ids(found, book).select("account_id", "feature", "week").unique()


def _with_ids(found: pl.DataFrame, book: _Book) -> pl.DataFrame:
    ids = accounts.by_external_ids(found["account"].unique().to_list())
    named = pl.DataFrame(
        {"account": list(ids), "account_id": list(ids.values())}, schema={"account": pl.String, "account_id": pl.Int64}
    )
    return found.join(named, on="account").join(book.frame.select("account_id"), on="account_id", how="semi")


def _feature_use(book: _Book, name: str, label: str, used: pl.DataFrame, weeks: pl.DataFrame) -> FeatureUse:
    mine = book.eligible(name)
    own = used.filter(pl.col("feature") == name).join(mine.select("account_id"), on="account_id", how="semi")
    release = book.releases.get(name)
    by_week = weeks.filter(pl.col("feature") == name).join(mine.select("account_id"), on="account_id", how="semi")
    counted = dict(by_week.group_by("week").len().rows())
    now, people = own.filter("is_now").height, int(own.filter("is_now")["people"].sum())
    last = max(weeks["week"].to_list(), default=None)
    shown = [] if last is None else [last - timedelta(weeks=back) for back in range(TREND_WEEKS - 1, -1, -1)]
    return FeatureUse(
        name=name,
        label=label,
        release=release.name if release else None,
        released_on=release.released_on if release else None,
        eligible=mine.height,
        now=now,
        lapsed=own.filter(~pl.col("is_now")).height,
        people=None if now and not people else people,
        weeks=[int(counted.get(week, 0)) for week in shown],
    )


def _group(
    label: str, segment_id: int | None, mine: pl.DataFrame, used: pl.DataFrame, release: "usage.ReleaseRow | None"
) -> GroupUse:
    own = used.join(mine, on="account_id")
    start = pl.col("since_on") if release is None else pl.max_horizontal("since_on", pl.lit(release.released_on))
    days = own.select((pl.col("first_on") - start).dt.total_days().alias("days"))["days"].drop_nulls()
    counted = [day for day in days.to_list() if day >= 0]
    return GroupUse(
        label=label,
        segment_id=segment_id,
        eligible=mine.height,
        now=own.filter("is_now").height,
        lapsed=own.filter(~pl.col("is_now")).height,
        median_days=round(median(counted)) if counted else None,
    )


def _shares(
    mine: pl.DataFrame, weeks: pl.DataFrame, mondays: Sequence[date], segment_id: int | None
) -> list[float | None]:
    """Return by week how many per cent used the feature, of today's customers of a segment who were there by then."""
    group = mine.filter(pl.col("segment_id").eq_missing(segment_id))
    there = pl.col("since_on").is_null() | (pl.col("since_on") <= pl.col("week"))
    counted = dict(weeks.join(group, on="account_id").filter(there).group_by("week").len().rows())
    since = group["since_on"].to_list()
    present = [sum(day is None or day <= monday for day in since) for monday in mondays]
    return [
        round(100 * counted.get(monday, 0) / many, 1) if many else None
        for monday, many in zip(mondays, present, strict=True)
    ]


def _monday(today: date, weeks_ago: int) -> date:
    return today - timedelta(days=today.weekday() + 7 * weeks_ago)
