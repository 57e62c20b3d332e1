"""A scorecard is drafted, saved, compared, seen before it counts, and published; a draft never touches what counts."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.transaction import atomic
from django.test import Client
from django.urls import reverse

from banso.accounts import queries as accounts
from banso.health import actions, queries
from banso.health.models import Draft, Standing
from banso.health.rules import TEMPLATES, Cuts, Definition, ExceptionRule, Missing, Override, Scale
from banso.health.rules.comparing import differences, lines_of_scorecards
from banso.health.testing import A_MOMENT, A_TODAY, a_fading_account, a_scorecard, a_steady_account, computed
from banso.people.access import User
from banso.people.testing import AN_ACTOR, a_csm, a_manager

pytestmark = pytest.mark.django_db
USAGE_LED = TEMPLATES["usage_led"].definition
STRICT = replace(USAGE_LED, name="Strict", cuts=Cuts(98, 99))


def _draft(definition: Definition | None = None) -> queries.DraftRow:
    return actions.begin_draft(by=AN_ACTOR, now=A_MOMENT, definition=definition)


def _save(row: queries.DraftRow, definition: Definition, revision: int | None = None) -> queries.DraftRow:
    number = row.revision if revision is None else revision
    return actions.save_draft(draft_id=row.id, definition=definition, revision=number, by=AN_ACTOR, now=A_MOMENT)


def test_a_draft_starts_as_what_is_in_force_and_is_saved_revision_by_revision() -> None:
    a_scorecard()
    row = _draft()
    assert (row.definition, row.revision, row.based_on, row.is_open) == (USAGE_LED, 1, 1, True)
    assert _save(row, USAGE_LED).revision == 1
    saved = _save(row, STRICT)
    assert (saved.revision, saved.name) == (2, "Strict")
    assert [one.revision for one in queries.draft_revisions(row.id)] == [2, 1]
    back = actions.restore_revision(draft_id=row.id, revision=1, by=AN_ACTOR, now=A_MOMENT)
    assert (back.revision, back.definition) == (3, USAGE_LED)
    assert [one.id for one in queries.drafts()] == [row.id]


def test_a_draft_never_touches_live_numbers() -> None:
    a_steady_account(), a_fading_account()
    a_scorecard()
    computed()
    before = list(Standing.objects.order_by("pk").values())
    row = _save(_draft(), STRICT)
    queries.preview(row.definition, on=A_TODAY, visible=_everybody())
    computed()
    after = list(Standing.objects.order_by("pk").values())
    assert [{**one, "computed_at": None} for one in before] == [{**one, "computed_at": None} for one in after]
    card = queries.current_scorecard()
    assert card is not None
    assert (card.version, card.definition) == (1, USAGE_LED)


def test_who_saves_second_is_told_and_overwrites_nothing() -> None:
    a_scorecard()
    row = _draft()
    _save(row, STRICT)
    with pytest.raises(actions.Overtaken) as told:
        _save(row, replace(USAGE_LED, name="Mine"))
    assert told.value.newest.name == "Strict"
    with pytest.raises(actions.Overtaken):
        actions.publish_draft(draft_id=row.id, revision=1, by=AN_ACTOR, now=A_MOMENT)
    assert len(queries.scorecards()) == 1


def test_a_draft_is_published_once_with_a_note_and_closed() -> None:
    a_scorecard()
    row = _save(_draft(), STRICT)
    made = actions.publish_draft(draft_id=row.id, revision=2, by=AN_ACTOR, now=A_MOMENT, note="厳しめに")
    assert (made.version, made.definition, made.note) == (2, STRICT, "厳しめに")
    closed = queries.draft(row.id)
    assert closed is not None
    assert (closed.published_version, closed.is_open) == (2, False)
    assert queries.drafts() == []
    with pytest.raises(actions.UnknownDraft):
        _save(row, USAGE_LED)


def test_a_discarded_draft_comes_back_as_it_was() -> None:
    a_scorecard()
    row = _draft()
    actions.discard_draft(draft_id=row.id, by=AN_ACTOR, now=A_MOMENT)
    assert queries.drafts() == []
    with pytest.raises(actions.UnknownDraft):
        actions.discard_draft(draft_id=row.id, by=AN_ACTOR, now=A_MOMENT)
    back = actions.bring_draft_back(draft_id=row.id, by=AN_ACTOR, now=A_MOMENT)
    assert (back.is_open, back.definition) == (True, USAGE_LED)
    with pytest.raises(actions.UnknownDraft):
        actions.bring_draft_back(draft_id=row.id, by=AN_ACTOR, now=A_MOMENT)
    with pytest.raises(actions.UnknownDraft):
        actions.restore_revision(draft_id=row.id, revision=9, by=AN_ACTOR, now=A_MOMENT)


def test_without_a_scorecard_a_draft_needs_a_definition() -> None:
    with pytest.raises(actions.UnknownDraft):
        _draft()
    row = _draft(USAGE_LED)
    assert row.based_on is None
    assert not queries.is_behind(row)
    a_scorecard()
    assert queries.is_behind(row)


def test_a_draft_that_is_published_cannot_be_discarded_too() -> None:
    card = a_scorecard()
    with pytest.raises(IntegrityError, match="draft_ends_once"), atomic():
        Draft.objects.create(begun_at=A_MOMENT, discarded_at=A_MOMENT, published_as_id=card.id)


def test_the_preview_says_who_changes_before_and_after() -> None:
    steady, fading = a_steady_account(segment="Enterprise"), a_fading_account()
    a_scorecard()
    computed()
    found = queries.preview(STRICT, on=A_TODAY, visible=_everybody())
    assert found.accounts == 2
    assert sum(found.before.conditions.values()) == sum(found.distribution.conditions.values()) == 2
    assert {one.account_id for one in found.moved} <= {steady, fading}
    for one in found.moved:
        assert one.condition_after == "poor"
        assert one.change == 0
    live = {pk: row.condition for pk, row in queries.standings([steady, fading]).items()}
    assert found.changed == sum(condition != "poor" for condition in live.values()) > 0
    assert [(one.segment, one.accounts) for one in found.segments] == [("", 1), ("Enterprise", 1)]
    assert all(share == 1 for _label, share in found.coverage)
    same = queries.preview(USAGE_LED, on=A_TODAY, visible=_everybody())
    assert (same.moved, same.changed) == ((), 0)


def test_two_definitions_differ_in_words_and_line_by_line() -> None:
    first, second, *others = USAGE_LED.measures
    other = replace(
        STRICT,
        measures=(replace(first, weight=first.weight * 2, group="trend"), replace(second, window_days=7), *others[:-1]),
        levels=(10.0, 20.0, 30.0),
        scales=(Scale("A", None, (1.0, 2.0, 3.0)),),
        rollup="worst",
        missing=Missing.WITHHOLD,
        overrides=(Override("A", None, {"recency": 5.0}),),
    )
    kinds = [one.kind for one in differences(USAGE_LED, other)]
    assert kinds == ["name", "removed", "group", "weight", "levels", "cuts", "missing", "rollup", "overrides", "scales"]
    assert [one.kind for one in differences(other, USAGE_LED)][:2] == ["name", "added"]
    counted = replace(first, kind="events", points=((0, 0), (9, 100)))
    found = differences(USAGE_LED, replace(USAGE_LED, measures=(counted, *USAGE_LED.measures[1:])))
    assert [one.kind for one in found] == ["counted", "points"]
    assert differences(USAGE_LED, USAGE_LED) == []
    texts = [queries.difference_text(one) for one in [*differences(USAGE_LED, other), *found]]
    assert all(texts)
    assert any("30:50" in text or "30 · 50 · 70" in text for text in texts)
    lines = list(lines_of_scorecards(USAGE_LED, other))
    assert {"+", "-"} <= {one.sign for one in lines}


def _everybody() -> Any:
    return accounts.visible_to(accounts.EVERYTHING)


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _typed(client: Client, address: str, **changes: str) -> dict[str, str]:
    """Return what the page of a draft would send, as it stands, but for some changes."""
    editor = client.get(address).context["editor"]
    forms = [
        editor.whole,
        *(one.management_form for one in editor.formsets),
        *(f for one in editor.formsets for f in one),
    ]
    sent = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:  # 0 is sent
                sent[bound.html_name] = str(value)
    return sent | changes


def test_the_page_as_it_stands_says_what_the_draft_says() -> None:
    full = replace(
        USAGE_LED,
        scales=(Scale("Enterprise", None, (20.0, 40.0, 60.0), Cuts(30, 60)),),
        measures=(replace(USAGE_LED.measures[0], shape="steps"), *USAGE_LED.measures[1:]),
    )
    a_scorecard(full)
    row, client = _draft(), _signed_in(a_manager())
    address = reverse("health:draft", args=[row.id])
    answer = client.post(address, _typed(client, address))
    assert answer.status_code == 302
    same = queries.draft(row.id)
    assert same is not None
    assert differences(full, same.definition) == []


def test_a_manager_edits_previews_and_publishes_a_draft_in_the_browser() -> None:
    a_steady_account()
    a_scorecard()
    computed()
    client = _signed_in(a_manager())
    begun = client.post(reverse("health:begin_draft"), follow=True)
    address = begun.redirect_chain[-1][0]
    changes = {
        "name": "改訂版",
        "measure-0-weight": "60",
        "exception-0-measure": "recency",
        "exception-0-when": "at_least",
        "exception-0-value": "1",
        "exception-0-limit": "at_most",
        "exception-0-points": "40",
        "exception-0-reason": "重大な障害",
        "exception-0-until_on": "2027/03/31",
        "preview": "1",
    }
    shown = client.post(address, _typed(client, address, **changes), follow=True)
    body = shown.content.decode()
    assert shown.status_code == 200
    assert "改訂版" in body
    assert "Exceptions change" in body
    [row] = queries.drafts()
    assert row.definition.measures[0].weight == 60
    assert row.definition.exceptions[0].reason == "重大な障害"
    published = client.post(
        reverse("health:publish_draft", args=[row.id]), {"revision": str(row.revision), "note": "例外"}, follow=True
    )
    assert "Version 2 was published" in published.content.decode()
    compared = client.get(reverse("health:compare", args=[1, 2])).content.decode()
    assert "Name: Usage-led → 改訂版" in compared
    assert client.get(address).status_code == 200
    assert client.post(address, _typed(client, address)).status_code == 404


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved() -> None:
    a_scorecard()
    row, client = _draft(), _signed_in(a_manager())
    address = reverse("health:draft", args=[row.id])
    wrong = {"level_3": "10", "measure-0-corners": "5", "measure-1-hundred": "", "measure-1-zero": ""}
    answer = client.post(address, _typed(client, address, **wrong))
    assert answer.status_code == 422
    assert answer.context["editor"].measures.forms[0].errors["corners"]
    answer = client.post(address, _typed(client, address, level_3="10", **{"measure-1-corners": "5 = 40"}))
    editor = answer.context["editor"]
    assert editor.whole.errors["level_2"]
    half = {"scale-0-level_2": "10", "exception-0-measure": "recency", "exception-0-when": "above"}
    half |= {"exception-0-limit": "at_most", "exception-0-points": "4", "exception-0-reason": "?"}
    half |= {"exception-0-until_on": "2027/1/1", "measure-0-weight": "-1", "normal": "90"}
    answer = client.post(address, _typed(client, address, **half))
    editor = answer.context["editor"]
    assert {"segment", "level_2"} <= set(editor.scales.forms[0].errors)
    assert editor.measures.forms[0].errors["weight"]
    assert editor.whole.errors["normal"]
    unchanged = queries.draft(row.id)
    assert unchanged is not None
    assert unchanged.revision == 1


def test_the_page_tells_who_saves_second_and_keeps_what_was_typed() -> None:
    a_scorecard()
    row, client = _draft(), _signed_in(a_manager())
    address = reverse("health:draft", args=[row.id])
    typed = _typed(client, address, name="Mine")
    _save(row, STRICT)
    answer = client.post(address, typed)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "Not saved" in body
    assert 'value="Mine"' in body
    assert "Name: Strict → Mine" in body


def test_a_measure_of_the_catalogue_is_added_with_a_curve_through_the_accounts() -> None:
    a_steady_account()
    a_scorecard()
    actions.define_usual(by=AN_ACTOR, now=A_MOMENT)
    row, client = _draft(), _signed_in(a_manager())
    address = reverse("health:draft", args=[row.id])
    client.post(address, _typed(client, address, add_measure="seat_use"))
    client.post(address, _typed(client, address, add_measure="nothing"))
    saved = queries.draft(row.id)
    assert saved is not None
    assert saved.definition.keys == (*USAGE_LED.keys, "seat_use")


def test_a_draft_is_discarded_and_brought_back_on_its_page() -> None:
    a_scorecard()
    row, client = _draft(), _signed_in(a_manager())
    body = client.post(reverse("health:discard_draft", args=[row.id]), follow=True).content.decode()
    assert "This draft was discarded" in body
    assert (
        "The draft is open again."
        in client.post(reverse("health:bring_draft_back", args=[row.id]), follow=True).content.decode()
    )
    assert client.post(reverse("health:bring_draft_back", args=[row.id])).status_code == 404
    _save(row, STRICT)
    client.post(reverse("health:restore_revision", args=[row.id, 1]))
    assert client.post(reverse("health:restore_revision", args=[row.id, 9])).status_code == 404
    newest = queries.draft(row.id)
    assert newest is not None
    assert newest.definition == USAGE_LED
    answer = client.post(reverse("health:publish_draft", args=[row.id]), {"revision": "1"}, follow=True)
    assert "Not published" in answer.content.decode()


def test_a_csm_may_neither_draft_nor_publish_and_what_is_not_there_is_said() -> None:
    a_scorecard()
    row = _draft()
    csm, manager = _signed_in(a_csm()), _signed_in(a_manager())
    assert csm.post(reverse("health:begin_draft")).status_code == 403
    assert csm.get(reverse("health:draft", args=[row.id])).status_code == 403
    assert csm.post(reverse("health:publish_draft", args=[row.id])).status_code == 403
    assert manager.post(reverse("health:begin_draft"), {"template": "mood"}).status_code == 404
    assert manager.get(reverse("health:draft", args=[999])).status_code == 404
    assert manager.post(reverse("health:publish_draft", args=[999])).status_code == 404
    assert csm.get(reverse("health:compare", args=[1, 9])).status_code == 404


def test_exceptions_roll_up_and_bands_are_told_on_the_page_of_a_version() -> None:
    rule = ExceptionRule(
        segment="SMB",
        stage=None,
        measure="recency",
        when="at_least",
        value=30,
        limit="at_most",
        points=40,
        reason="休眠",
        until_on=A_TODAY,
    )
    floor = replace(rule, segment=None, when="missing", limit="at_least")
    bands = replace(USAGE_LED.measures[0], shape="steps")
    a_scorecard(replace(USAGE_LED, exceptions=(rule, floor), rollup="mrr", measures=(bands, *USAGE_LED.measures[1:])))
    body = _signed_in(a_csm()).get(reverse("health:version", args=[1])).content.decode()
    assert "At most 40 points while Days since last use is at least 30, until" in body
    assert "(only SMB)" in body
    assert "At least 40 points while Days since last use is not known" in body
    assert "by monthly revenue" in body
    assert "from each value on, the same points" in body
