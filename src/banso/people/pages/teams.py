"""Teams: the list, adding one, giving one another name."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.people import actions, queries
from banso.people.access import StaffRequest, actor_of, requires
from banso.people.forms import TeamForm
from banso.people.pages.filled import done, is_saved, shown


@requires("people.manage")
def teams(request: StaffRequest) -> HttpResponse:
    """List the teams, and add one."""
    form = TeamForm(request.POST or None)
    by, now = actor_of(request.user), timezone.now()
    if form.is_bound and is_saved(form, lambda given: actions.create_team(by=by, now=now, **given)):
        return done(request, _("The team was added."), "people:teams")
    return shown(request, "people/teams.html", form, teams=queries.teams())


@requires("people.manage")
def rename(request: StaffRequest, team_id: int) -> HttpResponse:
    """Give a team another name."""
    team = next((team for team in queries.teams() if team.id == team_id), None)
    if team is None:
        raise Http404
    form = TeamForm(request.POST or None, initial={"name": team.name})
    by, now = actor_of(request.user), timezone.now()
    if form.is_bound and is_saved(form, lambda given: actions.rename_team(team_id=team_id, by=by, now=now, **given)):
        return done(request, _("The team was renamed."), "people:teams")
    return shown(request, "people/team.html", form, team=team)
