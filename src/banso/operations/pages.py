"""What operators look at: the queue, one job, the schedule."""

import uuid
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from banso.operations import actions, queries
from banso.operations.forms import STATES, SoughtForm
from banso.people.access import StaffRequest, actor_of, requires
from banso.shared.paging import page_count, page_number

ON_A_PAGE: Final = 50


@requires("operations.view")
@require_safe
def jobs(request: StaffRequest) -> HttpResponse:
    """List jobs, newest first, page by page; the list renews itself while something waits or runs."""
    now = timezone.now()
    form = SoughtForm(request.GET, paths=queries.paths())
    form.is_valid()
    given: dict[str, Any] = form.cleaned_data
    number = page_number(request.GET.get("page", ""))
    found = queries.jobs(
        state=given.get("state", ""), path=given.get("job", ""), offset=(number - 1) * ON_A_PAGE, limit=ON_A_PAGE
    )
    tally = queries.tally(now)
    template = "operations/jobs.html#list" if request.headers.get("HX-Request") else "operations/jobs.html"
    return render(
        request,
        template,
        {
            "form": form,
            "rows": found.rows,
            "tally": tally,
            "is_busy": bool(tally.waiting or tally.running),
            "waits_for": _waits_for(tally, now),
            "has_worker": queries.has_worker(now),
            "page": number,
            "pages": page_count(found.total, ON_A_PAGE),
            "total": found.total,
            "first": min(found.total, (number - 1) * ON_A_PAGE + 1),
            "last": (number - 1) * ON_A_PAGE + len(found.rows),
            "is_filtered": bool(given.get("state") or given.get("job")),
            "may_run": request.user.may("operations.run"),
            "words": dict(STATES),
        },
    )


@requires("operations.view")
@require_safe
def job(request: StaffRequest, job_id: uuid.UUID) -> HttpResponse:
    """Show one job: what it was given, what it answered or why it failed, and its other tries."""
    try:
        found = queries.job(job_id)
    except queries.NoSuchJob as missing:
        raise Http404 from missing
    template = "operations/job.html#state" if request.headers.get("HX-Request") else "operations/job.html"
    context = {"job": found, "one": found.row, "may_run": request.user.may("operations.run"), "words": dict(STATES)}
    return render(request, template, context)


@requires("operations.run")
@require_POST
def retry(request: StaffRequest, job_id: uuid.UUID) -> HttpResponse:
    """Try a failed job again, and go to its new try."""
    try:
        again = actions.retry(job_id=job_id, by=actor_of(request.user), now=timezone.now())
    except queries.NoSuchJob as missing:
        raise Http404 from missing
    except actions.NotFailed:
        messages.info(request, _("This job did not fail, or was tried again already."))
        return redirect("operations:job", job_id)
    messages.success(request, _("The job was put into the queue again."))
    return redirect("operations:job", again)


@requires("operations.view")
@require_safe
def schedule(request: StaffRequest) -> HttpResponse:
    """List the jobs that come round, with their last and their next time."""
    context = {"rows": queries.schedule(), "may_run": request.user.may("operations.run"), "now": timezone.now()}
    return render(request, "operations/schedule.html", context)


@requires("operations.run")
@require_POST
def pause(request: StaffRequest, schedule_id: int) -> HttpResponse:
    """Let a job not come round until it is resumed."""
    return _changed(request, actions.pause, schedule_id, _("The job is paused. It comes round again when resumed."))


@requires("operations.run")
@require_POST
def resume(request: StaffRequest, schedule_id: int) -> HttpResponse:
    """Let a paused job come round again."""
    return _changed(request, actions.resume, schedule_id, _("The job comes round again."))


@requires("operations.run")
@require_POST
def run_now(request: StaffRequest, schedule_id: int) -> HttpResponse:
    """Put a job into the queue at once."""
    return _changed(request, actions.run_now, schedule_id, _("The job was put into the queue."))


def _changed(request: StaffRequest, change: Any, schedule_id: int, words: str) -> HttpResponse:
    try:
        change(schedule_id=schedule_id, by=actor_of(request.user), now=timezone.now())
    except actions.NoSuchSchedule as missing:
        raise Http404 from missing
    messages.success(request, words)
    return redirect("operations:schedule")


def _waits_for(tally: queries.Tally, now: datetime) -> float | None:
    oldest = tally.oldest_waiting_at
    return None if oldest is None else max(0.0, (now - oldest).total_seconds())
