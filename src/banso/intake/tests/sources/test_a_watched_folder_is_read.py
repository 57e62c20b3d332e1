"""What lies in a watched folder comes in by itself, once, with all checks of an import."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from banso.accounts import queries as accounts
from banso.accounts.testing import an_account
from banso.intake import actions, jobs
from banso.intake.actions.sources import keeping, parts, pulling
from banso.intake.models import Import, Source, SourceRun
from banso.intake.queries import sources
from banso.intake.queries.known import Everyone
from banso.intake.testing import a_feed, a_source, pulled
from banso.journal.testing import written
from banso.operations.testing import states
from banso.people.testing import AN_ACTOR

pytestmark = pytest.mark.django_db

COLUMNS = (("external_id", "id"), ("name", "company"))


def dropped(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def names() -> dict[str, str]:
    return dict(accounts.visible_to(Everyone()).values_list("external_id", "name"))


def test_a_file_comes_in_once(incoming: Path, later: datetime) -> None:
    source = a_source(incoming)
    a_feed(source, *COLUMNS)
    dropped(incoming, "a.csv", "id,company\nA-1,Acme\nA-2,Beta\n")
    first = pulled(source, later)
    assert (first.state, first.files, first.added, first.read) == ("done", 1, 2, 2)
    again = pulled(source, later)
    assert (again.state, again.files, again.read) == ("done", 0, 0)
    assert names() == {"A-1": "Acme", "A-2": "Beta"}


def test_a_file_that_was_written_anew_comes_in_again(incoming: Path, later: datetime) -> None:
    source = a_source(incoming)
    a_feed(source, *COLUMNS)
    path = dropped(incoming, "a.csv", "id,company\nA-1,Acme\nA-2,Beta\n")
    pulled(source, later)
    path.write_text("id,company\nA-1,Acme Ltd\nA-2,Beta\nA-3,Gamma\n", encoding="utf-8")
    run = pulled(source, later)
    assert (run.added, run.changed, run.same) == (1, 1, 1)


def test_a_file_that_was_only_touched_does_not(incoming: Path, later: datetime) -> None:
    source = a_source(incoming)
    a_feed(source, *COLUMNS)
    path = dropped(incoming, "a.csv", "id,company\nA-1,Acme\n")
    pulled(source, later)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert pulled(source, later).files == 0
    assert pulled(source, later).files == 0


def test_a_file_that_is_still_written_is_left_alone(incoming: Path, later: datetime) -> None:
    source = a_source(incoming)
    a_feed(source, *COLUMNS)
    dropped(incoming, "a.csv", "id,company\nA-1,Ac")
    just_now = datetime.now(UTC) + timedelta(seconds=5)
    assert pulled(source, just_now).files == 0
    dropped(incoming, "a.csv", "id,company\nA-1,Acme\n")
    dropped(incoming, "b.csv.part", "id,company\nA-2,Be")
    dropped(incoming, ".c.csv", "id,company\nA-3,Ga")
    assert pulled(source, later).files == 1
    assert names() == {"A-1": "Acme"}


def test_a_time_set_back_does_not_make_a_file_quiet(incoming: Path) -> None:
    source = a_source(incoming)
    a_feed(source, *COLUMNS)
    path = dropped(incoming, "a.csv", "id,company\nA-1,Ac")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert pulled(source, datetime.now(UTC) + timedelta(seconds=5)).files == 0


def test_a_bad_row_costs_no_good_one_and_is_told(incoming: Path, later: datetime) -> None:
    source = a_source(incoming)
    a_feed(source, *COLUMNS)
    dropped(incoming, "a.csv", "id,company\nA-1,Acme\n,Nobody\n")
    run = pulled(source, later)
    assert (run.state, run.added, run.refused, run.read) == ("partial", 1, 1, 2)


def test_a_file_that_does_not_fit_hinders_no_other(incoming: Path, later: datetime) -> None:
    source = a_source(incoming)
    a_feed(source, *COLUMNS)
    dropped(incoming, "a.csv", "id,firm\nA-1,Acme\n")
    dropped(incoming, "b.csv", "")
    dropped(incoming, "c.csv", "id,company\nA-3,Gamma\n")
    run = pulled(source, later)
    assert (run.state, run.files, run.added) == ("partial", 3, 1)
    why = {one.file_name: one.failure.code if one.failure else "" for one in sources.came_in(source.pk, 10)}
    assert why == {"a.csv": "unknown_column", "b.csv": "empty_file", "c.csv": ""}
    assert pulled(source, later).files == 0  # what failed is not tried again before it changes


def test_a_run_in_which_nothing_came_in_has_failed(incoming: Path, later: datetime) -> None:
    source = a_source(incoming)
    a_feed(source, *COLUMNS)
    dropped(incoming, "a.csv", "id,firm\nA-1,Acme\n")
    assert pulled(source, later).state == "failed"


def test_what_others_refer_to_comes_first(incoming: Path, later: datetime) -> None:
    source = a_source(incoming)
    people = (("account", "customer"), ("name", "who"), ("email", "mail"))
    a_feed(source, *people, kind="people", what="people*")
    a_feed(source, *COLUMNS, what="accounts*")
    dropped(incoming, "people.csv", "customer,who,mail\nA-1,Hanako,hanako@example.jp\n")
    dropped(incoming, "accounts.csv", "id,company\nA-1,Acme\n")
    run = pulled(source, later)
    assert (run.state, run.added) == ("done", 2)


def test_usage_in_parquet_is_counted_once(incoming: Path, later: datetime) -> None:
    an_account("A-1")
    source = a_source(incoming)
    usage = (("at", "at"), ("account", "tenant"), ("name", "event"), ("message_id", "id"))
    a_feed(source, *usage, kind="usage", what="*.parquet")
    at = [datetime(2026, 11, day, 3, tzinfo=UTC) for day in (1, 2)]
    frame = pl.DataFrame({"id": [1, 2], "at": at, "tenant": ["A-1", "A-1"], "event": ["opened", "saved"]})
    frame.write_parquet(incoming / "u.parquet")
    assert pulled(source, later).added == 2
    frame.write_parquet(incoming / "u-copy.parquet")
    run = pulled(source, later)
    assert (run.files, run.added, run.same) == (1, 0, 2)


def test_what_is_due_is_read_and_comes_round(incoming: Path, later: datetime) -> None:
    source = a_source(incoming, every_minutes=60, now=later)
    a_feed(source, *COLUMNS)
    assert actions.start_due(now=later) == 1
    assert actions.start_due(now=later + timedelta(minutes=59)) == 0
    run = SourceRun.objects.get()
    assert run.asked_by == "Banso"
    assert jobs.run_source.call(run.pk) == {"run": run.pk, "state": "done"}
    assert actions.start_due(now=later + timedelta(minutes=60)) == 1


def test_a_source_is_read_by_one_at_a_time(incoming: Path, later: datetime) -> None:
    source = a_source(incoming, every_minutes=5, now=later)
    a_feed(source, *COLUMNS)
    assert actions.start_due(now=later) == 1
    assert actions.start_due(now=later + timedelta(minutes=10)) == 0
    asked = pulling.run_now(source_id=source.pk, by=AN_ACTOR, now=later)
    assert SourceRun.objects.count() == 1
    assert asked == SourceRun.objects.get().pk
    assert states() == ["READY"]


def test_a_paused_source_is_read_only_when_asked(incoming: Path, later: datetime) -> None:
    source = a_source(incoming, now=later)
    a_feed(source, *COLUMNS)
    keeping.pause(source_id=source.pk, by=AN_ACTOR, now=later)
    assert actions.start_due(now=later) == 0
    assert pulled(source, later).state == "done"
    keeping.resume(source_id=source.pk, by=AN_ACTOR, now=later)
    assert actions.start_due(now=later + timedelta(days=1)) == 1
    row = Source.objects.get()
    assert (row.paused_at, row.paused_by) == (None, "")


def test_nothing_is_read_before_its_columns_are_confirmed(incoming: Path, later: datetime) -> None:
    source = a_source(incoming, now=later)
    feed = keeping.add_feed(source_id=source.pk, kind="accounts", what="*.csv", by=AN_ACTOR, now=later)
    with pytest.raises(actions.SampleMissing):
        pulling.sample(feed_id=feed.pk, by=AN_ACTOR, now=later)
    dropped(incoming, "a.csv", "id,company\nA-1,Acme\n")
    assert actions.start_due(now=later) == 0
    with pytest.raises(actions.NothingToRead):
        pulling.run_now(source_id=source.pk, by=AN_ACTOR, now=later)
    draft = pulling.sample(feed_id=feed.pk, by=AN_ACTOR, now=later)
    actions.start(import_id=draft.pk, skips_bad_rows=False, is_dry_run=False, by=AN_ACTOR, now=later)
    actions.run(draft.pk, now=later)
    dropped(incoming, "b.csv", "id,company\nA-2,Beta\n")
    run = pulled(source, later)
    assert (run.files, run.added, run.same) == (2, 1, 1)


def test_a_worker_that_was_killed_leaves_a_source_to_be_read_again(incoming: Path, later: datetime) -> None:
    source = a_source(incoming, now=later)
    feed = a_feed(source, *COLUMNS)
    dropped(incoming, "a.csv", "id,company\nA-1,Acme\n")
    pulling.run_now(source_id=source.pk, by=AN_ACTOR, now=later)
    run = SourceRun.objects.get()
    SourceRun.objects.update(state="running")
    place = next(parts.new_parts(feed, note=print, now=later)).place
    waits = actions.upload(
        chunks=[b"id,company\nA-2,Beta\n"], file_name="b.csv", kind="accounts", by=AN_ACTOR, now=later
    )
    Import.objects.filter(pk=waits.pk).update(feed=feed, run=run, place="b", state="waiting")
    cut_off = actions.upload(chunks=[b"id\nA-1\n"], file_name="a.csv", kind="accounts", by=AN_ACTOR, now=later)
    Import.objects.filter(pk=cut_off.pk).update(feed=feed, run=run, place=place)
    assert actions.close_cut_off(later) == [run.pk]
    assert sources.runs(source.pk)[0][0].failure.code == "run_stopped"  # type: ignore[union-attr]
    assert states() == ["READY", "READY"]  # the run that was asked for, and the import that waits
    assert actions.start_due(now=later) == 1
    assert pulled(source, later).added == 1
    assert names() == {"A-1": "Acme"}


def test_the_journal_tells_who_did_what(incoming: Path, later: datetime) -> None:
    source = a_source(incoming, now=later)
    a_feed(source, *COLUMNS)
    dropped(incoming, "a.csv", "id,company\nA-1,Acme\n")
    pulled(source, later)
    pulled(source, later)
    settings = {"folder": str(incoming)}
    keeping.change(source_id=source.pk, name="SFA", settings=settings, every_minutes=60, by=AN_ACTOR, now=later)
    keeping.remove(source_id=source.pk, by=AN_ACTOR, now=later)
    told = [entry.verb for entry in written() if entry.subject_kind == "source"]
    assert told == [
        "source.added",
        "source.changed",
        "source.run",
        "source.ended",
        "source.run",  # the second time nothing was new, and that is no news
        "source.changed",
        "source.removed",
    ]
    assert names() == {"A-1": "Acme"}  # what it brought in stays


def test_old_runs_that_brought_nothing_are_forgotten(incoming: Path, later: datetime) -> None:
    source = a_source(incoming, now=later)
    a_feed(source, *COLUMNS)
    dropped(incoming, "a.csv", "id,company\nA-1,Acme\n")
    pulled(source, later)
    pulled(source, later)
    actions.remove_old_files(by=AN_ACTOR, now=later + timedelta(days=100))
    assert [run.added for run in sources.runs(source.pk)[0]] == [1]
