"""Scores of all accounts, for today and for every past week, made anew from what was known then."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl
from django.db import transaction

from banso.accounts import queries as accounts
from banso.health.actions.filing import write_files
from banso.health.actions.publishing import start
from banso.health.actions.standing import LEFT, WEEK, WEEKS_SHOWN, Before, Today, news_of, standings_of
from banso.health.models import Standing
from banso.health.queries import ScorecardRow
from banso.health.queries.gathering import as_of, book, by_week, contract_facts, mondays_until
from banso.health.queries.keeping import WEEKS, path_of
from banso.health.queries.scoring import with_scores
from banso.health.queries.sorting import sorting
from banso.journal.actions import News, write_many
from banso.people.access import Actor

type Progress = Callable[[float], None]

_UPSERTED: Final = (
    "scorecard",
    "as_of_on",
    "computed_at",
    "score",
    "score_week_ago",
    "change",
    "coverage",
    "level",
    "condition",
    "condition_since_on",
    "parts",
    "moves",
    "adjustments",
    "computed",
    "override",
    "weeks",
    "last_used_on",
    "left_on",
)


@dataclass(frozen=True)
class Recomputed:
    """What a computation did: accounts in all, those with a score, account-weeks, and conditions that changed."""

    accounts: int
    known: int
    weeks: int
    changed: int


def recompute(
    *, on: date, by: Actor, now: datetime, progress: Progress | None = None, with_history: bool = True
) -> Recomputed | None:
    """Score every account as of the start of a day and of each Monday since usage began, by the scorecard in force.

    Where none was published yet, the template that fits the data is put in force first; None where there is no usage
    either. The change is the shown score less the score as of seven days before, made the same way. Writes
    "health.changed" for conditions that differ from the previous computation by the same scorecard. Without history
    only today is made anew. All reading comes before the one transaction, so that others can write meanwhile; the
    `progress` callback is told the share done, 0–1.
    """
    tell = progress or (lambda _share: None)
    card = start(on=on, now=now)
    if card is None:
        return None
    tell(0.05)
    known, past = book(), sorting()
    mondays = mondays_until(on) if with_history else []
    facts = contract_facts([*mondays, on - WEEK, on])
    left = _left(known, facts, on)
    weeks = (
        _weeks(card, past.as_then(by_week(card.definition, mondays, known, facts).frame, today=on), facts, left)
        if with_history
        else _weeks_kept(card, on)
    )
    tell(0.6)
    frame = past.as_then(as_of(card.definition, [on - WEEK, on], known, facts).frame, today=on)
    tell(0.75)
    return _keep(Today(card, on, now, frame, facts, weeks, left), by=by, with_history=with_history, tell=tell)


@transaction.atomic
def _keep(today: Today, *, by: Actor, with_history: bool, tell: Progress) -> Recomputed:
    before = _before()
    made, frame = standings_of(today, before)
    tell(0.85)
    Standing.objects.bulk_create(
        made, batch_size=1000, update_conflicts=True, unique_fields=["account"], update_fields=_UPSERTED
    )
    changed = list(news_of(made, before, today.card))
    names = accounts.names_of(pk for pk, _details in changed)
    news = [
        News(
            "health.changed",
            account_id=pk,
            subject_kind="account",
            subject_id=pk,
            subject_label=names.get(pk, ""),
            details=details,
        )
        for pk, details in changed
    ]
    write_many(news, by=by, now=today.now)
    write_files(frame, today.weeks if with_history else None)
    tell(1.0)
    known = sum(one.score is not None for one in made)
    return Recomputed(accounts=len(made), known=known, weeks=today.weeks.height, changed=len(news))


def _weeks(card: ScorecardRow, frame: pl.DataFrame, facts: pl.DataFrame, left: dict[int, date]) -> pl.DataFrame:
    """Return the rows of weeks with their scores, without those after an account had left."""
    gone = pl.DataFrame({"account_id": list(left), "_left": list(left.values())}, schema=LEFT)
    frame = frame.join(gone, on="account_id", how="left", maintain_order="left")
    frame = frame.filter(pl.col("_left").is_null() | (pl.col("on") < pl.col("_left"))).drop("_left")
    return with_scores(card.definition, frame, facts, card.id)


def _weeks_kept(card: ScorecardRow, on: date) -> pl.DataFrame:
    """Return the weeks that lists show, as kept; none where another version made them."""
    if not path_of(WEEKS).exists():
        return pl.DataFrame(schema={"account_id": pl.Int64, "on": pl.Date, "tenths": pl.Int16, "condition": pl.String})
    first = on - timedelta(weeks=WEEKS_SHOWN)
    wanted = (pl.col("scorecard_id") == card.id) & pl.col("on").is_between(first, on)
    return pl.scan_parquet(path_of(WEEKS)).filter(wanted).collect()


def _left(known: pl.DataFrame, facts: pl.DataFrame, on: date) -> dict[int, date]:
    """Return who is no customer any more, and since when: as the account says, or the week after its last contract."""
    said = dict(known.filter(pl.col("left_on") <= on).select("account_id", "left_on").rows())
    ended = facts.filter((pl.col("week") == on) & ~pl.col("is_active") & (pl.col("tenure_days") >= 0))
    active = facts.filter("is_active").group_by("account_id").agg(last=pl.col("week").max())
    rows = ended.join(active, on="account_id", how="left").select("account_id", "last").rows()
    earlier = Standing.objects.filter(left_on__isnull=False).order_by("pk").values_list("account_id", "left_on")
    since = dict(earlier)
    found = {pk: min(last + WEEK, on) if last else since.get(pk) or on for pk, last in rows}
    return found | said


def _before() -> dict[int, Before]:
    rows = Standing.objects.order_by("pk").values_list(
        "account_id", "condition", "scorecard_id", "condition_since_on", "left_on"
    )
    return {pk: Before(condition, card, since_on, left_on) for pk, condition, card, since_on, left_on in rows}
