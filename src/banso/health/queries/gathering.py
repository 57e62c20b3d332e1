"""What a scorecard reads: the values of its measures for all accounts, as of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from banso.accounts import queries as accounts
from banso.contracts import queries as contracts
from banso.health.models import Scorecard, Standing
from banso.health.queries.judging import pulse_values, pulsed_on
from banso.health.queries.limits import LIMIT_SHARE, limit_shares
from banso.health.queries.naming import ids_of
from banso.health.rules import Available, Count, Definition, Rows
from banso.health.rules.definition import FACTS
from banso.usage import queries as usage

LAST_USED: Final = "_recency"
_LONGEST_DAYS: Final = 3660
_WEEK: Final = timedelta(days=7)
_BOOK: Final = {
    "account_id": pl.Int64,
    "account": pl.String,
    "segment": pl.String,
    "stage": pl.String,
    "left_on": pl.Date,
    "parent_id": pl.Int64,
}
_NOBODY: Final = pl.DataFrame(schema={"account_id": pl.Int64, "on": pl.Date})


@dataclass(frozen=True)
class Gathered:
    """Rows by account and day: account_id, account, segment, stage, on, and a column for each measure by its key."""

    definition: Definition
    frame: pl.DataFrame

    @property
    def rows(self) -> Rows:
        """Return what the scorecard reads of it."""
        return rows_of(self.definition, self.frame)


def rows_of(definition: Definition, frame: pl.DataFrame) -> Rows:
    """Return the values and raw weights of rows with segment, stage and a column for each measure."""
    values = frame.select(pl.col(key).cast(pl.Float64).fill_null(np.nan) for key in definition.keys).to_numpy()
    kinds = frame.select("segment", "stage").unique(maintain_order=True).with_row_index("kind")
    table = np.array([definition.weights_for(segment, stage) for _, segment, stage in kinds.rows()], dtype=np.float64)
    which = frame.join(kinds, on=["segment", "stage"], how="left", nulls_equal=True, maintain_order="left")["kind"]
    return Rows(values, table.reshape(-1, len(definition.keys))[which.to_numpy()])


def book() -> pl.DataFrame:
    """Return all accounts: account_id, account (external id), segment, stage, left_on, parent_id; one query."""
    found = accounts.visible_to(accounts.EVERYTHING).order_by("pk")
    rows = found.values_list("pk", "external_id", "segment__name", "stage__name", "left_on", "parent_id")
    return pl.DataFrame(list(rows), schema=_BOOK, orient="row")


def as_of(definition: Definition, days: Sequence[date], known: pl.DataFrame, facts: pl.DataFrame) -> Gathered:
    """Return every account of the book as of each day, with the days since its last use; null is not known."""
    return Gathered(definition, counted_on(definition.measures, days, known, facts))


def counted_on(counts: Sequence[Count], days: Sequence[date], known: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return every account of the book as of each day: a column for each count by its key; null is not known."""
    grid = known.drop("left_on").join(pl.DataFrame({"on": days}, schema={"on": pl.Date}), how="cross")
    full = grid
    for level in usage.LEVELS_OF_ACCOUNTS:
        asked = _asked(counts, level)
        if level == "account":
            asked = [*asked, usage.Measure(LAST_USED, "recency_days")]
        if asked:
            frames = [usage.measures_on(asked, day, level=level).with_columns(pl.lit(day).alias("on")) for day in days]
            full = full.join(_with_ids(pl.concat(frames), known), on=["account_id", "on"], how="left")
    return _with_facts(counts, _with_others(counts, full, days), facts)


def by_week(definition: Definition, mondays: Sequence[date], known: pl.DataFrame, facts: pl.DataFrame) -> Gathered:
    """Return accounts as of Mondays, each from its first use on; from a contract or pulse on where one is measured."""
    return Gathered(definition, counted_by_week(definition.measures, mondays, known, facts))


def counted_by_week(
    counts: Sequence[Count],
    mondays: Sequence[date],
    known: pl.DataFrame,
    facts: pl.DataFrame,
    *,
    as_known: usage.Known = "event",
) -> pl.DataFrame:
    """Return accounts as of Mondays, as `by_week` does, with a column for each count; as it was known then, if asked.

    What contracts say goes by their days: when a contract was written down is not asked.
    """
    used = _NOBODY
    for level in usage.LEVELS_OF_ACCOUNTS:
        if asked := _asked(counts, level):
            weeks = usage.measures_by_week(asked, mondays, level=level, known=as_known)
            used = used.join(
                _with_ids(weeks.rename({"week": "on"}), known), on=["account_id", "on"], how="full", coalesce=True
            )
    keys = used.select("account_id", "on")
    if any(one.source == "contract" for one in counts):
        keys = pl.concat([keys, facts.filter("is_active").select("account_id", pl.col("week").alias("on"))]).unique()
    if any(one.source == "pulse" for one in counts):
        keys = pl.concat([keys, pulsed_on(mondays)]).unique()
    full = keys.join(known.drop("left_on"), on="account_id").join(used, on=["account_id", "on"], how="left")
    return _with_facts(counts, _with_others(counts, full, mondays, as_known), facts)


