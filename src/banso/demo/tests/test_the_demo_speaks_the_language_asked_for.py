"""Who starts the demo in English reads English from the first page on."""

import pytest
from pytest_django import Settings

from banso.demo.actions import hire
from banso.people import queries as people
from banso.people.testing import A_MOMENT, PASSWORD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["ja", "en"])
def test_company_and_staff_speak_the_language_of_the_installation(settings: Settings, language: str) -> None:
    settings.LANGUAGE_CODE = language
    staff = hire(email="admin@example.jp", password=PASSWORD, currency="JPY", now=A_MOMENT)
    assert {one.language for one in staff} == {language}
    assert people.company().language == language
