"""From the upload to the result, as a person goes: with the permission, within their reach, in their language."""

import csv
import io
from pathlib import Path
from typing import cast

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from banso.accounts import queries as accounts
from banso.accounts.testing import an_account
from banso.intake import actions
from banso.intake.actions import workshop
from banso.intake.models import Import
from banso.intake.testing import A_MOMENT, ACCOUNTS_CSV, an_import
from banso.operations import actions as operations
from banso.people.access import User
from banso.people.testing import a_csm, a_manager, a_reader, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> User:
    user = a_manager()
    client.force_login(user)
    return user


def uploaded(client: Client, content: bytes | str = ACCOUNTS_CSV, name: str = "accounts.csv", kind: str = "") -> Import:
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    answer = client.post(reverse("intake:upload"), {"kind": kind, "file": file})
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("pk")


def chosen(client: Client, one: Import, **said: str) -> None:
    page = client.get(reverse("intake:columns", args=[one.pk]))
    form = page.context["form"]
    data = {field.html_name: field.value() or "" for field in form if field.value() not in {None, False}}
    answer = client.post(reverse("intake:columns", args=[one.pk]), data | said)
    assert answer.status_code == 302, answer.context["problem"]


@pytest.mark.usefixtures("manager")
def test_a_file_goes_all_the_way(client: Client) -> None:
    one = uploaded(client)
    chosen(client, one)
    preview = client.get(reverse("intake:preview", args=[one.pk])).content.decode()
    assert "株式会社アクメ" in preview
    assert "2024-05-01" in preview
    client.post(reverse("intake:preview", args=[one.pk]), {"bad_rows": "refuse"})
    waiting = client.get(reverse("intake:show", args=[one.pk])).content.decode()
    assert reverse("intake:progress", args=[one.pk]) in waiting
    actions.run(one.pk, now=A_MOMENT)
    done = client.get(reverse("intake:show", args=[one.pk]))
    assert done.context["one"].added == 2
    assert set(accounts.by_external_ids(["A-1", "A-2"])) == {"A-1", "A-2"}
    assert client.get(reverse("intake:progress", args=[one.pk]))["HX-Refresh"] == "true"


@pytest.mark.usefixtures("manager")
def test_the_next_file_of_the_source_is_read_as_the_last_one(client: Client) -> None:
    one = uploaded(client, "no,label\nA-1,Acme\n", kind="accounts")
    chosen(client, one, to_0="external_id", to_1="name")
    client.post(reverse("intake:preview", args=[one.pk]), {"bad_rows": "refuse"})
    again = uploaded(client, "no,label\nA-2,Beta\n", kind="accounts")
    assert again.mapping == one.mapping or again.mapping["columns"] == [
        {"to": "external_id", "from": "no"},
        {"to": "name", "from": "label"},
    ]


@pytest.mark.usefixtures("manager")
def test_what_is_needed_and_not_chosen_is_said(client: Client) -> None:
    one = uploaded(client, "code,label\nA-1,Acme\n", kind="accounts")
    answer = client.post(reverse("intake:columns", args=[one.pk]), {"to_0": "external_id", "to_1": ""})
    assert answer.status_code == 422
    assert "Name" in answer.context["problem"]


def test_a_broken_file_is_answered_in_the_language_of_the_reader(client: Client) -> None:
    for language, said in (("ja", "ファイルが空です"), ("en", "The file is empty")):
        client.force_login(a_user(f"{language}@banso.example", language=language))
        file = SimpleUploadedFile("empty.csv", b" ")
        answer = client.post(reverse("intake:upload"), {"kind": "", "file": file})
        assert answer.status_code == 422
        assert said in answer.content.decode()


@pytest.mark.usefixtures("manager")
def test_an_upload_beyond_the_limit_is_ended(client: Client, settings: Settings) -> None:
    settings.UPLOAD_LIMIT_BYTES = 2 << 20
    file = SimpleUploadedFile("large.csv", b"id,name\n" + b"1,a\n" * (1 << 20))
    answer = client.post(reverse("intake:upload"), {"kind": "", "file": file})
    assert answer.status_code == 422
    assert "larger than 2 MB" in answer.content.decode()
    assert not Import.objects.exists()


