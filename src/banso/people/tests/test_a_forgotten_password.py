"""Who forgot their password chooses a new one by a link in a mail; strangers learn nothing of who exists."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from banso.people import actions
from banso.people.jobs import send_reset
from banso.people.models import Change, User
from banso.people.testing import A_MOMENT, AN_ACTOR, PASSWORD, a_user, an_admin

pytestmark = pytest.mark.django_db

ASK = "/account/password/reset/"
ASKED = "/account/password/reset/done/"
NEW = "nine-herons-wait-in-rain"


def ask(client: Client, email: str, *, address: str = "10.0.0.1") -> int:
    return client.post(ASK, {"email": email}, REMOTE_ADDR=address).status_code


def work() -> None:
    """Do what a worker would with the mails that wait."""
    for job in DBTaskResult.objects.filter(task_path=send_reset.module_path).order_by("enqueued_at"):
        send_reset.call(*job.args_kwargs["args"])


def link() -> str:
    found = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def choose(client: Client, path: str, *, again: str = NEW) -> int:
    form = client.get(path, follow=True)
    assert form.status_code == 200
    here = form.redirect_chain[-1][0] if form.redirect_chain else path
    return client.post(here, {"password1": NEW, "password2": again}).status_code


def signs_in(password: str) -> bool:
    client = Client()
    client.post("/account/login/", {"login": "aoki@banso.example", "password": password})
    return "_auth_user_id" in client.session


def test_the_owner_of_the_address_chooses_a_new_password(client: Client) -> None:
    user = a_user(password=PASSWORD, language="ja")
    assert client.post(ASK, {"email": "AOKI@banso.example"}).headers["Location"] == ASKED
    work()
    assert (mail.outbox[0].subject, mail.outbox[0].to) == ("Bansoのパスワードの再設定", [user.email])
    assert "青木 葵 様" in mail.outbox[0].body
    assert choose(client, link()) == 302
    assert signs_in(NEW)
    assert not signs_in(PASSWORD)
    verbs = Change.objects.filter(actor_id=user.pk).values_list("verb", flat=True)
    assert "user.password_set" in verbs


def test_a_link_holds_once_and_for_an_hour(client: Client, settings: Settings) -> None:
    a_user(password=PASSWORD)
    ask(client, "aoki@banso.example")
    work()
    used = link()
    choose(client, used)
    assert Client().get(used, follow=True).context["token_fail"]
    ask(client, "aoki@banso.example")
    work()
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert Client().get(link(), follow=True).context["token_fail"]


def test_a_weak_or_mistyped_password_is_refused_beside_its_field(client: Client) -> None:
    a_user(password=PASSWORD)
    ask(client, "aoki@banso.example")
    work()
    assert choose(client, link(), again="something-else-here") == 200
    assert signs_in(PASSWORD)


def test_all_devices_are_signed_out(client: Client) -> None:
    a_user(password=PASSWORD)
    elsewhere = Client()
    elsewhere.post("/account/login/", {"login": "aoki@banso.example", "password": PASSWORD})
    assert elsewhere.get("/settings/").status_code == 200
    ask(client, "aoki@banso.example")
    work()
    choose(client, link())
    assert elsewhere.get("/settings/").status_code == 302


def test_an_unknown_address_is_answered_alike_and_gets_no_mail(client: Client) -> None:
    a_user(password=PASSWORD)
    an_admin_left = a_user("gone@banso.example", role="csm", password=PASSWORD)
    actions.deactivate_user(user_id=an_admin_left.pk, by=AN_ACTOR, now=A_MOMENT)
    answers = {email: client.post(ASK, {"email": email}) for email in ("nobody@x.example", "aoki@banso.example")}
    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers.values()}) == 1
    ask(client, "gone@banso.example")
    assert DBTaskResult.objects.count() == 3  # the same work for each, whoever asks can measure nothing
    work()
    assert [one.to for one in mail.outbox] == [["aoki@banso.example"]]


def test_nobody_is_flooded_with_mail(client: Client) -> None:
    a_user(password=PASSWORD)
    answers = [ask(client, "aoki@banso.example", address=f"10.0.0.{number}") for number in range(4)]
    assert answers == [302, 302, 302, 429]
    assert ask(client, "nobody@x.example", address="10.0.0.9") == 302
    for _ in range(3):
        unknown = ask(client, "nobody@x.example", address="10.0.0.9")
    assert unknown == 429


def test_what_is_no_address_is_refused(client: Client) -> None:
    assert ask(client, "no address") == 422


def test_a_colleague_without_a_password_gets_one_by_the_link(client: Client) -> None:
    user: User = an_admin()
    ask(client, user.email)
    work()
    assert choose(client, link()) == 302
    assert signs_in(NEW)


def test_an_hour_is_what_the_mail_says(client: Client, settings: Settings) -> None:
    a_user(password=PASSWORD)
    ask(client, "aoki@banso.example")
    work()
    minutes = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT) // timedelta(minutes=1)
    assert f"holds for {minutes} minutes" in mail.outbox[0].body
