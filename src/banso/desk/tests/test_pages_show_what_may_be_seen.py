"""The staff pages as a browser gets them: for each role, in both languages, and nothing of other teams."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from banso.accounts.testing import a_person, an_account
from banso.contracts.testing import a_contract
from banso.health.testing import A_MOMENT, A_TODAY, a_fading_account, a_pulse, a_steady_account, computed
from banso.people.access import User, may
from banso.people.testing import a_csm, a_reader, a_team, a_user, an_admin
from banso.usage.testing import events, recorded

pytestmark = pytest.mark.django_db

ADDRESSES = ("/", "/?when=soon&whose=all", "/accounts/", "/accounts/{id}/", "/accounts/{id}/health/", "/palette/?q=a")


@pytest.fixture(autouse=True)
def a_tuesday_in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: A_MOMENT)


@pytest.fixture
def steady() -> int:
    account = a_steady_account("steady", owner_email=None)
    a_fading_account("fading", parent_external_id="steady", kind="department", name="フェード部")
    a_contract("steady", renews_on=A_TODAY + timedelta(days=30))
    a_person("steady", role="champion")
    a_pulse(account, 2)
    computed()
    return account


def signed_in(user: User, language: str = "ja") -> Client:
    User.objects.filter(pk=user.pk).update(language=language)
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", [an_admin, a_csm, a_reader])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_role_reads_every_page(steady: int, role: Callable[[], User], language: str) -> None:
    user = role()
    for address in ADDRESSES:
        response = signed_in(user, language).get(address.format(id=steady))
        assert response.status_code == 200, address
        assert "<c-" not in response.content.decode()
    page = signed_in(user, language).get("/accounts/").content.decode()
    assert f'<html lang="{language}"' in page
    assert "株式会社ステディ" in page


def test_what_happens_today_is_seen_today_and_scored_from_tomorrow(steady: int) -> None:
    client = signed_in(an_admin(), "en")

    def page() -> str:
        return client.get(f"/accounts/{steady}/").content.decode()

    def score(text: str) -> list[str]:
        return re.findall(r"<dt>Health</dt><dd>(\d+)", text)

    before = page()
    now = [(A_MOMENT - timedelta(minutes=minute)).replace(tzinfo=None).isoformat() for minute in range(3)]
    recorded(events(*((at, "steady", who, "report") for at, who in zip(now, ("ann", "ben", "ann"), strict=True))))
    computed()
    after = page()
    assert "Today so far" not in before
    assert "Today so far: 3 events by 2 people" in after
    assert score(after) == score(before) != []


@pytest.mark.parametrize("address", [*ADDRESSES, "/accounts/export.csv"])
def test_strangers_are_asked_to_sign_in(steady: int, address: str) -> None:
    response = Client().get(address.format(id=steady))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/account/login/")


def test_an_account_of_another_team_answers_like_one_that_does_not_exist() -> None:
    ours = a_team("東")
    csm = a_user("chiba@banso.example", role="csm", reach="teams", teams=[ours])
    theirs = an_account("theirs", name="株式会社カナリア")
    for address in ("/accounts/{id}/", "/accounts/{id}/health/", "/accounts/{id}/preview/", "/accounts/{id}/timeline/"):
        assert signed_in(csm).get(address.format(id=theirs)).status_code == 404
        assert signed_in(csm).get(address.format(id=999_999)).status_code == 404
    for address in ("/", "/accounts/?state=all", "/palette/?q=カナリア", "/accounts/export.csv"):
        response = signed_in(csm).get(address)
        assert "カナリア" not in response.getvalue().decode()


def test_the_account_page_tells_health_use_contracts_people_and_history(steady: int) -> None:
    page = signed_in(an_admin()).get(f"/accounts/{steady}/").content.decode()
    for words in ("report.opened", "スタンダード", "斉藤 さくら", "導入は順調", "フェード部", "タイムライン"):
        assert words in page, words


def test_an_account_without_anything_has_a_page_too() -> None:
    bare = an_account("bare", name="株式会社ハダカ")
    page = signed_in(an_admin()).get(f"/accounts/{bare}/")
    assert page.status_code == 200
    assert signed_in(User.objects.get()).get(f"/accounts/{bare}/health/").status_code == 200


def test_a_week_that_was_not_computed_is_not_found(steady: int) -> None:
    client = signed_in(an_admin())
    for week in ("1999-01-04", "0001-01-01"):
        assert client.get(f"/accounts/{steady}/health/?week={week}").status_code == 404
    assert client.get(f"/accounts/{steady}/health/?week=nonsense").status_code == 200
    for before in ("nonsense", "2026-11-01", "0001-01-01T00:00:00%2B14:00"):
        assert client.get(f"/accounts/{steady}/timeline/?before={before}").status_code == 200


def test_an_empty_installation_says_where_to_begin() -> None:
    page = signed_in(an_admin()).get("/").content.decode()
    assert "/imports/new/" in page


def test_the_account_page_leads_to_all_that_is_done_there(steady: int) -> None:
    csm = a_csm()
    page = signed_in(csm).get(f"/accounts/{steady}/").content.decode()
    assert f'action="/accounts/{steady}/notes/"' in page
    assert f'href="/accounts/{steady}/people/"' in page
    signed_in(csm).post(f"/accounts/{steady}/notes/", {"body": "来週お電話します"})
    note = re.search(rf'href="(/accounts/{steady}/notes/\d+/)"', signed_in(csm).get(f"/accounts/{steady}/").text)
    assert note is not None
    assert "来週お電話します" in signed_in(csm).get(note[1]).text
    assert note[1] not in signed_in(an_admin()).get(f"/accounts/{steady}/").text


@pytest.mark.usefixtures("steady")
@pytest.mark.parametrize("role", [a_csm, a_reader])
def test_today_offers_the_pulse_to_those_who_may_judge(role: Callable[[], User]) -> None:
    user = role()
    page = signed_in(user).get("/?when=soon&whose=all").text + signed_in(user).get("/?when=now&whose=all").text
    assert ("/pulse/" in page) == may(user, "health.pulse")


@pytest.mark.parametrize("role", [a_csm, a_reader])
def test_nothing_is_offered_that_would_be_refused(steady: int, role: Callable[[], User]) -> None:
    user = role()
    own = [*ADDRESSES, "/accounts/?q=nobody", "/adoption/", "/adoption/funnel/", "/usage/releases/"]
    for address in [*own, "/health/scorecard/", "/health/pulses/", "/settings/", "/accounts/views/"]:
        page = signed_in(user).get(address.format(id=steady)).content.decode()
        offered = {one.split("?")[0] for one in re.findall(r'(?:href|action|formaction|hx-get)="(/[^"]*)"', page)}
        needed = {one: getattr(resolve(one).func, "permission", "") for one in offered if "/static/" not in one}
        refused = {one for one, permission in needed.items() if permission != "public" and not may(user, permission)}
        assert refused == set(), address


def test_the_first_steps_are_told_to_those_who_can_take_them() -> None:
    for address in ("/", "/accounts/"):
        assert "/imports/new/" in signed_in(an_admin()).get(address).content.decode()
        assert "/imports/new/" not in signed_in(a_reader()).get(address).content.decode()
        User.objects.all().delete()


def test_a_list_without_accounts_does_not_speak_of_filters() -> None:
    nobody = signed_in(an_admin()).get("/accounts/").content.decode()
    assert "アカウントはまだありません" in nobody
    an_account("a")
    filtered = signed_in(User.objects.get()).get("/accounts/?q=zzz").content.decode()
    assert "該当するアカウントはありません" in filtered


def test_exports_hold_the_list_and_run_nothing() -> None:
    an_account("a", name="=HYPERLINK(1)")
    client = signed_in(an_admin())
    text = client.get("/accounts/export.csv").getvalue().decode()
    assert "'=HYPERLINK(1)" in text
    assert client.get("/accounts/export.xlsx").status_code == 200
    assert client.get("/accounts/export.exe").status_code == 404
    reader = signed_in(a_reader())
    assert {reader.get(f"/{list_}/export.csv").status_code for list_ in ("accounts", "adoption")} == {403}


def test_columns_that_are_asked_for_are_shown() -> None:
    an_account("a")
    client = signed_in(an_admin())
    assert (
        "解約通知期限"
        in client.get("/accounts/?column=notice").content.decode().split("<thead>")[1].split("</thead>")[0]
    )
    assert "解約通知期限" not in client.get("/accounts/").content.decode().split("<thead>")[1].split("</thead>")[0]


def test_the_palette_offers_pages_that_one_may_open() -> None:
    labels = {row["label"] for row in signed_in(a_reader()).get("/palette/").json()}
    assert "今日" in labels
    assert "ファイルを取り込む" not in labels


@pytest.mark.parametrize("address", ["/accounts/", "/accounts/?sort=-mrr", "/"])
def test_a_page_asks_the_database_as_often_at_any_size(address: str) -> None:
    client = signed_in(an_admin())
    counts = []
    for size in (3, 30):
        for place in range(size):
            a_pulse(an_account(f"s{size}-{place}"), 1)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
