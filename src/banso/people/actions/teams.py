"""Teams: who works together on which accounts."""

from datetime import datetime

from django.db import transaction

from banso.people.actions.changes import write_down
from banso.people.actions.refusals import NotOurs, TeamNameTaken
from banso.people.models import Team
from banso.people.queries import TeamRow
from banso.people.rules import Actor


@transaction.atomic
def create_team(*, name: str, by: Actor, now: datetime) -> TeamRow:
    """Make a team; raises TeamNameTaken."""
    name = name.strip()
    if Team.objects.filter(name=name).exists():
        raise TeamNameTaken
    team = Team.objects.create(name=name)
    write_down("team.added", "team", team.pk, name, details={}, by=by, now=now)
    return TeamRow(team.pk, team.name)


@transaction.atomic
def rename_team(*, team_id: int, name: str, by: Actor, now: datetime) -> None:
    """Give a team another name; raises NotOurs, TeamNameTaken."""
    name = name.strip()
    team = Team.objects.select_for_update().filter(pk=team_id).first()
    if team is None:
        raise NotOurs
    if team.name == name:
        return
    if Team.objects.filter(name=name).exclude(pk=team_id).exists():
        raise TeamNameTaken
    before, team.name = team.name, name
    team.save(update_fields=["name"])
    write_down("team.renamed", "team", team_id, name, details={"name": [before, name]}, by=by, now=now)
