"""Measures are defined, version by version: by form, by file, or by going back to an earlier version."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from banso.health.actions.publishing import publish
from banso.health.models import MeasureVersion
from banso.health.queries.gathering import asked_of
from banso.health.queries.measures import MeasureVersionRow, Plan, measure_versions, measures, plan
from banso.health.rules import TEMPLATES, Count, WrongDefinition, faults_of_count, plain_of
from banso.health.rules.writing import faults_of_key
from banso.journal.actions import News, write
from banso.people.access import Actor
from banso.usage import actions as usage


class UnknownMeasure(Exception):
    """There is no measure of that key, or none in that version."""


@dataclass(frozen=True)
class Applied:
    """What applying a file did: the plan that was followed, and the new version of each measure by its key."""

    plan: Plan
    versions: dict[str, int]
    scorecard_version: int | None


@transaction.atomic
def define(count: Count, *, by: Actor, now: datetime, note: str = "") -> MeasureVersionRow:
    """Put a measure in force as its next version; as it was, nothing is written. Raises WrongDefinition."""
    if faults := [*faults_of_key(count.key), *faults_of_count(count, f"measures.{count.key}")]:
        raise WrongDefinition(faults)
    before = measure_versions(count.key)
    if not before or before[0].is_retired or before[0].count != count:
        details = {"version": len(before) + 1, "note": note}
        _write(count, before, by=by, now=now, note=note, news=News("measure.defined", details=details))
    return measure_versions(count.key)[0]


@transaction.atomic
def retire(*, key: str, by: Actor, now: datetime, note: str = "") -> MeasureVersionRow:
    """Take a measure out of the catalogue by a version of its own; going back brings it back. Raises UnknownMeasure."""
    before = measure_versions(key)
    if not before or before[0].is_retired:
        raise UnknownMeasure(key)
    details = {"version": before[0].version + 1, "note": note}
    news = News("measure.retired", details=details)
    _write(before[0].count, before, by=by, now=now, note=note, news=news)
    return measure_versions(key)[0]


@transaction.atomic
def roll_back(*, key: str, version: int, by: Actor, now: datetime, note: str = "") -> MeasureVersionRow:
    """Put what an earlier version said in force again, as a new version. Raises UnknownMeasure."""
    before = measure_versions(key)
    wanted = next((one for one in before if one.version == version and not one.is_retired), None)
    if wanted is None:
        raise UnknownMeasure(f"{key} v{version}")
    if before[0].is_retired or before[0].count != wanted.count:
        details = {"version": before[0].version + 1, "note": note, "back_to": version}
        news = News("measure.defined", details=details)
        _write(wanted.count, before, by=by, now=now, note=note, news=news)
    return measure_versions(key)[0]


@transaction.atomic
def apply_definitions(text: str, *, by: Actor, now: datetime, note: str = "", prune: bool = False) -> Applied:
    """Put in force what a file says, all of it or nothing; raises WrongDefinition with every fault and its line.

    What is as before gets no new version; measures that the file does not have stay, or with `prune` are retired.
    """
    found = plan(text, prune=prune)
    written = {one.key: one for one in found.written.measures}
    versions, published = {}, None
    for change in found.changes:
        if not change.key:
            assert found.written.scorecard is not None  # noqa: S101  # else it would not be among the changes
            published = publish(found.written.scorecard, by=by, now=now, note=note).version
        elif change.sort == "retired":
            versions[change.key] = retire(key=change.key, by=by, now=now, note=note).version
        else:
            versions[change.key] = define(written[change.key], by=by, now=now, note=note).version
    return Applied(found, versions, published)


@transaction.atomic
def define_usual(*, by: Actor, now: datetime, note: str = "") -> list[MeasureVersionRow]:
    """Define the measures that the templates of scorecards weigh, where no measure of that key was ever defined."""
    usual = {measure.key: measure for one in TEMPLATES.values() for measure in one.definition.measures}
    known = {one.key for one in measures(with_retired=True)}
    fresh = [measure.as_count() for key, measure in sorted(usual.items()) if key not in known]
    return [define(count, by=by, now=now, note=note) for count in fresh]


def _write(
    count: Count, before: list[MeasureVersionRow], *, by: Actor, now: datetime, note: str, news: News
) -> MeasureVersion:
    if count.source == "usage":
        usage.declare([asked_of(count)], now=now)
    made = MeasureVersion.objects.create(
        key=count.key,
        version=before[0].version + 1 if before else 1,
        definition=plain_of(count),
        is_retired=news.verb == "measure.retired",
        note=note,
        defined_at=now,
        defined_by_id=by.user_id,
    )
    told = News(news.verb, subject_kind="measure", subject_id=made.pk, subject_label=count.key, details=news.details)
    write(told, by=by, now=now)
    return made
