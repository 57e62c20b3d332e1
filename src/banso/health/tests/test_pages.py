"""Staff record pulses, see how the score is made, and publish scorecards."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from banso.accounts.testing import an_account
from banso.health import actions, queries
from banso.health.rules import TEMPLATES
from banso.health.testing import a_pulse, a_scorecard, a_steady_account, computed
from banso.people.access import SYSTEM, User
from banso.people.testing import a_csm, a_manager, a_reader, a_user

pytestmark = pytest.mark.django_db


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"health:{name}", args=args))
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "<c-" not in body
    return body


def test_a_csm_records_a_pulse_and_can_undo_it() -> None:
    account, chiba = an_account(), a_csm()
    client = _signed_in(chiba)
    address = reverse("health:pulse", args=[account])
    answer = client.post(address, {"rating": "2", "reason": "担当者が異動"}, follow=True)
    assert answer.redirect_chain[0][0].startswith(f"{address}?recorded=")
    assert "The pulse 2 / 5 was recorded." in answer.content.decode()
    [row] = queries.pulses([account])
    assert (row.rating, row.reason, row.given_by) == (2, "担当者が異動", chiba.name)
    client.post(reverse("health:withdraw", args=[row.id]), {"next": address})
    assert queries.pulses([account]) == []


def test_a_pulse_without_a_rating_is_asked_for_again() -> None:
    account = an_account()
    answer = _signed_in(a_csm()).post(reverse("health:pulse", args=[account]), {"reason": "?"})
    assert answer.status_code == 422
    assert queries.pulses([account]) == []


def test_a_pulse_of_somebody_else_is_not_shown_as_recorded_just_now() -> None:
    hidden, mine, chiba = an_account("hidden"), an_account(), a_csm()
    of_another = a_pulse(hidden, 1).id
    client = _signed_in(chiba)
    for number in (str(of_another), "9" * 5000):
        answer = client.get(reverse("health:pulse", args=[mine]), {"recorded": number})
        assert answer.status_code == 200
        assert answer.context["made"] is None


def test_within_another_page_only_the_form_and_what_became_of_it_are_answered() -> None:
    account, client = an_account(), _signed_in(a_csm())
    address = reverse("health:pulse", args=[account])
    headers = {"HX-Request": "true"}
    form = client.get(address, headers=headers).content.decode()
    assert 'id="pulse-form"' in form
    assert "<html" not in form
    done = client.post(address, {"rating": "5"}, headers=headers).content.decode()
    assert "The pulse 5 / 5 was recorded." in done
    assert "<html" not in done


def test_one_returns_to_where_one_came_from_but_never_elsewhere() -> None:
    account, client = an_account(), _signed_in(a_csm())
    address = reverse("health:pulse", args=[account])
    assert client.post(address, {"rating": "3", "next": "/health/pulses/"}).headers["Location"] == "/health/pulses/"
    away = client.post(address, {"rating": "3", "next": "https://elsewhere.example/"}).headers["Location"]
    assert away.startswith(address)


def test_nobody_takes_back_what_another_said() -> None:
    pulse = a_pulse(an_account())
    client = _signed_in(a_csm())
    assert client.post(reverse("health:withdraw", args=[pulse.id])).status_code == 403
    assert client.post(reverse("health:withdraw", args=[99])).status_code == 404


def test_readers_see_but_do_not_judge_or_define() -> None:
    account = a_steady_account()
    computed()
    client = _signed_in(a_reader())
    assert "Try" not in _page(client, "scorecard")
    for name, args in (("pulse", [account]), ("preview", ["usage_led"])):
        assert client.get(reverse(f"health:{name}", args=args)).status_code == 403
    assert client.post(reverse("health:publish")).status_code == 403


def test_accounts_out_of_reach_do_not_exist() -> None:
    account = an_account()
    client = _signed_in(a_user("far@banso.example", role="csm", reach="teams"))
    assert client.get(reverse("health:pulse", args=[account])).status_code == 404
    a_pulse(account, reason="秘密")
    assert "秘密" not in _page(client, "pulses")


def test_pulses_stand_beside_the_score_with_disagreement_marked() -> None:
    account = a_steady_account()
    computed()
    client = _signed_in(a_csm())
    assert "Disagrees with the score" not in _page(client, "pulses")
    client.post(reverse("health:pulse", args=[account]), {"rating": "1", "reason": "予算凍結"})
    body = _page(client, "pulses")
    assert "Disagrees with the score" in body
    assert "予算凍結" in body
    assert "Take back" in body


def test_the_pulse_page_takes_no_more_queries_for_more_pulses(django_assert_max_num_queries: object) -> None:
    client = _signed_in(a_csm())
    for number in range(12):
        a_pulse(an_account(f"account-{number}"))
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # pytest-django's fixture
        _page(client, "pulses")


def test_before_any_data_the_page_says_what_to_do() -> None:
    body = _page(_signed_in(a_manager()), "scorecard")
    assert "No scorecard is in force yet" in body
    assert "Import usage first" in body
    assert "There is" not in _page(_signed_in(a_user("x@banso.example")), "pulses")


def test_an_earlier_version_is_put_in_force_again_as_the_next_one() -> None:
    for key in ("usage_led", "seat_led"):
        actions.publish(TEMPLATES[key].definition, by=SYSTEM, now=timezone.now())
    client = _signed_in(a_manager())
    again = reverse("health:publish_again", args=[1])
    assert "Put version 1 in force again" in _page(client, "version", 1)
    assert "in force again" not in _page(client, "version", 2)
    client.post(again)
    card = queries.current_scorecard()
    assert card is not None
    assert (card.version, card.note, card.definition) == (3, "As version 1", TEMPLATES["usage_led"].definition)
    client.post(again)  # says the same as what is in force
    assert [one.version for one in queries.scorecards()] == [3, 2, 1]
    assert client.post(reverse("health:publish_again", args=[9])).status_code == 404
    reader = _signed_in(a_reader())
    assert "in force again" not in _page(reader, "version", 1)
    assert reader.post(again).status_code == 403


def test_a_manager_tries_a_template_and_publishes_it() -> None:
    a_steady_account()
    client = _signed_in(a_manager())
    assert "Choose a template below" in _page(client, "scorecard")
    body = _page(client, "preview", "usage_led")
    assert "Nothing counts until you publish it" in body
    assert queries.current_scorecard() is None
    answer = client.post(reverse("health:publish"), {"template": "usage_led", "note": "はじめの版"}, follow=True)
    card = queries.current_scorecard()
    assert card is not None
    assert (card.version, card.note, card.published_by) == (1, "はじめの版", "馬場 文")
    assert "Version 1 was published" in answer.content.decode()
    assert queries.needs_computing()
    computed()
    assert not queries.needs_computing()
    body = _page(client, "scorecard")
    assert "In force" in body
    assert reverse("measures:file") in body
    assert "Accounts today" in body
    assert "はじめの版" in _page(client, "version", 1)


def test_unknown_templates_and_versions_are_not_found() -> None:
    client = _signed_in(a_manager())
    assert client.get(reverse("health:preview", args=["mood"])).status_code == 404
    assert client.get(reverse("health:version", args=[9])).status_code == 404
    assert client.post(reverse("health:publish"), {"template": "mood"}).status_code == 404


@pytest.mark.parametrize("language", ["en", "ja"])
def test_how_the_score_is_made_is_told_in_both_languages(language: str) -> None:
    client = _signed_in(a_user(language=language))
    words = {"en": "From measures to a score", "ja": "測定値からスコアまで"}
    assert words[language] in _page(client, "how")
    a_scorecard()
    assert {"en": "Days with use (28 days)", "ja": "利用のあった日数（28日）"}[language] in _page(client, "how")
