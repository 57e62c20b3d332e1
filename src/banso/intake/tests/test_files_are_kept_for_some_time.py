"""Uploaded files go after some time, every night; what they brought in, and what was said about it, stays."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from banso.accounts import queries as accounts
from banso.intake import actions, jobs
from banso.intake.models import Import, State
from banso.intake.queries import folders
from banso.intake.testing import A_MOMENT, ACCOUNTS_CSV, an_import
from banso.journal.testing import written
from banso.people.access import SYSTEM
from banso.people.testing import AN_ACTOR, a_manager

pytestmark = pytest.mark.django_db

DEFECTS = ACCOUNTS_CSV + "A-1,株式会社アクメ,2024/04/01\nA-3,,2024/04/01\n"
LATER = A_MOMENT + timedelta(days=91)


def remove(days: int) -> int:
    return actions.remove_old_files(by=SYSTEM, now=A_MOMENT + timedelta(days=days))


def folder_of(import_id: int) -> Path:
    return folders.folder(Import.objects.get(pk=import_id).folder)


def test_a_file_goes_when_its_time_is_over_and_not_before(tmp_path: Path, settings: Settings) -> None:
    one = an_import(tmp_path)
    settings.UPLOAD_DAYS = 30
    assert remove(29) == 0
    assert folder_of(one.id).exists()
    assert remove(31) == 1
    assert not folder_of(one.id).exists()
    assert remove(32) == 0
    assert len(accounts.all_ids()) == 2
    assert [one.details for one in written("import.files_removed")] == [{"count": 1, "days": 30}]


@pytest.mark.parametrize("state", [State.WAITING, State.RUNNING])
def test_an_import_that_waits_or_runs_keeps_its_file(tmp_path: Path, state: State) -> None:
    one = an_import(tmp_path)
    Import.objects.filter(pk=one.id).update(state=state)
    assert remove(1000) == 0
    assert folder_of(one.id).exists()


def test_what_somebody_worked_on_lately_is_kept(tmp_path: Path) -> None:
    one = an_import(tmp_path, is_dry_run=True)
    Import.objects.filter(pk=one.id).update(ended_at=A_MOMENT + timedelta(days=60))
    assert remove(100) == 0
    assert remove(151) == 1


def test_a_stop_in_between_and_an_upload_that_was_cut_off_are_cleared_up(tmp_path: Path) -> None:
    one = an_import(tmp_path)
    Import.objects.filter(pk=one.id).update(file_removed_at=LATER)
    old, young = folders.uploads() / "cut-off", folders.uploads() / "under-way"
    for folder, age in ((old, 2), (young, 0)):
        folder.mkdir()
        at = (LATER - timedelta(days=age)).timestamp()
        os.utime(folder, (at, at))
    remove(91)
    assert not folder_of(one.id).exists()
    assert not old.exists()
    assert young.exists()


def test_the_page_says_until_when_and_then_what_became_of_it(client: Client, tmp_path: Path) -> None:
    client.force_login(a_manager())
    one = an_import(tmp_path, DEFECTS, skips_bad_rows=True)
    page, errors = reverse("intake:show", args=[one.id]), reverse("intake:errors", args=[one.id])
    assert "22 Feb 2027" in client.get(page).content.decode()
    assert client.get(errors).status_code == 200
    actions.remove_old_files(by=SYSTEM, now=LATER)
    shown = client.get(page).content.decode()
    assert "23 Feb 2027" in shown
    assert "Data quality" in shown
    assert errors not in shown
    assert client.get(errors).status_code == 404
    assert client.get(reverse("intake:report", args=[one.id])).status_code == 200


def test_a_draft_without_its_file_is_cancelled_and_cannot_be_started(client: Client) -> None:
    client.force_login(a_manager())
    one = actions.upload(chunks=[ACCOUNTS_CSV.encode()], file_name="a.csv", kind="accounts", by=AN_ACTOR, now=A_MOMENT)
    actions.remove_old_files(by=SYSTEM, now=LATER)
    one.refresh_from_db()
    assert one.state == State.CANCELLED
    page = reverse("intake:show", args=[one.pk])
    for step in ("columns", "preview"):
        assert client.get(reverse(f"intake:{step}", args=[one.pk])).headers["Location"] == page
    assert reverse("intake:columns", args=[one.pk]) not in client.get(page).content.decode()
    with pytest.raises(actions.NotNow):
        actions.start(import_id=one.pk, skips_bad_rows=True, is_dry_run=False, by=AN_ACTOR, now=LATER)


def test_the_nightly_job_counts_what_it_removed(tmp_path: Path) -> None:
    an_import(tmp_path, now=A_MOMENT - timedelta(days=1000))
    assert jobs.remove_old_files.call() == {"removed": 1, "events": 0}
