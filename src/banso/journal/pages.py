"""The audit: who did what, and when, for administrators to search and to take along."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from banso.journal import queries
from banso.journal.access import sent
from banso.journal.forms import SoughtForm
from banso.journal.queries import Row, Sought
from banso.journal.rules import LISTED, NAMES, VALUES, WORDED
from banso.people.access import StaffRequest, requires
from banso.shared.paging import page_count, page_number
from banso.shared.tables import export as export_table

ON_A_PAGE: Final = 50
# What every verb of the journal is called; a law test keeps the list complete.
VERBS: Final = {
    "account.added": gettext_noop("Account added"),
    "account.changed": gettext_noop("Account changed"),
    "account.linked": gettext_noop("Account linked to another system"),
    "account.withdrawn": gettext_noop("Account taken back"),
    "alert.ended": gettext_noop("Alert over: use is back"),
    "alert.raised": gettext_noop("Alert raised: use fell"),
    "alert.rate_set": gettext_noop("False alarms asked for"),
    "alert.reopened": gettext_noop("Alert opened again"),
    "alert.resolved": gettext_noop("Alert resolved"),
    "alert.snoozed": gettext_noop("Alert snoozed"),
    "alert.woken": gettext_noop("Snooze of an alert ended"),
    "company.changed": gettext_noop("Company settings changed"),
    "contract.added": gettext_noop("Contract added"),
    "contract.cancelled": gettext_noop("Notice of a contract given"),
    "contract.changed": gettext_noop("Contract changed"),
    "contract.ended": gettext_noop("Contract ended"),
    "contract.kept": gettext_noop("Notice of a contract withdrawn"),
    "contract.notice_moved": gettext_noop("Notice deadline moved"),
    "contract.rate_set": gettext_noop("Exchange rate set"),
    "contract.removed": gettext_noop("Contract removed"),
    "contract.renewed": gettext_noop("Contract renewed"),
    "export.sent": gettext_noop("List taken along as a file"),
    "field.added": gettext_noop("Custom field added"),
    "field.changed": gettext_noop("Custom field changed"),
    "field.removed": gettext_noop("Custom field removed"),
    "health.changed": gettext_noop("Condition changed"),
    "health.matrix_cell_changed": gettext_noop("Cell of a matrix described"),
    "health.matrix_kept": gettext_noop("Matrix kept"),
    "health.matrix_removed": gettext_noop("Matrix removed"),
    "health.matrix_restored": gettext_noop("Matrix brought back"),
    "health.draft_begun": gettext_noop("Draft of a scorecard begun"),
    "health.draft_discarded": gettext_noop("Draft of a scorecard discarded"),
    "health.draft_restored": gettext_noop("Draft of a scorecard brought back"),
    "health.overridden": gettext_noop("Score set by hand"),
    "health.override_ended": gettext_noop("Score set by hand ended"),
    "health.published": gettext_noop("Scorecard published"),
    "health.pulse_recorded": gettext_noop("Pulse recorded"),
    "health.pulse_withdrawn": gettext_noop("Pulse taken back"),
    "import.cancelled": gettext_noop("Import cancelled"),
    "import.ended": gettext_noop("Import ended"),
    "import.files_removed": gettext_noop("Files of old imports removed"),
    "import.started": gettext_noop("Import started"),
    "job.retried": gettext_noop("Job tried again"),
    "key.made": gettext_noop("API key made"),
    "key.refusal_dismissed": gettext_noop("Warning about a refused key dismissed"),
    "key.revoked": gettext_noop("API key revoked"),
    "measure.defined": gettext_noop("Measure defined"),
    "measure.retired": gettext_noop("Measure retired"),
    "limit.crossed": gettext_noop("Limit passed"),
    "limit.expected": gettext_noop("Limit about to be passed"),
    "note.brought_back": gettext_noop("Note brought back"),
    "note.changed": gettext_noop("Note changed"),
    "note.removed": gettext_noop("Note removed"),
    "note.written": gettext_noop("Note written"),
    "person.added": gettext_noop("Customer person added"),
    "person.changed": gettext_noop("Customer person changed"),
    "quarantine.brought_back": gettext_noop("Discarded events brought back"),
    "quarantine.discarded": gettext_noop("Events in quarantine discarded"),
    "quarantine.mended": gettext_noop("Event in quarantine corrected"),
    "quarantine.retried": gettext_noop("Events in quarantine taken in"),
    "risk.learnt": gettext_noop("Risk of leaving learnt anew"),
    "schedule.paused": gettext_noop("Scheduled job paused"),
    "schedule.resumed": gettext_noop("Scheduled job resumed"),
    "schedule.run": gettext_noop("Scheduled job run at once"),
    "segment.added": gettext_noop("Segment added"),
    "segment.changed": gettext_noop("Segment renamed"),
    "segment.moved": gettext_noop("Segment moved"),
    "segment.removed": gettext_noop("Segment removed"),
    "source.added": gettext_noop("Source added"),
    "source.changed": gettext_noop("Source changed"),
    "source.ended": gettext_noop("Source read"),
    "source.paused": gettext_noop("Source paused"),
    "source.removed": gettext_noop("Source removed"),
    "source.resumed": gettext_noop("Source resumed"),
    "source.run": gettext_noop("Source run at once"),
    "source.started_over": gettext_noop("Source read from its beginning"),
    "stage.added": gettext_noop("Stage added"),
    "stage.changed": gettext_noop("Stage renamed"),
    "stage.moved": gettext_noop("Stage moved"),
    "stage.removed": gettext_noop("Stage removed"),
    "team.added": gettext_noop("Team added"),
    "team.renamed": gettext_noop("Team renamed"),
    "usage.asked_again": gettext_noop("Usage set aside asked about again"),
    "usage.attached": gettext_noop("Usage attached to an account"),
    "usage.detached": gettext_noop("Usage detached from an account"),
    "usage.event_classified": gettext_noop("Event classified"),
    "usage.event_merged": gettext_noop("Event counted as another"),
    "usage.event_renamed": gettext_noop("Event renamed"),
    "usage.release_removed": gettext_noop("Release removed"),
    "usage.release_saved": gettext_noop("Release saved"),
    "usage.recorded": gettext_noop("Usage recorded"),
    "usage.set_aside": gettext_noop("Unclaimed usage set aside"),
    "user.added": gettext_noop("User added"),
    "user.changed": gettext_noop("User changed"),
    "user.deactivated": gettext_noop("User deactivated"),
    "user.password_set": gettext_noop("Password set"),
    "user.reactivated": gettext_noop("User reactivated"),
    "user.reset_sent": gettext_noop("Mail to reset a password sent"),
    "user.signed_in": gettext_noop("Signed in"),
    "user.signed_out_elsewhere": gettext_noop("Signed out on other devices"),
    "view.removed": gettext_noop("View removed"),
    "view.saved": gettext_noop("View saved"),
}


@dataclass(frozen=True)
class AuditLine:
    """One row of the audit in the reader's words."""

    at: datetime
    actor: str
    actor_kind: str
    verb: str
    words: str
    subject: str
    account_id: int | None
    details: str


