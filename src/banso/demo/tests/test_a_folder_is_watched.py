"""The demo shows a source that was read: what was there already, and a row that was refused."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from banso.accounts.testing import an_account
from banso.demo.actions.watching import watch
from banso.intake.queries import sources
from banso.people.access import actor_of
from banso.people.testing import an_admin

pytestmark = pytest.mark.django_db


def test_a_source_was_read_and_tells_what_it_refused(settings: Settings, tmp_path: Path) -> None:
    settings.SOURCE_FOLDERS = (tmp_path / "incoming",)
    an_account("A-1", name="株式会社アクメ")
    watch([("A-1", "株式会社アクメ")], by=actor_of(an_admin()), now=timezone.now() - timedelta(minutes=9))
    [row] = sources.all_sources()
    assert row.last is not None
    assert (row.last.state, row.last.same, row.last.refused) == ("partial", 1, 1)


def test_nothing_is_written_into_a_folder_of_the_operators(settings: Settings, tmp_path: Path) -> None:
    settings.SOURCE_FOLDERS = (tmp_path / "theirs",)
    assert watch([("A-1", "株式会社アクメ")], by=actor_of(an_admin()), now=timezone.now()) == 0
    assert list(tmp_path.glob("incoming")) == []
