"""No package that we stand on puts its own words into our mouth, though it may say the same English."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.utils import translation

CATALOGUE = Path("locale/ja/LC_MESSAGES/django.po")
OURS = sorted(
    one.name for one in apps.get_app_configs() if (Path(one.path) / CATALOGUE).exists() and "banso." in one.name
)


def test_ours_stand_before_those_of_others() -> None:
    """Django takes the words of the app that stands first."""
    places = [place for place, name in enumerate(settings.INSTALLED_APPS) if name.startswith("banso.")]
    assert places == list(range(len(places)))


@pytest.mark.parametrize("name", OURS)
def test_what_an_area_says_is_read_as_it_was_written(name: str) -> None:
    path = Path(apps.get_app_config(name.rsplit(".", maxsplit=1)[-1]).path) / CATALOGUE
    with path.open("rb") as file, translation.override("ja"):
        for entry in read_po(file, locale="ja"):
            if not entry.id:
                continue
            if isinstance(entry.id, str):
                said = translation.pgettext(entry.context, entry.id) if entry.context else translation.gettext(entry.id)
                assert said == entry.string, f"{path}: {entry.id}"
            elif not entry.context:
                one, many = entry.id
                assert [translation.ngettext(one, many, 2)] == list(entry.string or ()), f"{path}: {one}"


def test_usage_is_what_happened_not_a_manual() -> None:
    """The package for sign-in says 使用方法 for the same word."""
    with translation.override("ja"):
        assert translation.gettext("Usage") == "利用状況"
