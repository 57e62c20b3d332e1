"""What is due is enqueued once, what failed is tried again, what is paused waits."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from banso.journal.testing import written
from banso.operations import actions, queries
from banso.operations.actions import Rhythm
from banso.operations.models import Retry, Schedule
from banso.operations.testing import a_failed_job, a_job, a_plan, count_sheep, count_stars, ended, states
from banso.people.testing import AN_ACTOR

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SECOND = timedelta(seconds=1)


def test_what_is_due_is_enqueued_once() -> None:
    assert actions.enqueue_due([a_plan()], now=NOW) == [count_sheep.module_path]
    assert actions.enqueue_due([a_plan()], now=NOW + 5 * SECOND) == []
    assert states() == ["READY"]


def test_a_job_that_still_waits_is_not_enqueued_a_second_time() -> None:
    actions.enqueue_due([a_plan()], now=NOW)
    assert actions.enqueue_due([a_plan()], now=NOW + 60 * SECOND) == []
    DBTaskResult.objects.all().delete()
    assert actions.enqueue_due([a_plan()], now=NOW + 120 * SECOND) == [count_sheep.module_path]


def test_without_work_nothing_is_enqueued() -> None:
    assert actions.enqueue_due([a_plan(has_work=False)], now=NOW) == []
    assert actions.enqueue_due([a_plan()], now=NOW) == [count_sheep.module_path]


def test_a_job_that_cannot_say_whether_it_has_work_finds_out_and_keeps_nobody_else_waiting() -> None:
    def broken() -> bool:
        raise OSError("the disk cannot be read")

    plan = [actions.Planned(count_stars, Rhythm(every=SECOND), broken), a_plan()]
    assert actions.enqueue_due(plan, now=NOW) == [count_stars.module_path, count_sheep.module_path]


def test_a_changed_rhythm_is_taken_over_and_what_is_planned_no_more_goes() -> None:
    actions.enqueue_due([a_plan()], now=NOW)
    changed = actions.Planned(count_sheep, Rhythm(every=timedelta(seconds=90)))
    actions.enqueue_due([changed], now=NOW)
    assert [row.rhythm.every for row in queries.schedule()] == [timedelta(seconds=90)]
    actions.enqueue_due([], now=NOW)
    assert queries.schedule() == []


def test_what_is_paused_waits_until_it_is_resumed_and_then_makes_up_once() -> None:
    actions.enqueue_due([a_plan()], now=NOW)
    ended(DBTaskResult.objects.get(), NOW)
    row = queries.schedule()[0]
    actions.pause(schedule_id=row.id, by=AN_ACTOR, now=NOW)
    actions.pause(schedule_id=row.id, by=AN_ACTOR, now=NOW)
    assert queries.schedule()[0].paused_by == AN_ACTOR.label
    assert actions.enqueue_due([a_plan()], now=NOW + 600 * SECOND) == []
    actions.resume(schedule_id=row.id, by=AN_ACTOR, now=NOW)
    assert actions.enqueue_due([a_plan()], now=NOW + 600 * SECOND) == [count_sheep.module_path]
    assert actions.enqueue_due([a_plan()], now=NOW + 601 * SECOND) == []
    assert [row.verb for row in written()] == ["schedule.paused", "schedule.resumed"]


def test_what_comes_round_can_be_run_at_once() -> None:
    actions.enqueue_due([a_plan(has_work=False)], now=NOW)
    made = actions.run_now(schedule_id=queries.schedule()[0].id, by=AN_ACTOR, now=NOW)
    assert queries.job(made).row.state == "waiting"
    with pytest.raises(actions.NoSuchSchedule):
        actions.run_now(schedule_id=999, by=AN_ACTOR, now=NOW)


def test_a_failed_job_is_tried_again_with_what_it_was_given_after_its_rest() -> None:
    failed = a_failed_job(NOW, 5)
    assert actions.retry_failed(now=NOW + 59 * SECOND) == []
    [again] = actions.retry_failed(now=NOW + 60 * SECOND)
    assert actions.retry_failed(now=NOW + 61 * SECOND) == []
    assert queries.job(again).row.arguments == "5"
    assert queries.job(failed.pk).row.again == again
    assert [row.tries for row in queries.job(again).chain] == [1, 2]


def test_a_job_that_keeps_failing_waits_for_a_person_after_four_tries() -> None:
    a_failed_job(NOW)
    for minutes in (1, 5, 25):
        [again] = actions.retry_failed(now=NOW + timedelta(minutes=minutes))
        last = ended(DBTaskResult.objects.get(pk=again), NOW, RuntimeError("again"))
    assert actions.retry_failed(now=NOW + timedelta(hours=3)) == []
    assert queries.job(last.pk).row.retry_at is None
    assert states() == ["FAILED"] * 4


def test_a_failed_job_that_comes_round_is_left_to_its_next_time() -> None:
    actions.enqueue_due([a_plan(has_work=False)], now=NOW)
    failed = a_failed_job(NOW)
    assert actions.retry_failed(now=NOW + timedelta(hours=1)) == []
    assert queries.job(failed.pk).row.retry_at is None


def test_a_job_that_failed_long_ago_is_left_alone() -> None:
    a_failed_job(NOW - timedelta(days=2))
    assert actions.retry_failed(now=NOW) == []


def test_a_person_tries_a_failed_job_again_once() -> None:
    failed = a_failed_job(NOW)
    again = actions.retry(job_id=failed.pk, by=AN_ACTOR, now=NOW)
    with pytest.raises(actions.NotFailed):
        actions.retry(job_id=failed.pk, by=AN_ACTOR, now=NOW)
    with pytest.raises(actions.NotFailed):
        actions.retry(job_id=again, by=AN_ACTOR, now=NOW)
    assert [row.verb for row in written()] == ["job.retried"]


def test_a_running_job_says_how_far_it_is() -> None:
    job = a_job()
    job.claim("here:1:abc")
    assert queries.job(job.pk).row.progress is None
    actions.report_progress(job_id=job.pk, done=3, total=7)
    assert queries.job(job.pk).row.progress == queries.Progress(3, 7)
    ended(job, NOW)
    assert queries.job(job.pk).row.progress is None
    actions.clear_away(finished_before=NOW - SECOND)
    assert not queries.progress_file(job.pk).exists()


def test_jobs_are_counted_and_found_by_state_and_kind() -> None:
    ended(a_job(), NOW)
    a_failed_job(NOW)
    a_failed_job(NOW - timedelta(hours=25))
    waiting = a_job()
    count_stars.enqueue()
    tally = queries.tally(NOW)
    assert (tally.waiting, tally.running, tally.done, tally.failed) == (2, 0, 1, 1)
    assert tally.oldest_waiting_at == waiting.enqueued_at
    assert queries.jobs(state="failed").total == 2
    assert queries.jobs(path=count_stars.module_path).total == 1
    assert [row.took for row in queries.jobs(state="done").rows] == [5 * SECOND]


def test_the_schedule_tells_how_long_a_job_usually_takes() -> None:
    actions.enqueue_due([a_plan(has_work=False)], now=NOW)
    assert queries.schedule()[0].median_seconds is None
    for _ in range(3):
        ended(a_job(), NOW)
    assert queries.schedule()[0].median_seconds == 5.0


@pytest.mark.parametrize(
    ("facts", "promise"),
    [
        ({"every_seconds": None, "at": None}, "schedule_has_one_rhythm"),
        ({"every_seconds": 5, "at": "03:00"}, "schedule_has_one_rhythm"),
        ({"every_seconds": 5, "paused_at": NOW}, "schedule_pause_has_an_author"),
        ({"every_seconds": 5, "paused_by": "青木"}, "schedule_pause_has_an_author"),
    ],
)
def test_the_database_keeps_the_schedule_true(facts: dict[str, object], promise: str) -> None:
    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        Schedule.objects.create(task_path="x", **facts)


def test_the_database_keeps_a_schedule_and_a_retry_once() -> None:
    for facts in ({"every_seconds": 5}, {"at": "03:00"}):
        Schedule.objects.create(task_path="x", **facts)
        with pytest.raises(IntegrityError), transaction.atomic():
            Schedule.objects.create(task_path="x", **facts)
    with pytest.raises(IntegrityError, match="retry_is_the_second_try"), transaction.atomic():
        Retry.objects.create(failed=a_job(), again=a_job(), tries=1, asked_at=NOW, asked_by="x")
