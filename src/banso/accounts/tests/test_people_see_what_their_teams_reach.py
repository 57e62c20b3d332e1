from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banso.accounts import actions, queries
from banso.accounts.actions import AccountInput, PersonInput
from banso.accounts.testing import A_MOMENT, a_person, an_account
from banso.people.queries import KeyRow
from banso.people.testing import AN_ACTOR, a_key, a_team, a_user

pytestmark = pytest.mark.django_db


def names(viewer: queries.Viewer) -> list[str]:
    return list(queries.visible_to(viewer).order_by("external_id").values_list("external_id", flat=True))


def test_a_team_sees_its_accounts_its_members_and_all_below() -> None:
    east, west = a_team("東"), a_team("西")
    viewer = a_user("viewer@x.example", reach="teams", teams=[east])
    a_user("mate@x.example", reach="teams", teams=[east])
    a_user("other@x.example", reach="teams", teams=[west])
    an_account("team", team="東")
    an_account("team-below", parent_external_id="team", team="西")
    an_account("team-below-below", parent_external_id="team-below")
    an_account("mate", owner_email="mate@x.example")
    an_account("own", owner_email="viewer@x.example")
    an_account("other", owner_email="other@x.example")
    an_account("other-below", parent_external_id="other")
    an_account("nobody")
    assert names(viewer) == ["mate", "own", "team", "team-below", "team-below-below"]
    assert len(names(a_user("all@x.example"))) == 8
    with CaptureQueriesContext(connection) as taken:
        names(viewer)
    assert len(taken) == 1


def test_somebody_without_a_team_sees_their_own_accounts() -> None:
    viewer = a_user("viewer@x.example", reach="teams")
    an_account("own", owner_email="viewer@x.example")
    an_account("free")
    assert names(viewer) == ["own"]


def test_a_key_sees_the_whole_company() -> None:
    an_account("acme")
    key, _ = a_key()
    assert names(key) == ["acme"]

    class Narrow(KeyRow):
        reach = "teams"  # a scope that may come later

    assert names(Narrow(**{**vars(key), "reach": "teams"})) == []


def test_an_import_cannot_touch_what_its_user_may_not_see() -> None:
    viewer = a_user("viewer@x.example", reach="teams")
    an_account("secret", name="Secret")
    own = an_account("own", owner_email="viewer@x.example")
    visible = queries.visible_to(viewer)
    rows = [AccountInput("secret", name="Changed"), AccountInput("own", parent_external_id="secret")]
    result = actions.save_accounts(rows, by=AN_ACTOR, now=A_MOMENT, visible=visible)
    assert [fault.code for fault in result.refused] == ["taken", "parent_unknown"]
    people = [PersonInput("secret", "x", name="X"), PersonInput("own", "y", name="Y")]
    saved = actions.save_people(people, by=AN_ACTOR, now=A_MOMENT, visible=visible)
    assert [fault.code for fault in saved.refused] == ["account_unknown"]
    assert saved.added == 1
    moved = actions.assign_owner(
        account_ids=[own, *queries.all_ids()], owner_id=None, by=AN_ACTOR, now=A_MOMENT, visible=visible
    )
    assert list(moved.before) == [own]


def test_accounts_are_found_by_what_other_systems_call_them() -> None:
    acme, aoba = an_account("acme"), an_account("aoba")
    actions.link_external_id(account_id=acme, source="crm", value="001", by=AN_ACTOR, now=A_MOMENT)
    actions.link_external_id(account_id=acme, source="billing", value="twice", by=AN_ACTOR, now=A_MOMENT)
    actions.link_external_id(account_id=aoba, source="crm", value="twice", by=AN_ACTOR, now=A_MOMENT)
    actions.link_external_id(account_id=aoba, source="erp", value="acme", by=AN_ACTOR, now=A_MOMENT)
    with pytest.raises(actions.NameTaken):
        actions.link_external_id(account_id=aoba, source="crm", value="001", by=AN_ACTOR, now=A_MOMENT)
    with pytest.raises(actions.NameMissing):
        actions.link_external_id(account_id=aoba, source="crm", value=" ", by=AN_ACTOR, now=A_MOMENT)
    with pytest.raises(actions.NotFound):
        actions.link_external_id(account_id=0, source="crm", value="9", by=AN_ACTOR, now=A_MOMENT)
    assert queries.by_external_ids(["acme", "001", "twice", "nobody"]) == {"acme": acme, "001": acme}


def test_an_account_is_found_however_its_name_is_written() -> None:
    pk = an_account("c-1", name="株式会社サクラ・データー", reading="さくらでーたー")
    for text in ("さくら", "ｻｸﾗﾃﾞｰﾀ", "(株)サクラ", "サクラデータ㈱", "C-1", "株式会社サクラ"):
        found = queries.visible_to(a_key()[0]).filter(queries.matching(text))
        assert [one.pk for one in found.order_by("pk")] == [pk], text


def test_people_are_listed_by_role_and_gaps_are_named() -> None:
    pk = an_account("acme")
    a_person("acme", "u", name="あ", role="user")
    a_person("acme", "c", name="い", role="champion")
    a_person("acme", "g", name="う", role="champion", left_on=A_MOMENT.date())
    assert [one.external_id for one in queries.people_of([pk])] == ["c", "u"]
    assert [one.external_id for one in queries.people_of([pk], with_former=True)] == ["c", "u", "g"]
    assert queries.coverage(pk) == {"champion": 1, "decider": 0, "administrator": 0, "user": 1}
    gone = queries.champions_left(after=A_MOMENT.date() - timedelta(days=1))
    assert list(gone.values_list("account_id", "left_on")) == [(pk, A_MOMENT.date())]
    assert not queries.champions_left(after=A_MOMENT.date()).exists()
