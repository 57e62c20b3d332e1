"""Where no mail server is set, mail is printed so that whoever looks after the installation can pass it on."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.mail import EmailMessage

from banso.people import actions as people
from banso.people.testing import A_MOMENT, PASSWORD, a_user
from banso.site.mail import Printer
from banso.site.settings import MAILERS

LINK = f"https://cs.example.jp/account/password/reset/key/{'c8k2t1-0123456789abcdef' * 6}/"


def printed(message: EmailMessage) -> list[str]:
    paper = StringIO()
    Printer(stream=paper, alias="default").send_messages([message])
    return paper.getvalue().splitlines()


def test_a_mail_in_japanese_is_printed_in_japanese_with_its_link_on_one_line() -> None:
    body = f"青木 葵 様\n\n新しいパスワードはこちらで決めてください。\n\n{LINK}\n\n{'長い文' * 200}"
    lines = printed(EmailMessage("パスワードの再設定", body, "banso@example.jp", ["青木 <aoki@example.jp>"]))
    assert "Subject: パスワードの再設定" in lines
    assert LINK in lines
    assert "青木 葵 様" in lines
    assert "長い文" * 200 in lines
    assert lines[-1] == "-" * 79


def test_mail_is_printed_unless_a_mail_server_is_set() -> None:
    assert MAILERS["default"] == {"BACKEND": "banso.site.mail.Printer", "OPTIONS": {}}


@pytest.mark.django_db
def test_the_link_for_a_new_password_is_read_off_the_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = StringIO()
    monkeypatch.setattr("sys.stdout", paper)
    monkeypatch.setattr(settings, "MAILERS", {"default": {"BACKEND": "banso.site.mail.Printer"}})
    user = a_user(password=PASSWORD, language="ja")
    people.send_reset(email=user.email, site="https://cs.example.jp/", now=A_MOMENT)
    assert any(
        line.startswith("https://cs.example.jp/account/password/reset/key/") for line in paper.getvalue().splitlines()
    )
