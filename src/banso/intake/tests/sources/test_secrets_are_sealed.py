"""Secrets of sources are sealed where they are kept, written and never shown, and sent nowhere else."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from banso.intake.actions import SourceProblem
from banso.intake.actions.sources import keeping, parts
from banso.intake.models import Source
from banso.intake.queries.connectors import addresses
from banso.intake.rules import sealing
from banso.intake.testing import A_MOMENT
from banso.journal.testing import written
from banso.people.testing import AN_ACTOR, an_admin

PLACE = {"host": "127.0.0.1", "port": 5432, "database": "dwh", "user": "banso", "tls": "require"}
CANARY = "canary-9f3b"


@pytest.fixture(autouse=True)
def allowed(settings: Settings) -> None:
    settings.SOURCE_HOSTS = ("127.0.0.0/8",)


def a_database() -> Source:
    secrets = {"password": CANARY}
    return keeping.add(
        kind="postgresql", name="DWH", settings=PLACE, secrets=secrets, every_minutes=15, by=AN_ACTOR, now=A_MOMENT
    )


def changed(source: Source, *, secrets: dict[str, str], **settings: object) -> dict[str, str]:
    keeping.change(
        source_id=source.pk,
        name="DWH",
        settings={**PLACE, **settings},
        secrets=secrets,
        every_minutes=15,
        by=AN_ACTOR,
        now=A_MOMENT,
    )
    return parts.secrets_of(Source.objects.get())


def test_what_was_sealed_is_opened_by_its_key_only() -> None:
    sealed = sealing.seal({"password": "p"}, ["a"])
    assert sealed != "p"
    assert sealing.unseal(sealed, ["new", "a"]) == {"password": "p"}
    with pytest.raises(sealing.Unopenable):
        sealing.unseal(sealed, ["b"])
    assert sealing.seal({}, ["a"]) == ""
    assert sealing.unseal("", ["a"]) == {}


@pytest.mark.django_db
def test_a_secret_stands_sealed_in_the_database_and_nowhere_else(client: Client) -> None:
    source = a_database()
    assert CANARY not in str(Source.objects.values().get())
    assert parts.secrets_of(Source.objects.get()) == {"password": CANARY}
    changed(source, secrets={"password": CANARY + "2"})
    assert CANARY not in str([vars(entry) for entry in written()])
    client.force_login(an_admin())
    for name in ("source", "change_source"):
        assert CANARY not in client.get(reverse(f"intake:{name}", args=[source.pk])).content.decode()
    wrong = {**PLACE, "name": "", "every_minutes": "15", "password": CANARY + "3"}
    answer = client.post(reverse("intake:change_source", args=[source.pk]), wrong)
    assert answer.status_code == 422
    assert CANARY not in answer.content.decode()


@pytest.mark.django_db
def test_a_secret_that_is_not_given_stays_unless_the_place_is_another() -> None:
    source = a_database()
    assert changed(source, secrets={}, database="other") == {"password": CANARY}
    assert changed(source, secrets={"password": "new"}) == {"password": "new"}
    assert changed(source, secrets={}, host="127.0.0.2") == {}


@pytest.mark.django_db
def test_a_new_key_opens_what_the_old_one_sealed_and_a_lost_one_is_said(settings: Settings) -> None:
    source = a_database()
    old = settings.SECRETS_KEYS
    settings.SECRETS_KEYS = ["new", *old]
    assert changed(source, secrets={}) == {"password": CANARY}
    settings.SECRETS_KEYS = ["new"]  # sealed anew meanwhile
    assert parts.secrets_of(Source.objects.get()) == {"password": CANARY}
    settings.SECRETS_KEYS = ["lost"]
    with pytest.raises(SourceProblem, match="secrets_unreadable"):
        changed(source, secrets={})
    assert changed(source, secrets={"password": "anew"}) == {"password": "anew"}


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("169.254.169.254", "169.254.169.254"),
        ("10.0.0.1", "10.0.0.1"),
        ("localhost", "127.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("[::1]", ""),
        ("0", "0.0.0.0"),  # noqa: S104  # what some take for this machine
        ("/var/run", ""),
        ("", ""),
    ],
)
def test_no_address_of_ones_own_is_asked(settings: Settings, host: str, address: str) -> None:
    settings.SOURCE_HOSTS = ()
    with pytest.raises(SourceProblem) as problem:
        addresses.checked(host, 443)
    refusal = problem.value.refusal
    assert refusal.code == ("host_not_allowed" if address else "host_unknown")


def test_a_name_that_means_a_public_and_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("192.168.0.5", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_said, **_more: answers)
    with pytest.raises(SourceProblem, match="host_not_allowed"):
        addresses.checked("two.example", 443)
    monkeypatch.setattr("socket.getaddrinfo", lambda *_said, **_more: answers[:1])
    assert addresses.checked("one.example", 443) == "93.184.216.34"


def test_what_the_operator_names_may_be_asked(settings: Settings) -> None:
    settings.SOURCE_HOSTS = ("localhost",)
    assert addresses.checked("LOCALHOST", 443) in {"127.0.0.1", "::1"}
    with pytest.raises(SourceProblem):
        addresses.checked("127.0.0.1", 443)
