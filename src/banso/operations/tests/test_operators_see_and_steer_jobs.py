"""Operators see the queue, the schedule and what failed; others do not."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from banso.operations import actions, queries
from banso.operations.testing import a_failed_job, a_job, a_plan, ended
from banso.people.testing import a_csm, a_manager, an_admin

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(an_admin())
    return client


def test_an_empty_list_says_how_jobs_come_to_be(operator: Client) -> None:
    assert "banso worker" in operator.get(reverse("operations:jobs")).text
    assert "banso worker" in operator.get(reverse("operations:schedule")).text


def test_the_list_shows_names_states_and_errors(operator: Client) -> None:
    a_failed_job(NOW)
    running = a_job(12)
    running.claim("here:1:abc")
    actions.report_progress(job_id=running.pk, done=3, total=7)
    text = operator.get(reverse("operations:jobs")).text
    assert "count sheep" in text
    assert "RuntimeError" in text
    assert 'value="3" max="7"' in text
    assert "<c-" not in text


def test_a_job_whose_worker_was_killed_says_so_in_words(operator: Client) -> None:
    job = a_job()
    job.claim("here:1:abc")
    actions.close_interrupted(job, now=NOW)
    for address in (reverse("operations:jobs"), reverse("operations:job", args=[job.pk])):
        text = operator.get(address).text
        assert "The worker was stopped while it did this job." in text
        assert "InterruptedError" not in text


def test_the_list_says_that_no_worker_is_there(operator: Client) -> None:
    a_job()
    address = reverse("operations:jobs")
    assert "No worker is running" in operator.get(address).text
    actions.beat(timezone.now())
    assert "No worker is running" not in operator.get(address).text


def test_the_list_renews_itself_while_something_is_going_on(operator: Client) -> None:
    ended(a_job(), NOW)
    address = reverse("operations:jobs")
    assert "every 3s" not in operator.get(address).text
    a_job()
    part = operator.get(address, headers={"HX-Request": "true"}).text
    assert "every 3s" in part
    assert "<html" not in part


@pytest.mark.parametrize(("query", "found"), [({"state": "failed"}, 1), ({"state": "no such"}, 2), ({"page": "9"}, 0)])
def test_filters_narrow_and_nonsense_does_not(operator: Client, query: dict[str, str], found: int) -> None:
    a_failed_job(NOW)
    a_job()
    assert len(operator.get(reverse("operations:jobs"), query).context["rows"]) == found


def test_a_filter_that_finds_nothing_says_so(operator: Client) -> None:
    assert "Nothing was found" in operator.get(reverse("operations:jobs"), {"state": "failed"}).text


def test_a_failed_job_shows_why_and_is_tried_again(operator: Client) -> None:
    failed = a_failed_job(NOW, 5)
    assert "a wolf came" in operator.get(reverse("operations:job", args=[failed.pk])).text
    answer = operator.post(reverse("operations:retry", args=[failed.pk]), follow=True)
    assert "put into the queue again" in answer.text
    assert answer.context["one"].tries == 2
    answer = operator.post(reverse("operations:retry", args=[failed.pk]), follow=True)
    assert "was tried again already" in answer.text


def test_what_a_job_answered_can_be_read(operator: Client) -> None:
    job = ended(a_job(), NOW)
    answer = operator.get(reverse("operations:job", args=[job.pk]), headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert "7" in operator.get(reverse("operations:job", args=[job.pk])).text


@pytest.mark.parametrize("address", ["operations:job", "operations:retry"])
def test_a_job_that_is_not_there_is_not_found(operator: Client, address: str) -> None:
    ask: Callable[..., object] = operator.get if address == "operations:job" else operator.post
    assert ask(reverse(address, args=[uuid.uuid4()])).status_code == 404  # type: ignore[attr-defined]


def test_what_comes_round_is_paused_resumed_and_run(operator: Client) -> None:
    actions.enqueue_due([a_plan(has_work=False)], now=NOW)
    row = queries.schedule()[0]
    text = operator.post(reverse("operations:pause", args=[row.id]), follow=True).text
    assert "paused by 青木 葵" in text
    text = operator.post(reverse("operations:resume", args=[row.id]), follow=True).text
    assert "paused by" not in text
    operator.post(reverse("operations:run_now", args=[row.id]))
    assert queries.jobs(state="waiting").total == 1
    assert operator.post(reverse("operations:pause", args=[999])).status_code == 404


def test_the_list_costs_the_same_at_any_size(
    operator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for many in (1, 60):
        for _ in range(many):
            a_failed_job(NOW)
        with django_assert_num_queries(10):  # session, user, paths, jobs, count, tries, rhythms, tally, oldest, beat
            operator.get(reverse("operations:jobs"))


@pytest.mark.parametrize("who", [a_csm, a_manager])
@pytest.mark.parametrize("page", ["operations:jobs", "operations:schedule", "state"])
def test_only_administrators_see_the_operation(client: Client, who: Callable[[], object], page: str) -> None:
    client.force_login(who())  # type: ignore[arg-type]  # a user
    assert client.get(reverse(page)).status_code == 403
