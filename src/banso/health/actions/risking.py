"""The risk of leaving is learnt from the company's own decisions of the past and told of every account."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from django.db import transaction

from banso.health.models import Risk, RiskModel
from banso.health.queries.risking import WITHIN_DAYS, Past, past
from banso.journal.actions import News, write
from banso.people.access import Actor
from banso.science import risk
from banso.science.basis import Interval, NotEnough
from banso.science.rates import Rates, rates

SEED: Final = 20_260_401
REASONS: Final = 4
_DIGITS: Final = 6
_SAME: Final = (
    "scorecard_id", "loss", "method", "accounts", "decisions", "losses", "missing", "first_on", "last_on", "seed",
    "measures", "rates",
)  # fmt: skip


@dataclass(frozen=True)
class Assessed:
    """What was done: accounts assessed, the version of the model, and decisions and losses that it rests on."""

    accounts: int
    version: int
    decisions: int
    losses: int


def assess(*, on: date, by: Actor, now: datetime) -> Assessed | None:
    """Learn what leaving looks like from all decisions before a day, and tell the risk of every account with one ahead.

    None where no scores are kept yet. With too few losses the rate of each account's level counts, drawn to that of
    all. A model that differs from the newest becomes a new version. All reading comes before the one transaction.
    """
    found = past(on)
    if found is None:
        return None
    fitted = risk.fit(found.rows, found.measures, seed=SEED)
    by_level = _rates(found)
    model = _model(found, fitted, by_level, now)
    told = list(_told(found, fitted, by_level))
    return _keep(model, told, on=on, by=by, now=now)


@transaction.atomic
def _keep(model: RiskModel, told: list[dict[str, Any]], *, on: date, by: Actor, now: datetime) -> Assessed:
    newest = RiskModel.objects.order_by("-version", "-pk").first()
    if newest is not None and all(getattr(newest, name) == getattr(model, name) for name in _SAME):
        model = newest
    else:
        model.version = newest.version + 1 if newest else 1
        model.save()
        details = {"version": model.version, "losses": model.losses, "decisions": model.decisions}
        write(News("risk.learnt", subject_kind="risk_model", subject_id=model.pk, details=details), by=by, now=now)
    Risk.objects.all().delete()
    Risk.objects.bulk_create((Risk(model=model, as_of_on=on, computed_at=now, **one) for one in told), batch_size=1000)
    return Assessed(len(told), model.version, model.decisions, model.losses)


def _rates(found: Past) -> Rates | None:
    """Return rates by the level that accounts had when a decision was last seen before it; None without decisions."""
    if not len(found.level):
        return None
    newest = np.lexsort((found.rows.cases.days, found.rows.decision))
    _codes, first = np.unique(found.rows.decision[newest], return_index=True)
    return rates(found.rows.lost[newest][first], found.level[newest][first])


def _model(found: Past, fitted: risk.Model | NotEnough, by_level: Rates | None, now: datetime) -> RiskModel:
    rows = found.rows
    measures = (
        []
        if isinstance(fitted, NotEnough)
        else [
            [one.name, round(float(at), _DIGITS)] for one, at in zip(fitted.measures, fitted.ridge.at[1:], strict=False)
        ]
    )
    decided = len(np.unique(rows.decision))
    shown = [(0, decided, rows.losses, by_level.book)] if by_level else []
    shown += (
        [(one.level, one.decisions, one.losses, one.rate) for one in by_level.levels if one.level] if by_level else []
    )
    return RiskModel(
        made_at=now,
        scorecard_id=found.card.id,
        loss=found.watched,
        method="" if isinstance(fitted, NotEnough) else str(fitted.choice.kind),
        accounts=len(np.unique(rows.account)),
        decisions=decided,
        losses=rows.losses,
        missing=fitted.needed["losses"] - fitted.have["losses"] if isinstance(fitted, NotEnough) else 0,
        first_on=rows.due.min().item() if decided else None,
        last_on=rows.due.max().item() if decided else None,
        seed=SEED,
        measures=measures,
        rates=[[level, many, gone, *_digits(rate)] for level, many, gone, rate in shown],
    )


def _told(found: Past, fitted: risk.Model | NotEnough, by_level: Rates | None) -> Iterator[dict[str, Any]]:
    ahead = found.ahead
    if not ahead.ids or by_level is None:
        return
    if isinstance(fitted, NotEnough):
        for at, pk in enumerate(ahead.ids):
            level, days = int(ahead.level[at]), ahead.cases.days[at]
            falls = 0 <= days <= WITHIN_DAYS
            p, low, high = _digits(by_level.of(level)) if falls else (0.0, 0.0, 0.0)
            yield {
                "account_id": pk, "due_on": ahead.due_on[at], "level": level or None, "p": p, "low": low, "high": high,
                "known": 1.0 if level else 0.0,
            }  # fmt: skip
        return
    risks = fitted.predict(ahead.cases, within_days=WITHIN_DAYS, seed=SEED)
    for at, pk in enumerate(ahead.ids):
        parts = sorted(zip(found.keys, risks.parts[at].tolist(), strict=False), key=lambda one: -abs(one[1]))
        yield {
            "account_id": pk,
            "due_on": ahead.due_on[at],
            "level": int(ahead.level[at]) or None,
            "p": float(risks.p[at]),
            "low": float(risks.low[at]),
            "high": float(risks.high[at]),
            "known": float(risks.known[at]),
            "reasons": [[key, round(part, 4)] for key, part in parts[:REASONS] if part],
        }


def _digits(rate: Interval) -> tuple[float, float, float]:
    return round(rate.value, _DIGITS), round(rate.low, _DIGITS), round(rate.high, _DIGITS)
