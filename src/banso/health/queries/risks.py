"""How likely accounts are to leave, in the reader's words, and what that rests on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import exp
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banso.health.models import Risk, RiskModel, Standing
from banso.health.queries.scorecards import definitions
from banso.health.queries.wording import labels_of
from banso.shared.numbers import rounded

FEW_LOSSES = 50
HALF = 0.5


@dataclass(frozen=True)
class ReasonRow:
    """By which factor a measure raises (above 1) or lowers the odds of leaving, against the mean of the book."""

    measure: str
    label: str
    factor: float

    @property
    def raises(self) -> bool:
        """Return whether it makes leaving likelier."""
        return self.factor > 1


@dataclass(frozen=True)
class RiskRow:
    """The risk of one account within 90 days: p 0–1 with its 80 % interval; `is_due` whether a decision falls in them.

    `sentence` says it, `basis` what it rests on, `cautions` what to mind; `is_rate` that the rate of a level is shown,
    since there are too few losses for a model.
    """

    account_id: int
    as_of_on: date
    due_on: date | None
    p: float
    low: float
    high: float
    is_due: bool
    is_rate: bool
    level: int | None
    loss: str
    method: str
    version: int
    losses: int
    decisions: int
    missing: int
    sentence: str
    basis: str
    cautions: tuple[str, ...]
    reasons: tuple[ReasonRow, ...]


def risks(account_ids: Iterable[int]) -> dict[int, RiskRow]:
    """Return the risk of accounts that have one, by account; two queries."""
    found = list(
        Risk.objects.filter(account__in=list(account_ids)).select_related("model").order_by("account_id", "pk")
    )
    cards = definitions({one.model.scorecard_id for one in found})
    labels = {pk: labels_of(card) for pk, card in cards.items()}
    return {one.account_id: _row(one, labels[one.model.scorecard_id]) for one in found}


def risk_column() -> Subquery:
    """Lend the probability of leaving within 90 days, null where it was never told."""
    return Subquery(Risk.objects.filter(account_id=OuterRef("pk")).values("p")[:1])


def needs_assessing() -> bool:
    """Return whether accounts wait for their risk: scores are there, and no model of their scorecard."""
    scored = Standing.objects.order_by("-computed_at", "pk").values_list("scorecard_id", flat=True).first()
    newest = RiskModel.objects.order_by("-version", "-pk").values_list("scorecard_id", flat=True).first()
    return scored is not None and newest != scored


def _row(one: Risk, labels: Mapping[str, str]) -> RiskRow:
    model = one.model
    is_due = one.high > 0
    return RiskRow(
        account_id=one.account_id,
        as_of_on=one.as_of_on,
        due_on=one.due_on,
        p=one.p,
        low=one.low,
        high=one.high,
        is_due=is_due,
        is_rate=not model.method,
        level=one.level,
        loss=model.loss,
        method=model.method,
        version=model.version,
        losses=model.losses,
        decisions=model.decisions,
        missing=model.missing,
        sentence=_sentence(one),
        basis=_basis(model),
        cautions=tuple(_cautions(one)) if is_due else (),
        reasons=tuple(_reasons(one, labels)) if is_due else (),
    )


def _sentence(one: Risk) -> str:
    named = {name: _percent(getattr(one, name)) for name in ("p", "low", "high")}
    if one.high == 0:
        return _("No decision over a renewal falls into the next 90 days.")
    if one.model.loss == "silence":
        return _("Probability of falling silent for the next 90 days: %(p)s%% (%(low)s–%(high)s%%).") % named
    return _("Probability of leaving in the next 90 days: %(p)s%% (%(low)s–%(high)s%%).") % named


def _basis(model: RiskModel) -> str:
    renewals = ngettext(
        "It rests on %(losses)s loss in %(decisions)s decisions.",
        "It rests on %(losses)s losses in %(decisions)s decisions.",
        model.losses,
    )
    silences = ngettext(
        "It rests on %(losses)s time that an account fell silent, of %(decisions)s looked at.",
        "It rests on %(losses)s times that an account fell silent, of %(decisions)s looked at.",
        model.losses,
    )
    text = silences if model.loss == "silence" else renewals
    return text % {"losses": number_format(model.losses), "decisions": number_format(model.decisions)}


def _cautions(one: Risk) -> Iterable[str]:
    model = one.model
    if not model.method:
        named = {"missing": number_format(model.missing)}
        if model.losses < model.decisions - model.losses:
            yield _("Too few losses for a model: %(missing)s more are needed.") % named
        else:
            yield _("Too few customers who stayed for a model: %(missing)s more are needed.") % named
        if one.level:
            yield _("Shown is the rate of level %(level)s, drawn towards that of all.") % {"level": one.level}
        else:
            yield _("Shown is the rate of all, since the level of this account is not known.")
    elif model.losses < FEW_LOSSES:
        yield _("Few losses: trust the interval more than the number.")
    if model.method and one.known < HALF:
        yield _("Less than half of the measures are known of this account.")


def _reasons(one: Risk, labels: Mapping[str, str]) -> Iterable[ReasonRow]:
    parts: list[Any] = one.reasons
    return (ReasonRow(key, labels.get(key, key), exp(part)) for key, part in parts)


def _percent(share: float) -> str:
    return number_format(rounded(share * 100, 0), 0)