def contract_facts(days: Sequence[date]) -> pl.DataFrame:
    """Return what contracts say as of days: account_id, week (the day), seats, mrr, is_active, days_to_renewal."""
    return contracts.weekly_facts(sorted(set(days)))


def mondays_until(on: date) -> list[date]:
    """Return the Mondays up to a day since usage began; none where there is no usage."""
    span = usage.span()
    if span is None:
        return []
    first = span[0] + timedelta(days=7 - span[0].weekday())
    last = on - timedelta(days=on.weekday())
    return [first + _WEEK * week for week in range((last - first).days // 7 + 1)]


def needs_computing() -> bool:
    """Return whether accounts wait for scores: a version newer than all scores, or usage and no score at all."""
    newest = Scorecard.objects.order_by("-version", "-pk").values_list("pk", flat=True).first()
    if newest is None:  # noqa: SIM108  # two questions, one to a line
        waits = usage.span() is not None
    else:
        waits = not Standing.objects.filter(scorecard_id=newest).exists()
    return waits and accounts.visible_to(accounts.EVERYTHING).exists()


def needs_refreshing() -> bool:
    """Return whether usage was counted anew since the scores of today were computed, and no more of it waits."""
    counted_at = usage.counted_at()
    if counted_at is None or usage.needs_rolling_up():
        return False
    newest = Standing.objects.order_by("-computed_at", "pk").values_list("computed_at", flat=True).first()
    return newest is not None and newest < counted_at


def available(on: date) -> Available:
    """Return what data there is, as of a day, for templates to rest on."""
    if usage.span() is None:
        return Available(has_usage=False, has_people=False, has_seats=False, features=0)
    people = usage.measures_on([usage.Measure("people", "active_people", _LONGEST_DAYS)], on)["people"]
    seats = contract_facts([on])["seats"]
    return Available(
        has_usage=True,
        has_people=people.is_not_null().any(),
        has_seats=(seats > 0).any(),
        features=sum(one.kind == "feature" for one in usage.event_names()),
    )


def asked_of(measure: Count) -> usage.Measure:
    """Return what usage is asked for a count."""
    return usage.Measure(
        name=measure.key,
        kind=measure.kind,  # type: ignore[arg-type]  # checked when published
        window_days=measure.window_days,
        events=measure.events,
        of=measure.of,  # type: ignore[arg-type]  # likewise
        against=measure.against,  # type: ignore[arg-type]  # likewise
        where=measure.where,
        value_of=measure.value_of,
    )


def _asked(measures: Sequence[Count], level: str) -> list[usage.Measure]:
    return [asked_of(measure) for measure in measures if measure.source == "usage" and measure.level == level]


def _with_ids(used: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Put accounts in the place of the names that events came with; an own id counts before other names."""
    ids = ids_of(used)
    own = known.select("account_id", pl.lit(value=True).alias("is_own"), "account")
    found = used.join(ids, on="account").join(own, on=["account_id", "account"], how="left")
    found = found.sort("account_id", "on", "is_own", nulls_last=True)
    return found.unique(["account_id", "on"], keep="first", maintain_order=True).drop("account", "is_own")


def _with_others(
    counts: Sequence[Count], full: pl.DataFrame, days: Sequence[date], known: usage.Known = "event"
) -> pl.DataFrame:
    """Return rows with the shares of limits and with pulses, where any are asked for."""
    limited = [one for one in counts if one.kind == LIMIT_SHARE]
    judged = [one for one in counts if one.source == "pulse"]
    for asked, values_of in ((limited, limit_shares), (judged, pulse_values)):
        if asked:
            full = full.join(values_of(asked, days, known=known), on=["account_id", "on"], how="left")
    return full


def _with_facts(counts: Sequence[Count], full: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return rows with what contracts say, and with what is counted for each of it."""
    said = facts.rename({"week": "on"}).select(
        "account_id",
        "on",
        pl.col("seats").alias("_seats"),
        pl.col("mrr").alias("_mrr"),
        pl.col("days_to_renewal").alias("_days_to_renewal"),
        pl.col("tenure_days").alias("_tenure_days"),
    )
    full = full.join(said, on=["account_id", "on"], how="left")
    full = full.with_columns(_value(count).alias(count.key) for count in counts)
    return full.drop("_seats", "_mrr", "_days_to_renewal", "_tenure_days").sort("account_id", "on")


def _value(measure: Count) -> pl.Expr:
    counted = pl.col(f"_{measure.kind}" if measure.kind in FACTS else measure.key).cast(pl.Float64)
    if not measure.per:
        return counted
    base = pl.col(f"_{measure.per}").cast(pl.Float64)
    return pl.when(base > 0).then(counted / base)