@requires("audit.view")
def audit(request: StaffRequest) -> HttpResponse:
    """List what was done, newest first, page by page."""
    form = _form(request)
    number = page_number(request.GET.get("page", ""))
    found = queries.audit(_sought(form), offset=(number - 1) * ON_A_PAGE, limit=ON_A_PAGE)
    words = verb_words()
    return render(
        request,
        "journal/audit.html",
        {
            "form": form,
            "lines": [_line(row, words) for row in found.rows],
            "page": number,
            "pages": page_count(found.total, ON_A_PAGE),
            "total": found.total,
            "first": min(found.total, (number - 1) * ON_A_PAGE + 1),
            "last": (number - 1) * ON_A_PAGE + len(found.rows),
        },
    )


@requires("audit.view")
def export(request: StaffRequest) -> HttpResponseBase:
    """Send all that the filters find as CSV, in which nothing is run as a formula."""
    header = [_("When"), _("Who"), _("Kind of author"), _("What"), _("About"), _("Account"), _("Details")]
    file = export_table("csv", header, _cells(_sought(_form(request))), name="audit")
    return sent(request, file, now=timezone.now())


def verb_words() -> dict[str, str]:
    """Return what the journal's verbs are called, in the reader's language."""
    return {verb: _(words) for verb, words in VERBS.items()}


def _form(request: StaffRequest) -> SoughtForm:
    words = verb_words()
    return SoughtForm(request.GET, verbs=[(verb, words.get(verb, verb)) for verb in queries.verbs()])


def _sought(form: SoughtForm) -> Sought:
    form.is_valid()
    given: dict[str, Any] = form.cleaned_data
    until = given.get("until")
    return Sought(
        verb=given.get("verb") or "",
        who=given.get("who") or "",
        account_id=given.get("account"),
        since=_start_of(given.get("since")),
        until=_start_of(until + timedelta(days=1)) if until else None,
    )


def _start_of(day: Any) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None


def _line(row: Row, words: dict[str, str]) -> AuditLine:
    return AuditLine(
        at=row.at,
        actor=row.actor,
        actor_kind=row.actor_kind,
        verb=row.verb,
        words=words.get(row.verb, row.verb),
        subject=row.subject_label,
        account_id=row.account_id,
        details=_told(row.details),
    )


def _told(details: dict[str, Any]) -> str:
    return " · ".join(_fact(name, value) for name, value in details.items())


def _fact(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return _told(value)
    called = _(NAMES[name]) if name in NAMES else name
    match value:
        case [before, after] if name not in LISTED or isinstance(before, list):
            said = f"{_value(name, before)} → {_value(name, after)}"
        case _:
            said = _value(name, value)
    return _("%(name)s: %(value)s") % {"name": called, "value": said}


def _value(name: str, value: Any) -> str:
    match value:
        case list():
            return ", ".join(_value(name, one) for one in value) or "–"
        case "" | None:
            return "–"
        case str() if name in WORDED and value in VALUES:
            return _(VALUES[value])
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def _cells(sought: Sought) -> Iterator[list[object]]:
    for row in queries.audit_rows(sought):
        details = json.dumps(row.details, ensure_ascii=False) if row.details else ""
        yield [row.at, row.actor, row.actor_kind, row.verb, row.subject_label, row.account_id, details]
