"""Whatever happens to an import, its state says so, with the reason; and a new worker looks after what was left."""

import errno
from pathlib import Path

import pytest
from django.db import DatabaseError

from banso.accounts import queries as accounts
from banso.intake import actions, jobs
from banso.intake.actions import checking, choosing, running, workshop
from banso.intake.models import Import, State
from banso.intake.queries import folders, imports
from banso.intake.testing import A_MOMENT, ACCOUNTS_CSV
from banso.people import actions as people
from banso.people.access import actor_of
from banso.people.testing import AN_ACTOR, a_manager

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    ids: list[int] = []
    monkeypatch.setattr(running, "enqueue_again", lambda pk, **_said: ids.append(pk))
    return ids


def a_waiting_import(content: str = ACCOUNTS_CSV, **said: bool) -> Import:
    one = actions.upload(chunks=[content.encode()], file_name="a.csv", kind="accounts", by=AN_ACTOR, now=A_MOMENT)
    said = {"skips_bad_rows": False, "is_dry_run": False} | said
    actions.start(import_id=one.pk, by=AN_ACTOR, now=A_MOMENT, is_queued=False, **said)
    one.refresh_from_db()
    return one


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (PermissionError(errno.EACCES, "Permission denied"), "folder_unusable"),
        (DatabaseError("gone"), "database"),
    ],
)
def test_a_fault_of_the_house_is_a_failure_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, code: str
) -> None:
    def fails(*_args: object, **_said: object) -> None:
        raise fault

    monkeypatch.setattr(checking, "judge", fails)
    done = actions.run(a_waiting_import().pk, now=A_MOMENT)
    assert (done.state, done.failure["code"]) == (State.FAILED, code)
    assert imports.row_of(done).may_go_again


def test_a_fault_of_our_own_is_written_down_and_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object, **_said: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(checking, "judge", fails)
    one = a_waiting_import()
    with pytest.raises(RuntimeError, match="ours"):
        actions.run(one.pk, now=A_MOMENT)
    one.refresh_from_db()
    assert (one.state, one.failure["code"]) == (State.FAILED, "unexpected")


def test_an_import_that_is_told_to_end_ends_before_its_next_part(monkeypatch: pytest.MonkeyPatch) -> None:
    one = a_waiting_import()
    whole = checking.judge

    def told(*args: object, **said: object) -> object:
        actions.cancel(import_id=one.pk, by=AN_ACTOR, now=A_MOMENT)
        return whole(*args, **said)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(checking, "judge", told)
    assert actions.run(one.pk, now=A_MOMENT).state == State.CANCELLED
    assert accounts.all_ids() == {}
    with pytest.raises(actions.NotNow):
        actions.cancel(import_id=one.pk, by=AN_ACTOR, now=A_MOMENT)


def test_what_a_dead_worker_left_is_taken_up_then_given_up(queued: list[int]) -> None:
    one = a_waiting_import()
    Import.objects.filter(pk=one.pk).update(state=State.RUNNING, attempts=1)
    assert actions.resume_or_report(A_MOMENT) == ([one.pk], [])
    assert queued == [one.pk]
    Import.objects.filter(pk=one.pk).update(state=State.RUNNING, attempts=3)
    assert actions.resume_or_report(A_MOMENT) == ([], [one.pk])
    assert Import.objects.get().failure["code"] == "worker_died"


def test_what_a_living_worker_holds_is_left_to_it(queued: list[int]) -> None:
    one = a_waiting_import()
    Import.objects.filter(pk=one.pk).update(state=State.RUNNING)
    with workshop.held(one.folder):
        assert actions.resume_or_report(A_MOMENT) == ([], [])
        assert actions.run(one.pk, now=A_MOMENT).state == State.RUNNING
    assert queued == []


def test_an_import_runs_once(queued: list[int]) -> None:
    one = a_waiting_import()
    assert jobs.run_import.func(one.pk)["added"] == 2
    assert actions.run(one.pk, now=A_MOMENT).attempts == 1
    assert queued == []
    with pytest.raises(actions.NotNow):
        actions.start(import_id=one.pk, skips_bad_rows=True, is_dry_run=False, by=AN_ACTOR, now=A_MOMENT)


def test_a_dry_run_can_be_followed_by_the_real_one() -> None:
    one = a_waiting_import(is_dry_run=True)
    assert actions.run(one.pk, now=A_MOMENT).state == State.CHECKED
    actions.start(import_id=one.pk, skips_bad_rows=False, is_dry_run=False, by=AN_ACTOR, now=A_MOMENT, is_queued=False)
    assert (actions.run(one.pk, now=A_MOMENT).state, len(accounts.all_ids())) == (State.DONE, 2)


def test_who_may_no_longer_import_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    user = a_manager()
    one = actions.upload(
        chunks=[ACCOUNTS_CSV.encode()], file_name="a.csv", kind="accounts", by=actor_of(user), now=A_MOMENT
    )
    monkeypatch.setattr(choosing, "enqueue", lambda _pk: None)
    actions.start(import_id=one.pk, skips_bad_rows=False, is_dry_run=False, by=actor_of(user), now=A_MOMENT)
    people.deactivate_user(user_id=user.pk, by=AN_ACTOR, now=A_MOMENT)
    done = actions.run(one.pk, now=A_MOMENT)
    assert (done.state, done.failure["code"]) == (State.FAILED, "not_allowed")


def test_progress_is_known_while_it_runs() -> None:
    one = a_waiting_import()
    assert folders.progress(one.folder) is None
    workshop.beat(one.folder, phase="checking", done=50, total=200)
    found = folders.progress(one.folder)
    assert found is not None
    assert (found.phase, found.percent, found.beat_at is not None) == ("checking", 25, True)
    assert folders.Progress("saving", 1, None).percent is None


def test_a_sample_of_ones_own_is_a_folder_with_maps(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "c.csv").write_text("id,name\nA,B\n")
    (folder / "sample.yaml").write_text("currency: USD\n")
    (folder / "1.yaml").write_text(
        "kind: accounts\nfile: c.csv\ncolumns:\n  - {from: id, to: external_id}\n  - {from: name, to: name}\n"
    )
    told: list[tuple[str, int, int]] = []
    (row,) = actions.load_sample("own", folder, by=AN_ACTOR, now=A_MOMENT, progress=lambda *facts: told.append(facts))
    assert (row.state, row.added, told) == ("done", 1, [("c.csv", 0, 1)])
