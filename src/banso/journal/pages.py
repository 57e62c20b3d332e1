"""The audit: who did what, and when, for administrators to search and to take along."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.journal import queries
from banso.journal.forms import SoughtForm
from banso.journal.queries import Row, Sought
from banso.people.access import StaffRequest, requires
from banso.shared.tables import export as export_table

ON_A_PAGE: Final = 50


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
    number = _page_number(request)
    found = queries.audit(_sought(form), offset=(number - 1) * ON_A_PAGE, limit=ON_A_PAGE)
    words = verb_words()
    return render(
        request,
        "journal/audit.html",
        {
            "form": form,
            "lines": [_line(row, words) for row in found.rows],
            "page": number,
            "pages": max(1, -(-found.total // ON_A_PAGE)),
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
    response = StreamingHttpResponse(file.chunks, content_type=file.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.file_name}"'
    return response


def verb_words() -> dict[str, str]:
    """Return what the journal's verbs are called; verbs without a word here are shown as they are."""
    return {
        "account.added": _("Account added"),
        "account.changed": _("Account changed"),
        "company.changed": _("Company settings changed"),
        "health.changed": _("Condition changed"),
        "key.made": _("API key made"),
        "key.revoked": _("API key revoked"),
        "team.added": _("Team added"),
        "team.renamed": _("Team renamed"),
        "usage.recorded": _("Usage recorded"),
        "user.added": _("User added"),
        "user.changed": _("User changed"),
        "user.deactivated": _("User deactivated"),
        "user.password_set": _("Password set"),
        "user.reactivated": _("User reactivated"),
        "user.signed_in": _("Signed in"),
    }


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


def _page_number(request: StaffRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1  # noqa: PLR2004  # beyond any


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
    return " · ".join(f"{name}: {_fact(value)}" for name, value in details.items())


def _fact(value: Any) -> str:
    match value:
        case [before, after]:
            return f"{_value(before)} → {_value(after)}"
        case _:
            return _value(value)


def _value(value: Any) -> str:
    match value:
        case list():
            return ", ".join(map(_value, value)) or "–"
        case "" | None:
            return "–"
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def _cells(sought: Sought) -> Iterator[list[object]]:
    for row in queries.audit_rows(sought):
        details = json.dumps(row.details, ensure_ascii=False) if row.details else ""
        yield [row.at, row.actor, row.actor_kind, row.verb, row.subject_label, row.account_id, details]
