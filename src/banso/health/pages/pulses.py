"""What staff think of accounts: said in a few seconds, taken back as quickly."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts import queries as accounts
from banso.health import actions, queries
from banso.health.forms import PulseForm, SoughtPulsesForm
from banso.people import queries as people
from banso.people.access import StaffRequest, actor_of, requires
from banso.shared.numbers import whole_number

SHOWN = 20
ON_A_PAGE = 50


@requires("health.pulse")
def pulse(request: StaffRequest, account_id: int) -> HttpResponse:
    """Record a pulse, on a page of its own or in the dialog that another page opened."""
    account = _account(request, account_id)
    form = PulseForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    context = {"account": account, "form": form, "pulses": queries.pulses([account_id], limit=SHOWN)}
    if request.method != "POST":
        return _answer(request, context)
    if not form.is_valid():
        return _answer(request, context, status=422)
    made = actions.record_pulse(
        account_id=account_id,
        rating=form.cleaned_data["rating"],
        reason=form.cleaned_data["reason"],
        by=actor_of(request.user),
        now=timezone.now(),
    )
    if _is_fragment(request):
        return render(request, "health/pulse.html#recorded", {"account": account, "made": made})
    messages.success(request, _("The pulse was recorded."))
    return redirect(_safe(request, form.cleaned_data["next"]) or f"{request.path}?recorded={made.id}")


@requires("health.view")
def pulses(request: StaffRequest) -> HttpResponse:
    """List what was said of the accounts that the user may see, newest first, page by page."""
    form = SoughtPulsesForm(request.GET, givers=[(one.id, one.name) for one in people.staff(with_former=True)])
    form.is_valid()
    given = form.cleaned_data
    visible = accounts.visible_to(request.user)
    if given.get("q"):
        visible = visible.filter(accounts.matching(given["q"]))
    found = queries.pulses_of_visible(visible, rating=given.get("rating"), given_by=given.get("by"))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = queries.pulse_rows(page.object_list)
    names = {
        row.id: row.name
        for row in accounts.rows(
            accounts.visible_to(request.user).filter(pk__in={row.account_id for row in rows}).order_by("pk")
        )
    }
    standings = queries.standings(names)
    told = [(row, names[row.account_id], standings.get(row.account_id)) for row in rows]
    is_narrowed = any(value not in {None, ""} for value in given.values())
    return render(request, "health/pulses.html", {"form": form, "rows": told, "page": page, "is_narrowed": is_narrowed})


@require_POST
@requires("health.pulse")
def withdraw(request: StaffRequest, pulse_id: int) -> HttpResponse:
    """Take one's own pulse back."""
    found = queries.pulse_with(pulse_id)
    if found is None:
        raise Http404
    _account(request, found.account_id)
    try:
        actions.withdraw_pulse(pulse_id=pulse_id, by=actor_of(request.user), now=timezone.now())
    except actions.NotTheirs as error:
        raise PermissionDenied(str(error)) from error
    messages.success(request, _("The pulse was taken back."))
    return redirect(_safe(request, request.POST.get("next", "")) or "health:pulses")


def _account(request: StaffRequest, account_id: int) -> accounts.AccountRow:
    found = accounts.account(request.user, account_id)
    if found is None:
        raise Http404
    return found


def _answer(request: StaffRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    recorded = whole_number(request.GET.get("recorded", ""), digits=18)
    found = queries.pulse_with(recorded) if recorded is not None else None
    if found is not None and found.given_by_id != request.user.pk:
        found = None  # what somebody else thinks, perhaps of an account that one may not see, is not theirs to undo
    name = "health/pulse.html#form" if _is_fragment(request) else "health/pulse.html"
    return render(request, name, {**context, "made": found}, status=status)


def _is_fragment(request: StaffRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _safe(request: StaffRequest, address: str) -> str:
    """Return an address within this installation, or nothing."""
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_ours else ""
