"""Measures as JSON: what is defined, how values went over the weeks, and definitions as files."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from banso.accounts import queries as accounts
from banso.api import access as api
from banso.health import actions, queries
from banso.health.rest.standings import account_with
from banso.health.rules import Count, plain_of
from banso.people import queries as people

router = api.Router(tags=["health"])


class MeasureOut(api.Schema):
    """A measure in its newest version: what it counts in words, and `definition` as files say it."""

    key: str
    version: int
    label: str
    meaning: str
    is_retired: bool
    definition: dict[str, Any]
    note: str
    defined_at: datetime
    defined_by: str


class MeasuresOut(api.Schema):
    items: list[MeasureOut]


class CourseFilters(api.Schema):
    weeks: Annotated[int, Field(ge=1, le=260)] = 26
    known: Annotated[
        Literal["event", "received"],
        Field(description="event: all that happened before a Monday; received: and had come in by then."),
    ] = "event"


class CourseRowOut(api.Schema):
    """Of how many accounts a measure was known, and the 10th, 50th and 90th of a hundred."""

    week: date
    known: int
    low: float | None
    middle: float | None
    high: float | None


class CourseOut(api.Schema):
    key: str
    known: str
    items: list[CourseRowOut]


class ValueOut(api.Schema):
    week: date
    value: float | None


class ValuesOut(api.Schema):
    external_id: str
    key: str
    known: str
    items: list[ValueOut]


class DefinitionsOut(api.Schema):
    text: str


class DefinitionsIn(api.Schema):
    """A file of definitions as YAML; with `prune`, measures that it does not have are retired."""

    text: Annotated[str, Field(max_length=400_000)]
    prune: bool = False


class ApplyIn(DefinitionsIn):
    note: Annotated[str, Field(max_length=500)] = ""
    dry_run: bool = False


class FaultOut(api.Schema):
    line: int
    place: str
    message: str


class ChangeOut(api.Schema):
    """What becomes of a measure, or of the scorecard (`key` empty): sort is added, changed or retired."""

    key: str
    sort: str
    difference: list[str]


class CheckOut(api.Schema):
    faults: list[FaultOut]
    changes: list[ChangeOut]


@router.get("/measures", response=MeasuresOut, summary="All measures that are defined")
@api.requires("usage.view")
def measures(request: api.ApiRequest) -> MeasuresOut:  # noqa: ARG001  # the guard reads it
    labels = queries.feature_labels()
    return MeasuresOut(items=[_measure(row, labels) for row in queries.measures()])


@router.get("/measures/{key}", response=MeasuresOut, summary="All versions of a measure, newest first")
@api.requires("usage.view")
def measure_versions(request: api.ApiRequest, key: str) -> MeasuresOut:  # noqa: ARG001  # likewise
    found = queries.measure_versions(key)
    if not found:
        raise api.NotThere(_("There is no measure %(key)s.") % {"key": key})
    labels = queries.feature_labels()
    return MeasuresOut(items=[_measure(row, labels) for row in found])


@router.get("/measures/{key}/weeks", response=CourseOut, summary="A measure over accounts as of past Mondays")
@api.requires("usage.view")
def course(request: api.ApiRequest, key: str, asked: api.Query[CourseFilters]) -> CourseOut:
    """With `known=received` each week counts only what had come in by its Monday."""
    rows = queries.course(
        _count(key), until=_today(), visible=accounts.visible_to(request.auth), weeks=asked.weeks, known=asked.known
    )
    items = [
        CourseRowOut(week=one.week, known=one.known, low=one.low, middle=one.middle, high=one.high) for one in rows
    ]
    return CourseOut(key=key, known=asked.known, items=items)


@router.get("/accounts/{external_id}/measures/{key}/weeks", response=ValuesOut, summary="A measure of an account")
@api.requires("usage.view")
def course_of(request: api.ApiRequest, external_id: str, key: str, asked: api.Query[CourseFilters]) -> ValuesOut:
    """As of past Mondays, oldest first; with `known=received` each counts only what had come in by then."""
    account_id = account_with(request, external_id)
    rows = queries.course_of(_count(key), account_id, until=_today(), weeks=asked.weeks, known=asked.known)
    items = [ValueOut(week=one.week, value=one.value) for one in rows]
    return ValuesOut(external_id=external_id, key=key, known=asked.known, items=items)


@router.get("/definitions", response=DefinitionsOut, summary="Measures and scorecard in force, as YAML")
@api.requires("usage.view")
def definitions(request: api.ApiRequest) -> DefinitionsOut:  # noqa: ARG001  # likewise
    return DefinitionsOut(text=queries.exported())


@router.post("/definitions/check", response=CheckOut, summary="What is wrong in a file, or what it would change")
@api.requires("usage.define")
def check_definitions(request: api.ApiRequest, file: DefinitionsIn) -> CheckOut:  # noqa: ARG001  # likewise
    return _checked(file.text, prune=file.prune)


@router.post("/definitions/apply", response={200: CheckOut, 422: CheckOut}, summary="Put a file in force, whole")
@api.requires("usage.define")
def apply_definitions(request: api.ApiRequest, file: ApplyIn) -> api.Status[CheckOut]:
    """Answers 422 with the faults where the file is wrong, and changes nothing then."""
    found = _checked(file.text, prune=file.prune)
    if found.faults:
        return api.Status(422, found)
    if not file.dry_run:
        actions.apply_definitions(
            file.text, by=request.auth.actor, now=timezone.now(), note=file.note, prune=file.prune
        )
    return api.Status(200, found)


def _measure(row: queries.MeasureVersionRow, labels: Mapping[str, str]) -> MeasureOut:
    return MeasureOut(
        key=row.key,
        version=row.version,
        label=queries.said(row.count.label),
        meaning=queries.expression_text(row.count, labels),
        is_retired=row.is_retired,
        definition=plain_of(row.count),
        note=row.note,
        defined_at=row.defined_at,
        defined_by=row.defined_by,
    )


def _count(key: str) -> Count:
    found = queries.measure_versions(key)
    if not found:
        raise api.NotThere(_("There is no measure %(key)s.") % {"key": key})
    return found[0].count


def _today() -> date:
    return people.today(people.company(), timezone.now())


def _checked(text: str, *, prune: bool) -> CheckOut:
    try:
        plan = queries.plan(text, prune=prune)
    except actions.WrongDefinition as wrong:
        faults = [FaultOut(line=one.line, place=one.place, message=queries.fault_text(one)) for one in wrong.faults]
        return CheckOut(faults=faults, changes=[])
    changes = [
        ChangeOut(key=one.key, sort=one.sort, difference=[f"{line.sign} {line.text}" for line in one.lines])
        for one in plan.changes
    ]
    return CheckOut(faults=[], changes=changes)