@pytest.mark.usefixtures("manager")
def test_refused_rows_come_back_with_their_reasons_and_no_formula(client: Client) -> None:
    one = uploaded(client, "id,name,signup date\nA-1,=cmd|x,soon\nA-2,Beta,2024-01-01\n", kind="accounts")
    chosen(client, one, to_2="customer_since_on")
    client.post(reverse("intake:preview", args=[one.pk]), {"bad_rows": "skip"})
    actions.run(one.pk, now=A_MOMENT)
    answer = client.get(reverse("intake:errors", args=[one.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    text = b"".join(cast("StreamingHttpResponse", answer)).decode("utf-8-sig")
    (header, row) = csv.reader(io.StringIO(text))
    assert header[:3] == ["id", "name", "signup date"]
    assert row[:4] == ["A-1", "'=cmd|x", "soon", "2"]
    assert "is not a date" in row[4]
    corrected = text.replace("soon", "2024-01-01").replace("'=", "")
    again = uploaded(client, corrected, kind="accounts")
    assert again.mapping == Import.objects.get(pk=one.pk).mapping
    report = client.get(reverse("intake:report", args=[one.pk]))
    assert b"".join(cast("StreamingHttpResponse", report)).startswith(b"\xef\xbb\xbf")


@pytest.mark.usefixtures("manager")
def test_a_waiting_import_can_be_cancelled(client: Client) -> None:
    one = uploaded(client)
    client.post(reverse("intake:preview", args=[one.pk]), {"bad_rows": "refuse"})
    client.post(reverse("intake:cancel", args=[one.pk]))
    one.refresh_from_db()
    assert one.state == "cancelled"
    actions.run(one.pk, now=A_MOMENT)
    assert accounts.all_ids() == {}


@pytest.mark.usefixtures("manager")
def test_an_import_that_waits_for_ever_says_that_no_worker_is_there(client: Client) -> None:
    one = uploaded(client)
    client.post(reverse("intake:preview", args=[one.pk]), {"bad_rows": "refuse"})
    pages = [reverse(f"intake:{name}", args=[one.pk]) for name in ("show", "progress")]
    for page in pages:
        text = client.get(page).text
        assert "No worker is running" in text
        assert "banso worker" in text
        assert "as soon as a worker is free" not in text
    operations.beat(timezone.now())
    for page in pages:
        text = client.get(page).text
        assert "No worker is running" not in text
        assert "as soon as a worker is free" in text


@pytest.mark.usefixtures("manager")
def test_an_import_that_the_command_line_runs_needs_no_worker(client: Client) -> None:
    one = uploaded(client)
    Import.objects.filter(pk=one.pk).update(state="running")
    page = reverse("intake:progress", args=[one.pk])
    with workshop.held(one.folder):
        assert "No worker is running" not in client.get(page).text
    assert "No worker is running" in client.get(page).text


@pytest.mark.usefixtures("manager")
def test_a_file_can_be_read_in_another_way(client: Client) -> None:
    one = uploaded(client, "id;name\nA-1;Müller\n".encode("cp1252"), kind="accounts")
    client.post(reverse("intake:reading", args=[one.pk]), {"kind": "people", "encoding": "cp1252", "delimiter": ","})
    one.refresh_from_db()
    assert (one.kind, one.columns) == ("people", ["id;name"])


@pytest.mark.parametrize("make", [a_csm, a_reader])
def test_without_the_permission_nothing_is_open(client: Client, make: object, tmp_path: Path) -> None:
    row = an_import(tmp_path)
    client.force_login(make())  # type: ignore[operator]  # either of two makers
    for name in ("imports", "upload"):
        assert client.get(reverse(f"intake:{name}")).status_code == 403
    for name in ("show", "columns", "preview", "errors", "report", "progress"):
        assert client.get(reverse(f"intake:{name}", args=[row.id])).status_code == 403


def test_imports_of_others_are_as_if_they_were_not_there(client: Client, tmp_path: Path) -> None:
    row = an_import(tmp_path)
    client.force_login(a_user("narrow@banso.example", role="manager", reach="teams"))
    assert row.file_name not in client.get(reverse("intake:imports")).content.decode()
    for name in ("show", "columns", "preview", "errors", "report", "progress"):
        assert client.get(reverse(f"intake:{name}", args=[row.id])).status_code == 404


def test_an_import_does_not_write_accounts_that_its_author_may_not_see(client: Client) -> None:
    an_account("hidden", name="秘密商事")
    client.force_login(a_user("narrow@banso.example", role="manager", reach="teams"))
    for kind, content in (
        ("accounts", "id,name\nhidden,Taken over\n"),
        ("people", "account id,name,email\nhidden,Eve,eve@example.com\n"),
        ("usage", "account id,event,time\nhidden,login,2026-01-01T00:00:00Z\n"),
        ("contracts", "contract id,account id,start date\nK-1,hidden,2026-01-01\n"),
    ):
        one = uploaded(client, content, kind=kind)
        client.post(reverse("intake:preview", args=[one.pk]), {"bad_rows": "refuse"})
        done = actions.run(one.pk, now=A_MOMENT)
        assert (done.state, [refusal["code"] for refusal in done.refusals]) == ("failed", ["unknown_account"]), kind
        page = client.get(reverse("intake:show", args=[one.pk])).content.decode()
        assert "秘密商事" not in page


@pytest.mark.usefixtures("manager")
def test_the_list_takes_as_many_queries_for_one_as_for_many(
    client: Client, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _time in range(4):
        an_import(tmp_path)
    with django_assert_max_num_queries(8):
        assert client.get(reverse("intake:imports")).status_code == 200


@pytest.mark.usefixtures("manager")
def test_people_keep_the_address_by_which_they_are_known(client: Client) -> None:
    account = an_account("A-1")
    one = uploaded(client, "顧客番号,氏名,メールアドレス\nA-1,山本 太郎,yamamoto@example.com\n")
    chosen(client, one)
    client.post(reverse("intake:preview", args=[one.pk]), {"bad_rows": "refuse"})
    actions.run(one.pk, now=A_MOMENT)
    person = accounts.people_of([account])[0]
    assert (person.external_id, person.email) == ("yamamoto@example.com", "yamamoto@example.com")


@pytest.mark.usefixtures("manager")
def test_a_file_without_rows_is_answered_before_it_starts(client: Client) -> None:
    one = uploaded(client, "顧客番号,会社名\n")
    chosen(client, one)
    answer = client.get(reverse("intake:preview", args=[one.pk]))
    assert answer.status_code == 422
    assert "nothing below it" in answer.content.decode()


@pytest.mark.usefixtures("manager")
def test_a_preview_speaks_in_words_and_from_the_top_down(client: Client) -> None:
    an_account("A-1")
    rows = "A-1,斉藤,キーマン\nA-1,,決裁者\nA-1,岡,王様\nA-1,\n"
    one = uploaded(client, f"顧客番号,氏名,役割\n{rows}", kind="people")
    chosen(client, one, to_2="role")
    shown = client.get(reverse("intake:preview", args=[one.pk])).context["preview"]
    assert shown["rows"][0]["cells"][-1]["text"] == "Champion"
    assert [one["place"] for one in shown["refusals"]] == [
        "Row 3, column 氏名",
        "Row 4, column 役割",
        "Row 5, column C",
    ]
    assert "Champion / Decision maker / Administrator / User" in shown["refusals"][1]["reason"]


@pytest.mark.usefixtures("manager")
def test_a_new_custom_field_is_called_as_its_column(client: Client) -> None:
    one = uploaded(client, "顧客番号,会社名,従業員数\nA-1,アクメ,12\n")
    page = client.get(reverse("intake:columns", args=[one.pk])).content.decode()
    assert "Custom field: 従業員数" in page
    assert "Custom field: f_" not in page
    chosen(client, one)
    headers = client.get(reverse("intake:preview", args=[one.pk])).context["preview"]["headers"]
    assert headers[-1] == "Custom field: 従業員数"


@pytest.mark.usefixtures("manager")
def test_another_sheet_is_chosen_from_those_there_are(client: Client) -> None:
    book = openpyxl.Workbook()
    book.active.append(["顧客管理表"])
    people = book.create_sheet("メンバー")
    people.append(["顧客番号", "氏名", "メールアドレス"])
    people.append(["A-1", "斉藤", "s@example.com"])
    content = io.BytesIO()
    book.save(content)
    one = uploaded(client, content.getvalue(), "book.xlsx")
    form = client.get(reverse("intake:columns", args=[one.pk])).context["reading"]
    assert [name for name, _ in form.fields["sheet"].choices] == ["Sheet", "メンバー"]
    client.post(reverse("intake:reading", args=[one.pk]), {"kind": one.kind, "sheet": "メンバー"})
    one.refresh_from_db()
    assert (one.kind, one.sheet, one.columns) == ("people", "メンバー", ["顧客番号", "氏名", "メールアドレス"])
