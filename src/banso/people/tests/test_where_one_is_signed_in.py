"""One's settings list the devices on which one is signed in, and sign the others out."""

import pytest
from django.test import Client

from banso.people import queries
from banso.people.models import Change
from banso.people.rules import device_of
from banso.people.testing import A_MOMENT, PASSWORD, a_user

pytestmark = pytest.mark.django_db

ME, ELSEWHERE = "/settings/me/", "/settings/me/elsewhere/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"


def signed_in(agent: str, email: str = "aoki@banso.example") -> Client:
    client = Client(HTTP_USER_AGENT=agent)
    client.post("/account/login/", {"login": email, "password": PASSWORD})
    return client


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "Safari · iPhone"),
        (LAPTOP, "Chrome · Windows"),
        (f"{LAPTOP} Edg/140.0.0.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)
def test_a_device_is_called_by_its_browser_and_system(agent: str, device: str) -> None:
    assert device_of(agent) == device


def test_one_sees_ones_own_devices_and_nobody_elses() -> None:
    user = a_user(password=PASSWORD)
    a_user("ito@banso.example", name="伊藤", password=PASSWORD)
    phone, laptop = signed_in(PHONE), signed_in(LAPTOP)
    signed_in("curl/8.5", "ito@banso.example")
    rows = laptop.get(ME).context["sessions"]
    assert [(row.device, row.is_current) for row in rows] == [("Chrome · Windows", True), ("Safari · iPhone", False)]
    phone.post("/account/logout/")
    assert len(laptop.get(ME).context["sessions"]) == 1
    assert queries.sessions(user, current="", now=A_MOMENT.replace(year=2099)) == []


def test_the_others_are_signed_out_and_this_one_stays() -> None:
    user = a_user(password=PASSWORD)
    phone, laptop = signed_in(PHONE), signed_in(LAPTOP)
    assert laptop.post(ELSEWHERE).headers["Location"] == ME
    assert phone.get(ME).status_code == 302
    page = laptop.get(ME)
    assert [row.device for row in page.context["sessions"]] == ["Chrome · Windows"]
    assert ELSEWHERE not in page.content.decode()
    assert Change.objects.filter(verb="user.signed_out_elsewhere", actor_id=user.pk).count() == 1
    laptop.post(ELSEWHERE)
    assert Change.objects.filter(verb="user.signed_out_elsewhere").count() == 1


def test_one_device_is_signed_out_and_the_others_stay() -> None:
    user = a_user(password=PASSWORD)
    a_user("ito@banso.example", name="伊藤", password=PASSWORD)
    phone, tablet, laptop = signed_in(PHONE), signed_in("curl/8.5"), signed_in(LAPTOP)
    stranger = signed_in(LAPTOP, "ito@banso.example")
    lost = next(row for row in laptop.get(ME).context["sessions"] if row.device == "Safari · iPhone")
    stranger.post(ELSEWHERE, {"session": lost.id})
    assert phone.get(ME).status_code == 200
    assert laptop.post(ELSEWHERE, {"session": lost.id}).headers["Location"] == ME
    assert [one.get(ME).status_code for one in (phone, tablet, laptop)] == [302, 200, 200]
    changes = Change.objects.filter(verb="user.signed_out_elsewhere", actor_id=user.pk)
    assert [one.details for one in changes] == [{"device": "Safari · iPhone"}]
    assert laptop.post(ELSEWHERE, {"session": "x"}).status_code == 404


def test_the_device_in_hand_is_never_signed_out_by_its_own_row() -> None:
    a_user(password=PASSWORD)
    signed_in(PHONE)
    laptop = signed_in(LAPTOP)
    mine = next(row for row in laptop.get(ME).context["sessions"] if row.is_current)
    laptop.post(ELSEWHERE, {"session": mine.id})
    assert laptop.get(ME).status_code == 200


def test_after_a_change_of_the_password_only_this_device_is_left() -> None:
    a_user(password=PASSWORD)
    signed_in(PHONE)
    laptop = signed_in(LAPTOP)
    laptop.post("/settings/me/password/", {"current": PASSWORD, "new": "nine-herons-wait-in-rain"})
    rows = laptop.get(ME).context["sessions"]
    assert [(row.device, row.is_current) for row in rows] == [("Chrome · Windows", True)]
