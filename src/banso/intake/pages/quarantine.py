"""Events that could not be counted: why, and what is done about them."""

import json
from datetime import datetime
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banso.intake import actions
from banso.intake.forms.quarantine import CorrectionForm, DiscardedAtForm
from banso.intake.queries import quarantine as queries
from banso.intake.queries.event_reasons import words_of
from banso.journal.access import sent
from banso.people.access import StaffRequest, actor_of, requires
from banso.shared import tables
from banso.shared.numbers import whole_number
from banso.shared.paging import page_number

FORMS: Final = frozenset({"csv", "jsonl"})
_COLUMNS: Final = ("reason", "received_at", "path", "is_whole", "place", "event")


@requires("intake.import")
@require_GET
def quarantine(request: StaffRequest) -> HttpResponse:
    """List the events that could not be counted, by reason; or those that were discarded."""
    reason, is_discarded = request.GET.get("reason", ""), request.GET.get("state") == "discarded"
    number = page_number(request.GET.get("page", ""))
    found = queries.page(reason=reason, is_discarded=is_discarded, number=number)
    context = {
        "found": found,
        "reasons": queries.reasons(),
        "totals": queries.totals(),
        "reason": reason,
        "words": words_of(reason) if reason else None,
        "is_discarded": is_discarded,
        "undo": _undo(request),
    }
    return render(request, "intake/quarantine.html", context)


@requires("intake.import")
@require_http_methods(["GET", "POST"])
def quarantined(request: StaffRequest, event_id: int) -> HttpResponse:
    """Show one event with all that was kept of it; take it in as it was corrected."""
    found = queries.one(event_id)
    if found is None:
        raise Http404
    form = CorrectionForm(request.POST or None, initial={"event": found.event})
    if request.method == "POST" and form.is_valid():
        try:
            actions.mend(
                event_id=event_id, event=form.cleaned_data["event"], by=actor_of(request.user), now=timezone.now()
            )
        except actions.StillWrong as wrong:
            words = words_of(wrong.reason)
            form.add_error("event", f"{words.cause} {words.remedy}")
        except actions.NotThere as gone:
            raise Http404 from gone
        else:
            messages.success(request, _("The event was taken in. It counts as soon as usage is rolled up."))
            return redirect("intake:quarantine")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"one": found, "row": found.row, "form": form, "is_open": bool(form.errors)}
    return render(request, "intake/quarantined.html", context, status=status)


@requires("intake.import")
@require_POST
def retry_events(request: StaffRequest) -> HttpResponse:
    """Try the ticked events again, or all of a reason."""
    ids, reason = _chosen(request)
    done = actions.retry(ids=ids, reason=reason, by=actor_of(request.user), now=timezone.now())
    if done.taken:
        text = ngettext("%(count)s event was taken in.", "%(count)s events were taken in.", done.taken)
        messages.success(request, text % {"count": f"{done.taken:,}"})
    if done.still or not done.taken:
        text = ngettext(
            "%(count)s event still cannot be counted: see its reason and remedy.",
            "%(count)s events still cannot be counted: see their reason and remedy.",
            done.still,
        )
        messages.warning(request, text % {"count": f"{done.still:,}"})
    if done.is_more:
        messages.info(request, _("Others wait to be tried: try again to go on."))
    return redirect(_back(reason))


@requires("intake.import")
@require_POST
def discard_events(request: StaffRequest) -> HttpResponse:
    """Say that the ticked events, or all of a reason, are not to count; it can be undone."""
    ids, reason = _chosen(request)
    now = timezone.now()
    count = actions.discard(ids=ids, reason=reason, by=actor_of(request.user), now=now).count
    query = {"reason": reason, "discarded_at": now.isoformat(), "count": str(count)} if count else {"reason": reason}
    return redirect(reverse("intake:quarantine", query=query))


@requires("intake.import")
@require_POST
def bring_events_back(request: StaffRequest) -> HttpResponse:
    """Put discarded events back: the ticked ones, or all that were discarded at a moment."""
    by, now = actor_of(request.user), timezone.now()
    if "discarded_at" in request.POST:
        form = DiscardedAtForm(request.POST)
        if not form.is_valid():
            return HttpResponseBadRequest()
        moment: datetime = form.cleaned_data["discarded_at"]
        count = actions.bring_back(discarded_at=moment, by=by, now=now).count
    else:
        count = actions.bring_back(ids=_ticked(request), by=by, now=now).count
    text = ngettext("%(count)s event was brought back.", "%(count)s events were brought back.", count)
    messages.success(request, text % {"count": f"{count:,}"})
    return redirect("intake:quarantine")


@requires("intake.import")
@require_GET
def quarantine_file(request: StaffRequest, form: str) -> StreamingHttpResponse:
    """Send what the list shows, as it came: CSV, or a JSON object on each line."""
    if form not in FORMS:
        raise Http404
    rows = queries.exported(reason=request.GET.get("reason", ""), is_discarded=request.GET.get("state") == "discarded")
    if form == "csv":
        file = tables.export("csv", _COLUMNS, ([row[name] for name in _COLUMNS] for row in rows), name="quarantine")
    else:
        lines = (json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
        file = tables.Export("quarantine.jsonl", "application/x-ndjson", lines)
    return sent(request, file, now=timezone.now())


def _undo(request: StaffRequest) -> dict[str, str] | None:
    """Return what was just discarded, and when: it is offered to be brought back."""
    moment, count = request.GET.get("discarded_at", ""), request.GET.get("count", "")
    number = whole_number(count, digits=9)
    if not moment or number is None:
        return None
    text = ngettext("%(count)s event was discarded.", "%(count)s events were discarded.", number)
    return {"moment": moment, "text": text % {"count": f"{number:,}"}}


def _chosen(request: StaffRequest) -> tuple[list[int] | None, str]:
    """Return the ticked ids, or None for all of the reason that is named beside them."""
    reason = request.POST.get("reason", "")
    return (None if request.POST.get("every") == "1" else _ticked(request)), reason


def _ticked(request: StaffRequest) -> list[int]:
    ids = (whole_number(one, digits=18) for one in request.POST.getlist("ids"))
    return [one for one in ids if one is not None]


def _back(reason: str) -> str:
    return reverse("intake:quarantine", query={"reason": reason} if reason else None)
