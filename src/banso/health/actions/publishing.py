"""Scorecards are published as versions that never change; the newest is in force."""

from dataclasses import fields, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from banso.health.models import Scorecard
from banso.health.queries import ScorecardRow, available, current_scorecard, scorecard_of_version
from banso.health.queries.gathering import as_of, asked_of, book, contract_facts, counted_on
from banso.health.rules import TEMPLATES, Count, Definition, Measure, checked, fitted, suggest_template, to_plain
from banso.journal.actions import News, write
from banso.people import queries as people
from banso.people.access import SYSTEM, Actor
from banso.usage import actions as usage


class UnknownTemplate(Exception):
    """There is no template of that key."""


class UnknownVersion(Exception):
    """No scorecard was published under that number."""


@transaction.atomic
def publish(definition: Definition, *, by: Actor, now: datetime, note: str = "") -> ScorecardRow:
    """Put a definition in force as the next version; raises WrongDefinition. Scores follow by recompute."""
    checked(definition)
    usage.declare((asked_of(one) for one in definition.measures if one.source == "usage"), now=now)
    last = Scorecard.objects.aggregate(last=Max("version"))["last"] or 0
    made = Scorecard.objects.create(
        name=definition.name,
        version=last + 1,
        definition=to_plain(definition),
        note=note,
        published_at=now,
        published_by_id=by.user_id,
    )
    news = News(
        "health.published",
        subject_kind="scorecard",
        subject_id=made.pk,
        subject_label=str(made),
        details={"version": made.version, "note": note},
    )
    write(news, by=by, now=now)
    row = current_scorecard()
    assert row is not None  # noqa: S101  # it was made a moment ago, in this transaction
    return row


@transaction.atomic
def publish_again(*, version: int, by: Actor, now: datetime, note: str = "") -> ScorecardRow:
    """Put what an earlier version said in force again, as the next version. Raises UnknownVersion.

    Where the scorecard in force says the same, it stays.
    """
    wanted, current = scorecard_of_version(version), current_scorecard()
    if wanted is None or current is None:
        raise UnknownVersion(version)
    return current if wanted.definition == current.definition else publish(wanted.definition, by=by, now=now, note=note)


def from_template(key: str, *, on: date) -> Definition:
    """Return a template with its curves laid through the company's own accounts, named in the company's language.

    Raises UnknownTemplate. Nothing is written.
    """
    if key not in TEMPLATES:
        raise UnknownTemplate(key)
    template = TEMPLATES[key]
    definition = replace(template.definition, name=template.name.said_in(people.company().language))
    gathered = as_of(definition, [on], book(), contract_facts([on])).frame
    values = {name: gathered[name].drop_nulls().to_list() for name in definition.keys}
    return fitted(definition, values)


def fitted_measure(count: Count, *, group: str, on: date, weight: float = 10.0) -> Measure:
    """Return a count as a measure of a scorecard, its curve laid through the company's own accounts."""
    points = ((0.0, 0.0), (1.0, 100.0)) if count.unit == "percent" else ((0.0, 0.0), (10.0, 100.0))
    given = {one.name: getattr(count, one.name) for one in fields(count)}
    measure = Measure(**given, group=group, weight=weight, points=points)
    values = counted_on([count], [on], book(), contract_facts([on]))[count.key].drop_nulls().to_list()
    return fitted(Definition("", (measure,), ()), {count.key: values}).measures[0]


def start(*, on: date, now: datetime) -> ScorecardRow | None:
    """Return the scorecard in force; with usage but none in force, publish the template that fits the data."""
    current = current_scorecard()
    if current is not None:
        return current
    data = available(on)
    if not data.has_usage:
        return None
    return publish(from_template(suggest_template(data), on=on), by=SYSTEM, now=now)
