"""Who works here: the list of users, adding, changing, sending away; and what each role may do."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.people import actions, queries
from banso.people.access import StaffRequest, actor_of, requires
from banso.people.forms import AddUserForm, SetPasswordForm, UserForm
from banso.people.models import Role
from banso.people.pages.filled import done, is_saved, shown
from banso.people.queries import StaffRow
from banso.people.rules import PERMISSIONS, ROLES

ON_A_PAGE: Final = 50


@requires("people.manage")
def users(request: StaffRequest) -> HttpResponse:
    """List the users, those who may sign in first."""
    page = Paginator(queries.staff_with_former(), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/users.html", {"users": queries.staff_rows(page.object_list), "page": page})


@requires("people.manage")
def add(request: StaffRequest) -> HttpResponse:
    """Add a user with a first password."""
    ours = queries.company()
    initial = {"role": Role.CSM, "reach": "all", "language": ours.language, "time_zone": ours.time_zone}
    form = AddUserForm(request.POST or None, initial=initial)
    by, now = actor_of(request.user), timezone.now()
    if form.is_bound and is_saved(form, lambda given: actions.create_user(by=by, now=now, **given)):
        text = _("%(name)s was added, and can sign in with the first password.")
        return done(request, text % {"name": form.cleaned_data["name"]}, "people:users")
    return shown(request, "people/user_add.html", form)


@requires("people.manage")
def change(request: StaffRequest, user_id: int) -> HttpResponse:
    """Change a user's name, address, role, reach, teams, language and time zone."""
    user = _found(user_id)
    form = UserForm(request.POST or None, initial=_facts(user))
    by, now = actor_of(request.user), timezone.now()
    if form.is_bound and is_saved(form, lambda given: actions.change_user(user_id=user_id, by=by, now=now, **given)):
        return done(request, _("%(name)s was changed.") % {"name": form.cleaned_data["name"]}, "people:users")
    return shown(request, "people/user.html", form, user=user, password_form=SetPasswordForm(), me=request.user.pk)


@requires("people.manage")
@require_POST
def set_password(request: StaffRequest, user_id: int) -> HttpResponse:
    """Give a user another password, who has forgotten theirs."""
    user = _found(user_id)
    form = SetPasswordForm(request.POST)
    by, now = actor_of(request.user), timezone.now()
    if is_saved(form, lambda given: actions.set_password(user_id=user_id, password=given["new"], by=by, now=now)):
        return done(request, _("%(name)s has a new password.") % {"name": user.name}, "people:user", user_id)
    status = 422
    more = {"form": UserForm(initial=_facts(user)), "password_form": form, "user": user, "me": request.user.pk}
    return render(request, "people/user.html", more, status=status)


@requires("people.manage")
@require_POST
def deactivate(request: StaffRequest, user_id: int) -> HttpResponse:
    """Let a user sign in no more."""
    user = _found(user_id)
    try:
        actions.deactivate_user(user_id=user_id, by=actor_of(request.user), now=timezone.now())
    except actions.LastAdministrator as refusal:
        form = UserForm(initial=_facts(user))
        more = {"form": form, "password_form": SetPasswordForm(), "user": user, "refusal": str(refusal)}
        return render(request, "people/user.html", more, status=422)
    return done(request, _("%(name)s can sign in no more.") % {"name": user.name}, "people:users")


@requires("people.manage")
@require_POST
def reactivate(request: StaffRequest, user_id: int) -> HttpResponse:
    """Let a former user sign in again."""
    user = _found(user_id)
    actions.reactivate_user(user_id=user_id, by=actor_of(request.user), now=timezone.now())
    return done(request, _("%(name)s can sign in again.") % {"name": user.name}, "people:users")


@requires("people.view")
def roles(request: StaffRequest) -> HttpResponse:
    """Show which role may do what."""
    words = permission_words()
    rows = [(words[name], [name in ROLES[role] for role in ROLES]) for name in PERMISSIONS]
    return render(request, "people/roles.html", {"roles": [Role(role).label for role in ROLES], "rows": rows})


def permission_words() -> dict[str, str]:
    """Return what each permission lets one do."""
    return {
        "accounts.view": _("See accounts, their people and notes"),
        "accounts.change": _("Change accounts and their people"),
        "accounts.assign": _("Decide who owns an account"),
        "accounts.note": _("Write notes"),
        "accounts.export": _("Export lists"),
        "company.change": _("Change the company's settings"),
        "contracts.view": _("See contracts"),
        "contracts.change": _("Change contracts"),
        "health.view": _("See health"),
        "health.alert": _("Snooze and resolve alerts"),
        "health.pulse": _("Record a pulse"),
        "health.define": _("Define measures and drafts of scorecards"),
        "health.override": _("Set scores by hand"),
        "health.publish": _("Publish scorecards"),
        "intake.import": _("Import files"),
        "intake.sources": _("Set up sources that are read by themselves"),
        "journal.view": _("See what happened to an account"),
        "audit.view": _("See the audit of everything done"),
        "keys.manage": _("Make and revoke API keys"),
        "me.change": _("Change one's own settings"),
        "operations.run": _("Try jobs again, pause the schedule"),
        "operations.view": _("See jobs and queues"),
        "people.view": _("See who works here"),
        "people.manage": _("Manage users and teams"),
        "usage.define": _("Say what events and releases stand for"),
        "usage.view": _("See usage"),
        "views.share": _("Share saved views"),
    }


def _found(user_id: int) -> StaffRow:
    user = queries.staff_member(user_id)
    if user is None:
        raise Http404
    return user


def _facts(user: StaffRow) -> dict[str, Any]:
    return {**vars(user), "teams": [team.id for team in queries.teams() if team.name in user.teams]}
