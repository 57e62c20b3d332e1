from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banso.accounts import actions, queries
from banso.accounts.models import Account, NoteVersion
from banso.accounts.testing import A_MOMENT, a_person, a_segment, a_stage, an_account
from banso.journal import queries as journal
from banso.people.access import actor_of
from banso.people.testing import AN_ACTOR, a_csm, a_manager

pytestmark = pytest.mark.django_db
ALL = Account.objects.all


def test_a_move_takes_as_many_queries_for_many_as_for_few() -> None:
    ids = [an_account(f"a{n}") for n in range(30)]
    stage = a_stage()

    def queries_for(some: list[int]) -> int:
        with CaptureQueriesContext(connection) as taken:
            actions.move_to_stage(account_ids=some, stage_id=stage, by=AN_ACTOR, now=A_MOMENT, visible=ALL())
        return len(taken)

    assert queries_for(ids[:2]) == queries_for(ids[2:])


def test_what_moved_on_since_is_not_put_back() -> None:
    first, second = an_account("first", segment="Old"), an_account("second", segment="Old")
    new, other = a_segment("New"), a_segment("Other")
    moved = actions.move_to_segment(
        account_ids=[first, second], segment_id=new, by=AN_ACTOR, now=A_MOMENT, visible=ALL()
    )
    assert moved.changed == 2
    actions.move_to_segment(account_ids=[second], segment_id=other, by=AN_ACTOR, now=A_MOMENT, visible=ALL())
    assert actions.put_back(moved=moved, by=AN_ACTOR, now=A_MOMENT, visible=ALL()) == 1
    assert Account.objects.get(pk=first).segment.name == "Old"  # type: ignore[union-attr]
    assert Account.objects.get(pk=second).segment_id == other
    entry = journal.timeline([first])[0]
    assert entry.details["changes"] == {"segment": ["New", "Old"]}


def test_a_note_is_changed_by_its_author_only_and_keeps_its_past() -> None:
    pk = an_account("acme")
    author, other = actor_of(a_csm()), actor_of(a_manager())
    note = actions.write_note(account_id=pk, body="first\x00", by=author, now=A_MOMENT)
    assert note.body == "first"
    with pytest.raises(actions.NotYours):
        actions.change_note(note_id=note.id, body="x", by=other, now=A_MOMENT)
    actions.change_note(note_id=note.id, body="second", by=author, now=A_MOMENT)
    actions.change_note(note_id=note.id, body="second", by=author, now=A_MOMENT)
    assert [version.body for version in NoteVersion.objects.order_by("pk")] == ["first"]
    assert [entry.verb for entry in journal.timeline([pk])[:2]] == ["note.changed", "note.written"]
    with pytest.raises(actions.NoteTooLong):
        actions.change_note(note_id=note.id, body="x" * 20_001, by=author, now=A_MOMENT)
    with pytest.raises(actions.NotFound):
        actions.write_note(account_id=0, body="x", by=author, now=A_MOMENT)
    older = queries.notes_of([pk], before=(note.written_at, note.id))
    assert older == []


def test_who_left_is_kept_with_the_day() -> None:
    pk = an_account("acme", customer_since_on=date(2024, 4, 1))
    person = a_person("acme")
    gone = date(2026, 11, 1)
    actions.person_left(person_id=person, left_on=gone, by=AN_ACTOR, now=A_MOMENT, visible=ALL())
    actions.account_left(account_id=pk, left_on=gone, by=AN_ACTOR, now=A_MOMENT, visible=ALL())
    assert Account.objects.get().left_on == gone
    assert queries.people_of([pk]) == []
    with pytest.raises(actions.RowsRefused):
        actions.account_left(account_id=pk, left_on=date(2020, 1, 1), by=AN_ACTOR, now=A_MOMENT, visible=ALL())
    with pytest.raises(actions.NotFound):
        actions.person_left(person_id=0, left_on=gone, by=AN_ACTOR, now=A_MOMENT, visible=ALL())
    with pytest.raises(actions.NotFound):
        actions.account_left(account_id=0, left_on=gone, by=AN_ACTOR, now=A_MOMENT, visible=ALL())


def test_only_who_may_share_shares_a_view() -> None:
    csm, manager = a_csm(), a_manager()
    with pytest.raises(actions.NotYours):
        actions.save_view(user=csm, name="V", query="", is_shared=True, now=A_MOMENT)
    own = actions.save_view(user=csm, name="V", query="?q=1", now=A_MOMENT)
    assert own.query == "q=1"
    with pytest.raises(actions.NotFound):
        actions.save_view(user=manager, name="W", query="", view_id=own.id, now=A_MOMENT)
    changed = actions.save_view(user=csm, name="W", query="q=2", view_id=own.id, now=A_MOMENT)
    assert (changed.id, changed.name) == (own.id, "W")
    with pytest.raises(actions.NameMissing):
        actions.save_view(user=csm, name=" ", query="", now=A_MOMENT)


def test_definitions_that_cannot_be_used_are_refused() -> None:
    for key, kind, label, choices in (
        ("k", "planet", "L", ()),
        ("k", "text", "", ()),
        ("k", "choice", "L", ()),
        ("K", "text", "L", ()),
    ):
        with pytest.raises(actions.FieldRefused):
            actions.define_field(key=key, label=label, kind=kind, choices=choices, by=AN_ACTOR, now=A_MOMENT)
    with pytest.raises(actions.NameMissing):
        actions.create_segment(name="x" * 101, by=AN_ACTOR, now=A_MOMENT)
    with pytest.raises(actions.NotFound):
        actions.rename(kind="stage", id=0, name="x", by=AN_ACTOR, now=A_MOMENT)
