"""Usage whose account nobody knows: listed, given to an account or to new ones, set aside, and all of it taken back."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from banso.accounts import queries as accounts
from banso.accounts.actions import RowsRefused, sentence
from banso.journal.access import sent
from banso.people.access import StaffRequest, actor_of, requires
from banso.shared import tables
from banso.shared.numbers import whole_number
from banso.shared.paging import page_count, page_number
from banso.usage import actions
from banso.usage.forms import MomentForm, SoughtAccountForm
from banso.usage.queries import unclaimed as queries
from banso.usage.rules.identity import bare_name

CANDIDATES: Final = 20
NEW_AT_ONCE: Final = 50
_KINDS: Final = queries.KINDS


@requires("usage.define")
@require_safe
def unclaimed(request: StaffRequest) -> HttpResponse:
    """List unclaimed usage, the most of it first; or what was attached, or set aside."""
    state = request.GET.get("state", "")
    number = page_number(request.GET.get("page", ""))
    offset = (number - 1) * queries.PAGE
    context: dict[str, Any] = {"state": state, "undo": _undo(request), "page": number, "default_sort": "-n"}
    if state == "attached":
        rows, total = queries.attachments(request.user, offset=offset)
    elif state == "aside":
        rows, total = queries.names_set_aside(offset=offset)  # type: ignore[assignment]  # rows of another kind
    else:
        sought = _sought(request)
        found = queries.unclaimed(sought, offset=offset)
        rows, total = found.rows, found.total  # type: ignore[assignment]
        context |= {"found": found, "sought": sought, "kinds": _kinds(found), "whole": sum(found.events.values())}
    context |= {
        "rows": rows,
        "total": total,
        "pages": page_count(total, queries.PAGE),
        "first": min(total, offset + 1),
        "last": offset + len(rows),
    }
    return render(request, "usage/unclaimed.html", context)


@requires("usage.define")
@require_safe
def unclaimed_file(request: StaffRequest) -> StreamingHttpResponse:
    """Send what the list finds as CSV."""
    header = [_("Kind"), "ID", _("Events"), _("Active people"), _("First"), _("Last"), _("Example")]
    words = _words()
    rows = (
        [words[row.kind], row.shown, row.n, row.people, row.first_at, row.last_at, row.example]
        for row in queries.unclaimed_export(_sought(request))
    )
    file = tables.export("csv", header, rows, name="unclaimed-usage")
    return sent(request, file, now=timezone.now())


@requires("usage.define")
@require_POST
def attach(request: StaffRequest) -> HttpResponse:
    """Look for the account that the chosen usage is of, and let it count there."""
    names = _names(request)
    form = SoughtAccountForm(request.POST if "account" in request.POST or "q" in request.POST else None)
    given = form.cleaned_data if form.is_valid() else {}
    if given.get("account"):
        now = timezone.now()
        try:
            done = actions.attach(
                names=names, account_id=given["account"], viewer=request.user, by=actor_of(request.user), now=now
            )
        except actions.NoSuchAccount:
            form.add_error(None, _("This account is not there any more. Choose another."))
        except actions.NotUnclaimed:
            return _nothing(request)
        else:
            return _done(done.count, now, "attached")
    text = given.get("q") or (bare_name(names[0]) if len(names) == 1 else "")
    context = {"names": names, "shown": [bare_name(name) for name in names[:10]], "form": form, "q": given.get("q", "")}
    context["candidates"] = _candidates(request, text)
    return render(request, "usage/attach.html", context)


@requires("accounts.change")
@require_POST
def add_accounts(request: StaffRequest) -> HttpResponse:
    """Add an account for each of the chosen names, and let its usage count for it."""
    if not request.user.may("usage.define"):
        raise PermissionDenied("usage.define")
    names = _names(request)[:NEW_AT_ONCE]
    titles = {name: request.POST.get(f"title:{name}", bare_name(name)).strip() for name in names}
    problem = ""
    if request.POST.get("sure") == "1":
        now = timezone.now()
        try:
            done = actions.attach_to_new(titles=titles, user=request.user, by=actor_of(request.user), now=now)
        except RowsRefused as refused:
            fault = refused.faults[0]
            problem = f"{bare_name(fault.external_id)}: {sentence(fault)}"
        except actions.NotUnclaimed:
            return _nothing(request)
        else:
            return _done(done.count, now, "added")
    rows = [(name, bare_name(name), titles[name]) for name in names]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "usage/new_accounts.html", {"rows": rows, "problem": problem}, status=status)


@requires("usage.define")
@require_POST
def set_aside(request: StaffRequest) -> HttpResponse:
    """Do not ask about the chosen usage again."""
    now = timezone.now()
    try:
        count = actions.set_aside(names=_names(request), by=actor_of(request.user), now=now)
    except actions.NotUnclaimed:
        return _nothing(request)
    return _done(count, now, "aside")


@requires("usage.define")
@require_POST
def take_back(request: StaffRequest) -> HttpResponse:
    """Undo: what was attached or set aside at a moment, or the chosen rows, wait again."""
    form = MomentForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    moment: datetime | None = form.cleaned_data["made_at"]
    by, now = actor_of(request.user), timezone.now()
    if request.POST.get("what") == "aside":
        count = actions.ask_again(
            names=None if moment else request.POST.getlist("names"), made_at=moment, by=by, now=now
        )
    else:
        ticked = (whole_number(one, digits=18) for one in request.POST.getlist("ids"))
        ids = [one for one in ticked if one is not None]
        count = actions.detach(ids=None if moment else ids, made_at=moment, viewer=request.user, by=by, now=now)
    text = ngettext("%(count)s ID waits for an account again.", "%(count)s IDs wait for an account again.", count)
    messages.success(request, text % {"count": f"{count:,}"})
    return redirect("usage:unclaimed")


def _names(request: StaffRequest) -> list[str]:
    """Return the chosen names: those that are ticked, or all that the filter finds."""
    if request.POST.get("every") == "1":
        return queries.unclaimed_names(_sought(request))
    return request.POST.getlist("names") or request.POST.getlist("ids")


def _sought(request: StaffRequest) -> queries.Sought:
    given = request.POST if request.method == "POST" else request.GET
    sort = given.get("sort", "")
    return queries.Sought(
        kind=given.get("kind", ""),
        text=given.get("text", "").strip()[:200],
        sort=sort if sort.removeprefix("-") in queries.SORTS else "-n",
    )


def _candidates(request: StaffRequest, text: str) -> Sequence[accounts.AccountRow]:
    found = accounts.visible_to(request.user)
    if text:
        found = found.filter(accounts.matching(text))
    return accounts.rows(found.order_by("sort_key", "pk")[:CANDIDATES])


def _kinds(found: queries.UnclaimedPage) -> list[tuple[str, str, int]]:
    words = _words()
    return [(kind, words[kind], found.names.get(kind, 0)) for kind in _KINDS]


def _words() -> dict[str, str]:
    return {
        "group": _("Accounts unknown to us"),
        "user": _("People without an account"),
        "several": _("People of several accounts"),
        "visitor": _("Visitors not signed in"),
    }


def _done(count: int, now: datetime, what: str) -> HttpResponse:
    return redirect(reverse("usage:unclaimed", query={"done": what, "count": str(count), "at": now.isoformat()}))


def _nothing(request: StaffRequest) -> HttpResponse:
    messages.info(request, _("This usage counts for an account already, or none was chosen."))
    return redirect("usage:unclaimed")


def _undo(request: StaffRequest) -> dict[str, str] | None:
    """Return what was just done, in words, for it to be undone."""
    what, count, moment = (request.GET.get(name, "") for name in ("done", "count", "at"))
    number = whole_number(count, digits=9)
    if not moment or number is None:
        return None
    words = {
        "attached": ngettext(
            "%(count)s ID counts for the account from the next count on, past usage included.",
            "%(count)s IDs count for the account from the next count on, past usage included.",
            number,
        ),
        "added": ngettext(
            "%(count)s account was added. Its usage counts from the next count on, past usage included.",
            "%(count)s accounts were added. Their usage counts from the next count on, past usage included.",
            number,
        ),
        "aside": ngettext("%(count)s ID was set aside.", "%(count)s IDs were set aside.", number),
    }
    if what not in words:
        return None
    return {"what": what, "moment": moment, "text": words[what] % {"count": f"{number:,}"}}
