"""The guide for users says of each role and each scope what the product does."""

from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.utils import translation

from banso.people.pages.staff import permission_words
from banso.people.rules import PERMISSIONS, ROLES, SCOPES

GUIDE: Final = Path(settings.PACKAGE).parents[1] / "docs" / "guide"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_table_of_permissions_is_that_of_the_roles(language: str) -> None:
    with translation.override(language):
        words = permission_words()
    wanted = [
        f"| {words[one]} | {' | '.join('○' if one in allowed else '–' for allowed in ROLES.values())} |"
        for one in PERMISSIONS
    ]
    lines = (GUIDE / language / "settings.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("| ") and ("○" in line or "–" in line)] == wanted


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_scope_of_keys_is_told(language: str) -> None:
    text = (GUIDE / language / "settings.md").read_text(encoding="utf-8")
    assert [scope for scope in SCOPES if f"| `{scope}` |" not in text] == []
