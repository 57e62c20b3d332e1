"""One's own settings: name, language, time zone, password, open sessions; and the language of a visitor."""

from allauth.usersessions.models import UserSession
from django.conf import settings as site
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.people import actions, queries
from banso.people.access import StaffRequest, User, actor_of, public, requires
from banso.people.forms import MeForm, PasswordForm, SessionForm
from banso.people.pages.filled import done, is_saved, shown


@requires("me.change")
def settings(request: StaffRequest) -> HttpResponse:
    """Show which settings there are for this person."""
    return render(request, "people/settings.html", {"permissions": request.user.permissions})


@requires("me.change")
def me(request: StaffRequest) -> HttpResponse:
    """Change one's own name, language and time zone."""
    user = request.user
    initial = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
    form = MeForm(request.POST or None, initial=initial)
    now, by = timezone.now(), actor_of(user)
    if form.is_bound and is_saved(form, lambda given: actions.change_user(user_id=user.pk, by=by, now=now, **given)):
        with override(form.cleaned_data["language"]):
            return done(request, _("Your settings were saved."), "people:me")
    sessions = queries.sessions(user, current=request.session.session_key or "", now=now)
    return shown(request, "people/me.html", form, sessions=sessions)


@requires("me.change")
def password(request: StaffRequest) -> HttpResponse:
    """Change one's own password; other sessions end, this one goes on."""
    user = request.user
    form = PasswordForm(request.POST or None, user=user)
    now, by = timezone.now(), actor_of(user)
    if form.is_bound and is_saved(
        form, lambda given: actions.set_password(user_id=user.pk, password=given["new"], by=by, now=now)
    ):
        user.refresh_from_db()
        update_session_auth_hash(request, user)
        UserSession.objects.create_from_request(request)  # this session goes on under another key
        return done(request, _("Your password was changed. You were signed out everywhere else."), "people:me")
    return shown(request, "people/password.html", form)


@requires("me.change")
@require_POST
def sign_out_elsewhere(request: StaffRequest) -> HttpResponse:
    """End one's session on another device, or on all others."""
    form = SessionForm(request.POST)
    if not form.is_valid():
        raise Http404
    only = form.cleaned_data["session"]
    by, keep = actor_of(request.user), request.session.session_key or ""
    actions.sign_out_elsewhere(user_id=request.user.pk, keep=keep, only=only, by=by, now=timezone.now())
    said = _("You were signed out everywhere else.") if only is None else _("You were signed out there.")
    return done(request, said, "people:me")


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language: to a visitor by a cookie, to staff by their own setting too."""
    wanted = request.POST.get("language", "")
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    response = redirect(target if is_ours else "/")
    if wanted in dict(site.LANGUAGES) and check_for_language(wanted):
        if isinstance(request.user, User):
            actions.speak(user=request.user, language=wanted, now=timezone.now())
        response.set_cookie(
            site.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=365 * 24 * 3600,
            secure=site.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
