"""Users are added, changed, sent away and taken back; an administrator is always left."""

from typing import Any

import pytest

from banso.people import actions, queries
from banso.people.models import Change, Team, User
from banso.people.testing import A_MOMENT, AN_ACTOR, PASSWORD, a_csm, a_team, a_user, an_admin

pytestmark = pytest.mark.django_db
AUTHOR: dict[str, Any] = {"by": AN_ACTOR, "now": A_MOMENT}


def test_a_user_is_added_with_the_company_s_language_and_time_zone() -> None:
    actions.set_company(language="en", time_zone="Europe/Berlin", **AUTHOR)
    user = actions.create_user(email=" Ito@Banso.example ", name="伊藤 樹", role="csm", password=None, **AUTHOR)
    assert (user.email, user.language, user.time_zone) == ("ito@banso.example", "en", "Europe/Berlin")
    assert not user.has_usable_password()


def test_passwords_are_kept_by_argon2() -> None:
    user = a_user(password=PASSWORD)
    assert user.password.startswith("argon2$argon2id$")
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("password", ["", "short", "password1234", "1234567890123", "aoki@banso.example"])
def test_a_weak_password_is_refused_with_its_reasons(password: str) -> None:
    with pytest.raises(actions.WeakPassword) as refusal:
        a_user(password=password)
    assert refusal.value.messages
    assert not User.objects.exists()


@pytest.mark.parametrize("email", ["", "sato", "sato@", "佐藤 <sato@example.jp>"])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(actions.NotAnAddress):
        a_user(email)
    assert not User.objects.exists()


def test_an_address_belongs_to_one_user_whatever_its_case() -> None:
    an_admin()
    with pytest.raises(actions.EmailTaken):
        a_user("AOKI@banso.example")


@pytest.mark.parametrize(
    ("field", "value"), [("role", "king"), ("reach", "far"), ("language", "xx"), ("time_zone", "Mars/Base")]
)
def test_a_choice_that_does_not_exist_is_refused(field: str, value: str) -> None:
    user = an_admin()
    with pytest.raises(actions.UnknownChoice) as refusal:
        actions.change_user(user_id=user.pk, **AUTHOR, **{field: value})  # type: ignore[arg-type]  # on purpose
    assert value in str(refusal.value)


def test_a_change_keeps_what_was_not_given_and_is_written_down() -> None:
    user, team = a_csm(), a_team()
    actions.change_user(user_id=user.pk, role="manager", teams=[team], **AUTHOR)
    user.refresh_from_db()
    assert (user.role, user.name) == ("manager", "千葉 千尋")
    change = Change.objects.order_by("pk").last()
    assert change is not None
    assert (change.verb, change.actor_label) == ("user.changed", "A test")
    assert change.details == {"role": ["csm", "manager"], "teams": [[], ["東日本"]]}


def test_a_change_that_changes_nothing_is_not_written_down() -> None:
    user = a_csm()
    before = Change.objects.count()
    actions.change_user(user_id=user.pk, name=user.name, role=user.role, teams=[], **AUTHOR)
    assert Change.objects.count() == before


def test_a_taken_address_is_refused_on_change_too() -> None:
    an_admin()
    user = a_csm()
    with pytest.raises(actions.EmailTaken):
        actions.change_user(user_id=user.pk, email="Aoki@banso.example", **AUTHOR)


def test_the_last_administrator_is_neither_demoted_nor_deactivated() -> None:
    admin = an_admin()
    former = a_user("old@banso.example")
    actions.deactivate_user(user_id=former.pk, **AUTHOR)
    with pytest.raises(actions.LastAdministrator):
        actions.change_user(user_id=admin.pk, role="csm", **AUTHOR)
    with pytest.raises(actions.LastAdministrator):
        actions.deactivate_user(user_id=admin.pk, **AUTHOR)
    admin.refresh_from_db()
    assert admin.is_active
    assert admin.role == "admin"


def test_one_of_two_administrators_may_go() -> None:
    an_admin()
    other = a_user("second@banso.example")
    actions.change_user(user_id=other.pk, role="csm", **AUTHOR)
    actions.deactivate_user(user_id=other.pk, **AUTHOR)
    assert [row.email for row in queries.staff()] == ["aoki@banso.example"]
    assert len(queries.staff(with_former=True)) == 2


def test_a_former_user_comes_back_once() -> None:
    an_admin()
    user = a_csm()
    for _ in range(2):
        actions.deactivate_user(user_id=user.pk, **AUTHOR)
    for _ in range(2):
        actions.reactivate_user(user_id=user.pk, **AUTHOR)
    verbs = [change.verb for change in Change.objects.filter(subject_id=user.pk).order_by("pk")]
    assert verbs == ["user.added", "user.deactivated", "user.reactivated"]


def test_a_password_is_set_and_only_the_fact_is_written_down() -> None:
    user = a_csm()
    actions.set_password(user_id=user.pk, password=PASSWORD, **AUTHOR)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    change = Change.objects.get(verb="user.password_set")
    assert change.details == {}


def test_someone_who_does_not_exist_cannot_be_changed() -> None:
    with pytest.raises(actions.NotOurs):
        actions.deactivate_user(user_id=404, **AUTHOR)


def test_teams_count_their_active_members() -> None:
    east, west = a_team("東日本"), a_team("西日本")
    a_user("a@banso.example", teams=[east])
    gone = a_user("b@banso.example", teams=[east, west])
    actions.deactivate_user(user_id=gone.pk, **AUTHOR)
    assert {(team.id, team.name, team.members) for team in queries.teams()} == {
        (east, "東日本", 1),
        (west, "西日本", 0),
    }
    row = queries.staff_member(gone.pk)
    assert row is not None
    assert row.teams == ("東日本", "西日本")


def test_a_team_name_is_given_once() -> None:
    east, west = a_team("東日本"), a_team("西日本")
    with pytest.raises(actions.TeamNameTaken):
        a_team(" 東日本 ")
    with pytest.raises(actions.TeamNameTaken):
        actions.rename_team(team_id=west, name="東日本", **AUTHOR)
    actions.rename_team(team_id=east, name="東日本", **AUTHOR)
    actions.rename_team(team_id=east, name="関東", **AUTHOR)
    assert Team.objects.get(pk=east).name == "関東"
    with pytest.raises(actions.NotOurs):
        actions.rename_team(team_id=404, name="無", **AUTHOR)


def test_a_team_that_does_not_exist_is_refused() -> None:
    with pytest.raises(actions.UnknownChoice):
        a_user(teams=[404])


def test_owners_are_found_by_address_whatever_its_case() -> None:
    admin = an_admin()
    assert queries.ids_by_email(["AOKI@banso.example ", "nobody@banso.example"]) == {"aoki@banso.example": admin.pk}
