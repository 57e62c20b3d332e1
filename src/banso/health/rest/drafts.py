"""Versions and drafts of scorecards, as JSON around the same YAML that files have."""

from datetime import datetime
from typing import Annotated

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from banso.accounts import queries as accounts
from banso.api import access as api
from banso.health import actions, queries
from banso.health.rules import Definition, read, written
from banso.health.rules.comparing import differences, lines_of_scorecards
from banso.people import queries as people

router = api.Router(tags=["health"])


class ScorecardOut(api.Schema):
    """A published version; `text` is its definition as YAML."""

    version: int
    name: str
    note: str
    published_at: datetime
    published_by: str
    is_in_force: bool
    text: str


class ScorecardsOut(api.Schema):
    items: list[ScorecardOut]


class DifferenceOut(api.Schema):
    """What is different, in words, and line by line (+, - or as before)."""

    words: list[str]
    lines: list[str]


class DraftIn(api.Schema):
    """A scorecard as YAML; empty: what is in force."""

    text: Annotated[str, Field(max_length=1_000_000)] = ""


class RevisionIn(api.Schema):
    """A scorecard as YAML, in the place of the revision that was read."""

    text: Annotated[str, Field(max_length=1_000_000)]
    revision: int


class PublishIn(api.Schema):
    revision: int
    note: Annotated[str, Field(max_length=500)] = ""


class DraftOut(api.Schema):
    """A draft at its newest revision; `text` is its definition as YAML."""

    id: int
    name: str
    revision: int
    based_on: int | None
    begun_at: datetime
    begun_by: str
    saved_at: datetime
    saved_by: str
    discarded_at: datetime | None
    published_version: int | None
    text: str


class DraftsOut(api.Schema):
    items: list[DraftOut]


class MovedOut(api.Schema):
    account_id: int
    name: str
    before: float | None
    after: float | None
    level_before: int | None
    level_after: int | None
    condition_before: str
    condition_after: str


class PreviewOut(api.Schema):
    """What a draft would say today: accounts by condition before and after, and who changes level or condition."""

    before: dict[str, int]
    after: dict[str, int]
    changed: int
    moved: list[MovedOut]


@router.get("/health/scorecards", response=ScorecardsOut, summary="Versions of the scorecard, newest first")
@api.requires("health.view")
def scorecards(request: api.ApiRequest) -> ScorecardsOut:  # noqa: ARG001  # every call has one
    return ScorecardsOut(items=[_scorecard(row) for row in queries.scorecards()])


@router.post("/health/scorecards/{version}/again", response={201: ScorecardOut}, summary="Go back to a version")
@api.requires("health.publish")
def publish_again(request: api.ApiRequest, version: int) -> api.Status[ScorecardOut]:
    note = _("As version %(version)s") % {"version": version}
    try:
        made = actions.publish_again(version=version, by=request.auth.actor, now=timezone.now(), note=note)
    except actions.UnknownVersion as unknown:
        raise api.NotThere(_no_version(version)) from unknown
    return api.Status(201, _scorecard(made))


@router.get("/health/scorecards/{version}/against/{other}", response=DifferenceOut, summary="How two versions differ")
@api.requires("health.view")
def compare(request: api.ApiRequest, version: int, other: int) -> DifferenceOut:  # noqa: ARG001  # likewise
    found = [queries.scorecard_of_version(number) for number in (version, other)]
    if found[0] is None or found[1] is None:
        raise api.NotThere(_no_version(version if found[0] is None else other))
    return _difference(found[0].definition, found[1].definition)


@router.get("/health/drafts", response=DraftsOut, summary="Drafts that are open, the last saved first")
@api.requires("health.define")
def drafts(request: api.ApiRequest) -> DraftsOut:  # noqa: ARG001  # likewise
    return DraftsOut(items=[_draft(row) for row in queries.drafts()])


@router.post("/health/drafts", response={201: DraftOut}, summary="Begin a draft")
@api.requires("health.define")
def begin(request: api.ApiRequest, said: DraftIn) -> api.Status[DraftOut]:
    definition = _read(said.text) if said.text.strip() else None
    try:
        made = actions.begin_draft(by=request.auth.actor, now=timezone.now(), definition=definition)
    except actions.UnknownDraft as unknown:
        raise api.NotThere(_("No scorecard is in force yet. Send one as text.")) from unknown
    return api.Status(201, _draft(made))


@router.get("/health/drafts/{draft_id}", response=DraftOut, summary="A draft")
@api.requires("health.define")
def draft(request: api.ApiRequest, draft_id: int) -> DraftOut:  # noqa: ARG001  # likewise
    return _draft(_found(draft_id))


@router.put("/health/drafts/{draft_id}", response=DraftOut, summary="Save a draft as its next revision")
@api.requires("health.define")
def save(request: api.ApiRequest, draft_id: int, said: RevisionIn) -> DraftOut:
    """Answers 409 where somebody else has saved since the revision that was read."""
    _found(draft_id)
    definition = _read(said.text)
    try:
        saved = actions.save_draft(
            draft_id=draft_id,
            definition=definition,
            revision=said.revision,
            by=request.auth.actor,
            now=timezone.now(),
        )
    except actions.UnknownDraft as unknown:
        raise api.NotThere(_closed()) from unknown
    except actions.Overtaken as other:
        raise api.Conflict(_overtaken(other)) from other
    return _draft(saved)


