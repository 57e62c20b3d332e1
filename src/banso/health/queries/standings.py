"""Where accounts stand today, in words and numbers, for lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from banso.health.models import Standing
from banso.health.queries.columns import counting_pulses
from banso.health.queries.scorecards import definitions
from banso.health.queries.wording import reason_text
from banso.health.rules import Adjustment, Definition, Move, Part, disagrees, reason_for
from banso.ui.templatetags.ui_text import day

_BIN = 10
_BINS = 10
_DROP = -5
_LOW_PULSE = 2


@dataclass(frozen=True)
class StandingRow:
    """Where one account stands. `weeks` are weekly scores, oldest first, None where not known; the last is today's.

    `reason` is one sentence in the reader's language; `is_disputed`: the CSM's newest pulse says the opposite.
    `computed` is the score without what a person has set (`override_id`).
    """

    account_id: int
    scorecard_id: int
    as_of_on: date
    computed_at: datetime
    score: Decimal | None
    score_week_ago: Decimal | None
    change: Decimal | None
    computed: Decimal | None
    override_id: int | None
    coverage: Decimal
    level: int | None
    condition: str
    condition_since_on: date | None
    parts: tuple[Part, ...]
    adjustments: tuple[Adjustment, ...]
    moves: tuple[Move, ...]
    weeks: list[float | None]
    last_used_on: date | None
    left_on: date | None
    reason: str
    pulse: int | None
    is_disputed: bool


@dataclass(frozen=True)
class Distribution:
    """How accounts are spread: by score in ten bins (0–10 … 90–100), level and condition; `unknown` have no score."""

    bins: tuple[int, ...]
    levels: dict[int, int]
    conditions: dict[str, int]
    unknown: int


def standings(account_ids: Iterable[int]) -> dict[int, StandingRow]:
    """Return where accounts stand, by account; those never computed are missing. Two queries."""
    return {
        row.account_id: row
        for row in standing_rows(_with_pulse().filter(account_id__in=list(account_ids)).order_by("account_id"))
    }


def movers(visible: QuerySet[Any], *, limit: int = 10) -> tuple[list[StandingRow], list[StandingRow]]:
    """Return who fell and who rose most in seven days, of the accounts given, largest change first."""
    present = of_visible(visible).filter(change__isnull=False, left_on__isnull=True)
    down = present.filter(change__lt=0).order_by("change", "account_id")[:limit]
    up = present.filter(change__gt=0).order_by("-change", "account_id")[:limit]
    return standing_rows(down), standing_rows(up)


def urgent(visible: QuerySet[Any], *, limit: int = 200) -> list[StandingRow]:
    """Return those of the accounts given whose health or pulse asks for someone, worst first.

    In: condition poor, five points or more down in a week, or a pulse of 2 or less.
    """
    found = of_visible(visible).filter(left_on__isnull=True)
    worrying = Q(condition="poor") | Q(change__lte=_DROP) | Q(pulse__lte=_LOW_PULSE)
    return standing_rows(found.filter(worrying).order_by("score", "account_id")[:limit])


def distribution(visible: QuerySet[Any]) -> Distribution:
    """Return how the accounts given are spread; those that left are not counted. Two queries."""
    ids = visible.order_by().values("pk")
    present = Standing.objects.filter(account__in=ids, left_on__isnull=True).order_by()
    conditions = present.values("condition").annotate(n=Count("pk"))
    return distribution_of(
        list(present.values_list("score", "level")), {row["condition"]: row["n"] for row in conditions}
    )


def distribution_of(scores: Iterable[tuple[Decimal | None, int | None]], conditions: dict[str, int]) -> Distribution:
    """Return the distribution of scores with their levels; a score of 100 lies in the last bin."""
    bins, levels, unknown = [0] * _BINS, dict.fromkeys(range(1, 5), 0), 0
    for score, level in scores:
        if score is None or level is None:
            unknown += 1
            continue
        bins[min(int(score) // _BIN, _BINS - 1)] += 1
        levels[level] += 1
    return Distribution(tuple(bins), levels, conditions, unknown)


def of_visible(visible: QuerySet[Any]) -> QuerySet[Standing]:
    """Lend the standings of the accounts given, with their newest pulse."""
    return _with_pulse().filter(account__in=visible.order_by().values("pk"))


def _with_pulse() -> QuerySet[Standing]:
    newest = counting_pulses().filter(account_id=OuterRef("account_id")).values("rating")[:1]
    return Standing.objects.select_related("override").annotate(pulse=Subquery(newest))


def standing_rows(found: QuerySet[Standing]) -> list[StandingRow]:
    """Return standings as rows, in their order; two queries."""
    rows = list(found)
    by_card = definitions({row.scorecard_id for row in rows})
    return [_row(row, by_card[row.scorecard_id]) for row in rows]


def _row(one: Any, definition: Definition) -> StandingRow:
    parts, moves = tuple(Part(**part) for part in one.parts), tuple(Move(**move) for move in one.moves)
    score = None if one.score is None else int(one.score * 10)
    change = None if one.change is None else int(one.change * 10)
    return StandingRow(
        account_id=one.account_id,
        scorecard_id=one.scorecard_id,
        as_of_on=one.as_of_on,
        computed_at=one.computed_at,
        score=one.score,
        score_week_ago=one.score_week_ago,
        change=one.change,
        computed=one.computed,
        override_id=one.override_id,
        coverage=one.coverage,
        level=one.level,
        condition=one.condition,
        condition_since_on=one.condition_since_on,
        parts=parts,
        adjustments=tuple(Adjustment(**adjustment) for adjustment in one.adjustments),
        moves=moves,
        weeks=[None if tenths is None else tenths / 10 for tenths in one.weeks],
        last_used_on=one.last_used_on,
        left_on=one.left_on,
        reason=_by_hand(one) or reason_text(reason_for(score, change, parts, moves), definition),
        pulse=one.pulse,
        is_disputed=disagrees(one.condition, one.pulse),
    )


def _by_hand(one: Standing) -> str:
    """Return what a person has set, in words, beside the computed score; empty where nobody has."""
    if one.override is None:
        return ""
    return _("Set by hand until %(day)s: %(reason)s (computed: %(score)s)") % {
        "day": day(one.override.until_on),
        "reason": one.override.reason,
        "score": "–" if one.computed is None else number_format(one.computed, 1),
    }
