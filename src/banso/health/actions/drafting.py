"""Scorecards are drafted, saved revision by revision, discarded and brought back, and published."""

from datetime import datetime

from django.db import transaction

from banso.health.actions.publishing import publish
from banso.health.models import Draft, DraftRevision, Scorecard
from banso.health.queries.drafts import DraftRow, draft
from banso.health.queries.scorecards import ScorecardRow, current_scorecard
from banso.health.rules import Definition, checked, to_plain
from banso.journal.actions import News, write
from banso.people.access import Actor


class UnknownDraft(Exception):
    """There is no such draft, or it is not in the state that is asked for."""


class Overtaken(Exception):
    """Somebody else has saved the draft since; `newest` is what they saved."""

    def __init__(self, newest: DraftRow) -> None:
        self.newest = newest
        super().__init__(f"draft {newest.id} r{newest.revision}")


@transaction.atomic
def begin_draft(*, by: Actor, now: datetime, definition: Definition | None = None) -> DraftRow:
    """Begin a draft of what is in force, or of another definition. Raises WrongDefinition, and UnknownDraft without."""
    card = current_scorecard()
    wanted = definition or (card.definition if card else None)
    if wanted is None:
        raise UnknownDraft("no scorecard")
    checked(wanted)
    made = Draft.objects.create(based_on_id=card.id if card else None, begun_at=now, begun_by_id=by.user_id)
    row = _save(made, wanted, 1, by=by, now=now)
    _tell("health.draft_begun", made, row, by=by, now=now)
    return row


@transaction.atomic
def save_draft(*, draft_id: int, definition: Definition, revision: int, by: Actor, now: datetime) -> DraftRow:
    """Save what a draft says, as its next revision; as it was, nothing is written. Scores in force stay as they are.

    `revision` is the one that was edited. Raises WrongDefinition, UnknownDraft, and Overtaken where it is not the
    newest any more.
    """
    checked(definition)
    found, newest = _open(draft_id)
    if newest.revision != revision:
        raise Overtaken(newest)
    return newest if newest.definition == definition else _save(found, definition, revision + 1, by=by, now=now)


@transaction.atomic
def restore_revision(*, draft_id: int, revision: int, by: Actor, now: datetime) -> DraftRow:
    """Let a draft say again what it said at an earlier revision, as its next one. Raises UnknownDraft."""
    found, newest = _open(draft_id)
    earlier = draft(draft_id, revision)
    if earlier is None:
        raise UnknownDraft(revision)
    return _save(found, earlier.definition, newest.revision + 1, by=by, now=now)


@transaction.atomic
def discard_draft(*, draft_id: int, by: Actor, now: datetime) -> DraftRow:
    """Put a draft away; it can be brought back. Raises UnknownDraft."""
    found, newest = _open(draft_id)
    found.discarded_at, found.discarded_by_id = now, by.user_id
    found.save(update_fields=["discarded_at", "discarded_by"])
    _tell("health.draft_discarded", found, newest, by=by, now=now)
    return _again(draft_id)


@transaction.atomic
def bring_draft_back(*, draft_id: int, by: Actor, now: datetime) -> DraftRow:
    """Open a discarded draft again. Raises UnknownDraft."""
    found = Draft.objects.select_for_update().filter(pk=draft_id, discarded_at__isnull=False).first()
    if found is None:
        raise UnknownDraft(draft_id)
    found.discarded_at = found.discarded_by = None
    found.save(update_fields=["discarded_at", "discarded_by"])
    row = _again(draft_id)
    _tell("health.draft_restored", found, row, by=by, now=now)
    return row


@transaction.atomic
def publish_draft(*, draft_id: int, revision: int, by: Actor, now: datetime, note: str = "") -> ScorecardRow:
    """Put a draft in force as the next version, and close it. Raises UnknownDraft, and Overtaken as `save_draft`."""
    found, newest = _open(draft_id)
    if newest.revision != revision:
        raise Overtaken(newest)
    made = publish(newest.definition, by=by, now=now, note=note)
    found.published_as = Scorecard.objects.get(pk=made.id)
    found.save(update_fields=["published_as"])
    return made


def _open(draft_id: int) -> tuple[Draft, DraftRow]:
    open_ones = Draft.objects.select_for_update().filter(discarded_at__isnull=True, published_as__isnull=True)
    found = open_ones.filter(pk=draft_id).first()
    if found is None:
        raise UnknownDraft(draft_id)
    return found, _again(draft_id)


def _save(of: Draft, definition: Definition, number: int, *, by: Actor, now: datetime) -> DraftRow:
    DraftRevision.objects.create(
        draft=of, number=number, definition=to_plain(definition), saved_at=now, saved_by_id=by.user_id
    )
    return _again(of.pk)


def _again(draft_id: int) -> DraftRow:
    found = draft(draft_id)
    assert found is not None  # noqa: S101  # every draft is made with its first revision
    return found


def _tell(verb: str, of: Draft, row: DraftRow, *, by: Actor, now: datetime) -> None:
    details = {"based_on": row.based_on}
    news = News(verb, subject_kind="draft", subject_id=of.pk, subject_label=row.name, details=details)
    write(news, by=by, now=now)