@router.delete("/health/drafts/{draft_id}", response=DraftOut, summary="Discard a draft; it can be brought back")
@api.requires("health.define")
def discard(request: api.ApiRequest, draft_id: int) -> DraftOut:
    try:
        return _draft(actions.discard_draft(draft_id=draft_id, by=request.auth.actor, now=timezone.now()))
    except actions.UnknownDraft as unknown:
        raise api.NotThere(_closed()) from unknown


@router.post("/health/drafts/{draft_id}/restore", response=DraftOut, summary="Bring a discarded draft back")
@api.requires("health.define")
def restore(request: api.ApiRequest, draft_id: int) -> DraftOut:
    try:
        return _draft(actions.bring_draft_back(draft_id=draft_id, by=request.auth.actor, now=timezone.now()))
    except actions.UnknownDraft as unknown:
        raise api.NotThere(_closed()) from unknown


@router.get("/health/drafts/{draft_id}/difference", response=DifferenceOut, summary="A draft against what is in force")
@api.requires("health.define")
def difference(request: api.ApiRequest, draft_id: int) -> DifferenceOut:  # noqa: ARG001  # likewise
    card = queries.current_scorecard()
    return _difference(card.definition if card else None, _found(draft_id).definition)


@router.get("/health/drafts/{draft_id}/preview", response=PreviewOut, summary="What a draft would say today")
@api.requires("health.define")
def preview(request: api.ApiRequest, draft_id: int) -> PreviewOut:
    today = people.today(people.company(), timezone.now())
    visible = accounts.visible_to(request.auth)
    found = queries.preview(_found(draft_id).definition, on=today, visible=visible)
    moved = [
        MovedOut(
            account_id=one.account_id,
            name=one.name,
            before=None if one.before is None else float(one.before),
            after=None if one.after is None else float(one.after),
            level_before=one.level_before,
            level_after=one.level_after,
            condition_before=one.condition_before,
            condition_after=one.condition_after,
        )
        for one in found.moved
    ]
    conditions = found.before.conditions, found.distribution.conditions
    return PreviewOut(before=conditions[0], after=conditions[1], changed=found.changed, moved=moved)


@router.post("/health/drafts/{draft_id}/publish", response={201: ScorecardOut}, summary="Put a draft in force")
@api.requires("health.publish")
def publish(request: api.ApiRequest, draft_id: int, said: PublishIn) -> api.Status[ScorecardOut]:
    """Answers 409 where somebody else has saved since the revision that was read."""
    try:
        made = actions.publish_draft(
            draft_id=draft_id, revision=said.revision, note=said.note, by=request.auth.actor, now=timezone.now()
        )
    except actions.UnknownDraft as unknown:
        raise api.NotThere(_closed()) from unknown
    except actions.Overtaken as other:
        raise api.Conflict(_overtaken(other)) from other
    return api.Status(201, _scorecard(made))


def _read(text: str) -> Definition:
    try:
        found = read(text).scorecard
    except actions.WrongDefinition as wrong:
        errors = [
            api.FieldError(pointer="/text", code=one.place, message=f"{one.line}: {queries.fault_text(one)}")
            for one in wrong.faults
        ]
        raise api.Invalid(errors=errors) from wrong
    if found is None:
        message = _("The text has no scorecard. Write it under “scorecard:”.")
        raise api.Invalid(errors=[api.FieldError(pointer="/text", code="scorecard", message=message)])
    return found


def _found(draft_id: int) -> queries.DraftRow:
    found = queries.draft(draft_id)
    if found is None:
        raise api.NotThere(_closed())
    return found


def _closed() -> str:
    return _("There is no such draft, or it is not open.")


def _overtaken(other: actions.Overtaken) -> str:
    said = {"who": other.newest.saved_by, "revision": other.newest.revision}
    return _("%(who)s has saved revision %(revision)s meanwhile. Read the draft again.") % said


def _no_version(version: int) -> str:
    return _("There is no version %(version)s.") % {"version": version}


def _difference(before: Definition | None, after: Definition) -> DifferenceOut:
    found = differences(before, after) if before else []
    return DifferenceOut(
        words=[queries.difference_text(one) for one in found],
        lines=[f"{line.sign} {line.text}" for line in lines_of_scorecards(before, after)],
    )


def _scorecard(row: queries.ScorecardRow) -> ScorecardOut:
    names = ("version", "name", "note", "published_at", "published_by", "is_in_force")
    return ScorecardOut(**{name: getattr(row, name) for name in names}, text=written((), row.definition))


def _draft(row: queries.DraftRow) -> DraftOut:
    names = [name for name in DraftOut.model_fields if name != "text"]
    return DraftOut(**{name: getattr(row, name) for name in names}, text=written((), row.definition))
