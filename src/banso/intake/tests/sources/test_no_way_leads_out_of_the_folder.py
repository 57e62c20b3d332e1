"""A source reads files below the folders that the operator allows, and nothing else."""

import os
from datetime import datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from banso.intake.actions import SourceProblem
from banso.intake.queries.connectors import folder
from banso.intake.rules.sourcing import PartGone
from banso.intake.testing import a_feed, a_source, pulled


@pytest.mark.parametrize("path", ["{root}/../secret", "/etc", "relative", "{root}-beside", "{root}\x00", ""])
def test_a_folder_elsewhere_is_refused(incoming: Path, path: str) -> None:
    (incoming.parent / "secret").mkdir()
    with pytest.raises(SourceProblem) as problem:
        folder.check(path.format(root=incoming))
    assert problem.value.refusal.code == "folder_not_allowed"


def test_nothing_is_allowed_but_one_folder_unless_the_operator_says_so(settings: Settings, tmp_path: Path) -> None:
    assert [folder.name for folder in settings.SOURCE_FOLDERS] == ["incoming"]
    with pytest.raises(SourceProblem):
        folder.check(str(tmp_path))


def test_a_folder_that_is_a_link_is_refused(incoming: Path) -> None:
    secret = incoming.parent / "secret"
    (secret / "deep").mkdir(parents=True)
    (incoming / "way").symlink_to(secret)
    for path in ("way", "way/deep"):
        with pytest.raises(SourceProblem) as problem:
            folder.check(str(incoming / path))
        assert problem.value.refusal.code == "folder_is_link"


def test_a_folder_that_is_not_there_is_said(incoming: Path) -> None:
    with pytest.raises(SourceProblem) as problem:
        folder.check(str(incoming / "gone"))
    assert problem.value.refusal.code == "folder_missing"


@pytest.mark.django_db
def test_files_that_are_links_pipes_or_folders_are_left_out(incoming: Path, later: datetime) -> None:
    source = a_source(incoming)
    a_feed(source, ("external_id", "id"), ("name", "company"))
    (incoming.parent / "secret.csv").write_text("id,company\nS-1,Secret\n")
    (incoming / "link.csv").symlink_to(incoming.parent / "secret.csv")
    (incoming / "folder.csv").mkdir()
    os.mkfifo(incoming / "pipe.csv")
    run = pulled(source, later)
    assert (run.state, run.files) == ("done", 0)
    assert [(note.code, note.value) for note in run.notes] == [("link_left_out", "link.csv")]


def test_a_file_exchanged_for_a_link_in_between_is_not_read(incoming: Path, later: datetime) -> None:
    path = incoming / "a.csv"
    path.write_text("id\nA-1\n")
    found = folder.look(str(incoming), "*.csv", now=later).ready[0]
    (incoming.parent / "secret.csv").write_text("id\nS-1\n")
    path.unlink()
    path.symlink_to(incoming.parent / "secret.csv")
    with pytest.raises(PartGone):
        list(folder.chunks(str(incoming), found))


def test_a_file_that_grows_while_it_is_read_is_not_taken(incoming: Path, later: datetime) -> None:
    path = incoming / "a.csv"
    path.write_text("id\nA-1\n")
    found = folder.look(str(incoming), "*.CSV", now=later).ready[0]
    chunks = folder.chunks(str(incoming), found)
    assert next(chunks) == b"id\nA-1\n"
    with path.open("a") as file:
        file.write("A-2\n")
    with pytest.raises(PartGone):
        list(chunks)


@pytest.mark.django_db
def test_a_folder_taken_away_fails_the_run_with_the_reason(incoming: Path, later: datetime) -> None:
    (incoming / "crm").mkdir()
    source = a_source(incoming / "crm")
    a_feed(source, ("external_id", "id"), ("name", "company"))
    (incoming / "crm").rmdir()
    run = pulled(source, later)
    assert run.state == "failed"
    assert run.failure is not None
    assert run.failure.code == "folder_missing"
