"""Custom fields in the list of accounts: shown, sorted by, filtered by, kept in views and taken along as a file."""

import csv
import io
from datetime import datetime

import openpyxl
import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from banso.accounts import actions as accounts
from banso.accounts import queries as account_rows
from banso.accounts.testing import a_field, an_account
from banso.desk.queries import portfolio as lists
from banso.health.testing import A_MOMENT, A_TODAY
from banso.people.testing import AN_ACTOR, a_team, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_tuesday_in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: A_MOMENT)


@pytest.fixture
def reader() -> Client:
    a_field("seats", "number")
    a_field("plan", "choice", label="プラン", choices=["Bronze", "Gold"])
    a_field("kickoff_on", "date", label="開始日")
    a_field("is_partner", "boolean", label="パートナー")
    a_field("memo", "text", label="備考")
    values = {"seats": 1200, "plan": "Gold", "kickoff_on": "2026-04-01", "is_partner": True, "memo": "=1+1"}
    an_account("a", name="あおば", fields=values)
    an_account("b", name="かえで", fields={"seats": 9.5, "plan": "Bronze", "is_partner": False})
    an_account("c", name="さくら")
    client = Client()
    client.force_login(a_user(language="ja"))
    return client


def read(query: str) -> lists.Filters:
    return lists.Filters.read(QueryDict(query), account_rows.custom_fields())


def listed(client: Client, query: str) -> list[str]:
    return [line.name for line in client.get(f"/accounts/?{query}").context["page"].lines]


def test_a_custom_field_is_a_column_by_its_kind(reader: Client) -> None:
    page = reader.get("/accounts/?column=field.seats&column=field.kickoff_on&column=field.is_partner").content.decode()
    for shown in ("契約席数", "1,200", "9.5", "2026/04/01", "はい", "いいえ"):
        assert shown in page
    assert ">Gold<" not in page.split("<tbody>")[1]


def test_the_list_is_sorted_and_filtered_by_custom_fields(reader: Client) -> None:
    assert listed(reader, "sort=field.seats") == ["かえで", "あおば", "さくら"]
    assert listed(reader, "sort=-field.seats") == ["あおば", "かえで", "さくら"]
    assert listed(reader, "sort=name&field.plan=Gold&field.plan=Bronze") == ["あおば", "かえで"]
    assert listed(reader, "field.is_partner=no") == ["かえで"]
    assert listed(reader, "field.kickoff_on.from=2026-04-01&field.seats.to=2000") == ["あおば"]
    assert listed(reader, "field.memo=1%2B1&q=あおば") == ["あおば"]


def test_every_condition_is_a_chip_that_takes_only_itself_away(reader: Client) -> None:
    page = reader.get("/accounts/?field.plan=Gold&field.plan=Bronze&field.seats.from=9").content.decode()
    assert "契約席数：9以上" in page
    assert 'href="?field.plan=Bronze&amp;field.seats.from=9"' in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("field.seats.from=10&field.seats.to=2", "「契約席数」の範囲「10〜2」は、始まりが終わりを超えています。"),
        ("field.seats.from=たくさん", "「たくさん」は数値ではありません。"),
        ("field.kickoff_on.to=2026-02-30", "「2026-02-30」は日付ではありません。"),
        ("field.plan=Platinum", "「Platinum」は選択肢にありません。"),
        ("field.plan.from=Gold", "「プラン」の種類に「field.plan.from」は合いません。"),
        ("field.gone=1&column=field.gone&sort=-field.gone", "カスタム項目「gone」はなくなりました。"),
    ],
)
def test_what_an_address_cannot_ask_is_said_and_left_out(reader: Client, query: str, said: str) -> None:
    response = reader.get(f"/accounts/?{query}")
    assert response.status_code == 200
    page = response.content.decode()
    assert page.count(said) == 1
    assert len(response.context["page"].lines) == 3


def test_a_view_outlives_the_renaming_and_the_end_of_its_field(reader: Client) -> None:
    kept = "sort=field.seats&column=field.seats&field.seats.from=1"
    user = a_user("view@banso.example")
    accounts.save_view(user=user, name="席数", query=kept, now=A_MOMENT)
    field = next(row for row in account_rows.custom_fields() if row.key == "seats")
    accounts.change_field(field_id=field.id, label="ライセンス数", by=AN_ACTOR, now=A_MOMENT)
    query = account_rows.saved_views(user)[0].query
    assert listed(reader, query) == ["かえで", "あおば"]
    assert "ライセンス数：1以上" in reader.get(f"/accounts/?{query}").content.decode()
    accounts.remove_field(field_id=field.id, by=AN_ACTOR, now=A_MOMENT)
    assert len(listed(reader, query)) == 3


def test_the_export_holds_every_custom_field_in_its_type(reader: Client) -> None:
    answer = reader.get("/accounts/export.csv?sort=name")
    header, first, *_rest = csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    assert header[-5:] == ["契約席数", "プラン", "開始日", "パートナー", "備考"]
    assert first[-5:] == ["1200", "Gold", "2026-04-01", "true", "'=1+1"]
    answer = reader.get("/accounts/export.xlsx?sort=name&field.plan=Gold")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.values)
    assert len(rows) == 2
    assert rows[1][-5:] == (1200, "Gold", datetime(2026, 4, 1), True, "'=1+1")  # noqa: DTZ001  # as workbooks hold days


def test_a_value_of_another_kind_is_shown_as_it_is(reader: Client) -> None:
    field = next(row for row in account_rows.custom_fields() if row.key == "memo")
    accounts.remove_field(field_id=field.id, by=AN_ACTOR, now=A_MOMENT)
    a_field("memo", "date", label="備考")
    page = reader.get("/accounts/?column=field.memo").content.decode()
    assert "=1+1" in page
    answer = reader.get("/accounts/export.csv?sort=name")
    assert "'=1+1" in answer.getvalue().decode()


def test_all_that_a_custom_field_finds_are_changed_and_no_more(reader: Client) -> None:
    stage = accounts.create_stage(name="導入", by=AN_ACTOR, now=A_MOMENT)
    sent = {"every": "1", "to": str(stage.id), "query": "field.plan=Gold&field.plan=Bronze"}
    answer = reader.post("/accounts/move/stage/", sent)
    assert "?field.plan=Gold&amp;field.plan=Bronze" in answer.content.decode()
    page = lists.page_of(a_user("other@banso.example"), read("sort=name"), number=1, today=A_TODAY)
    assert [line.stage for line in page.lines] == ["導入", "導入", None]


@pytest.mark.usefixtures("reader")
def test_no_condition_reaches_beyond_what_somebody_may_see() -> None:
    csm = a_user("chiba@banso.example", role="csm", reach="teams", teams=[a_team("東")])
    an_account("ours", team="東", fields={"seats": 1200})
    page = lists.page_of(csm, read("field.seats.from=1000&sort=field.seats"), number=1, today=A_TODAY)
    assert [line.external_id for line in page.lines] == ["ours"]


def test_the_page_asks_the_database_as_often_at_any_size(reader: Client) -> None:
    address = "/accounts/?sort=-field.seats&field.plan=Gold&field.seats.from=1&column=field.seats&column=field.plan"
    counts = []
    for size in (3, 40):
        for place in range(size):
            an_account(f"s{size}-{place}", fields={"seats": place + 1, "plan": "Gold"})
        reader.get(address)
        with CaptureQueriesContext(connection) as captured:
            reader.get(address)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12, [one["sql"][:120] for one in captured]
