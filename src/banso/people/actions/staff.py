"""Users: added, changed, sent away and taken back; there is always an administrator left."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from banso.people.actions.changes import write_down
from banso.people.actions.refusals import (
    EmailTaken,
    LastAdministrator,
    NotAnAddress,
    NotOurs,
    UnknownChoice,
    WeakPassword,
)
from banso.people.models import Reach, Role, Team, User
from banso.people.queries import company
from banso.people.rules import Actor, differences


@transaction.atomic
def create_user(
    *,
    email: str,
    name: str,
    role: str,
    password: str | None,
    by: Actor,
    now: datetime,
    language: str | None = None,
    time_zone: str | None = None,
    reach: str = Reach.ALL,
    teams: Iterable[int] = (),
) -> User:
    """Add a user who can sign in at once (or, without a password, after one is set).

    Language and time zone are the company's where not given.
    Raises NotAnAddress, EmailTaken, UnknownChoice, WeakPassword.
    """
    ours = company()
    facts = {
        "email": _email(email),
        "name": name.strip(),
        "role": role,
        "reach": reach,
        "language": language or ours.language,
        "time_zone": time_zone or ours.time_zone,
    }
    _check(facts)
    if User.objects.filter(email=facts["email"]).exists():
        raise EmailTaken
    user = User(**facts)
    _check_password(password, user)
    user.set_password(password)
    user.save()
    user.teams.set(_teams(teams))
    details = {"role": role, "reach": reach, "teams": _team_names(user)}
    write_down("user.added", "user", user.pk, user.email, details=details, by=by, now=now)
    return user


@transaction.atomic
def change_user(
    *,
    user_id: int,
    by: Actor,
    now: datetime,
    email: str | None = None,
    name: str | None = None,
    role: str | None = None,
    reach: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
    teams: Iterable[int] | None = None,
) -> User:
    """Change what is given and leave the rest.

    Raises NotOurs, NotAnAddress, EmailTaken, UnknownChoice, and LastAdministrator where no other active administrator
    would be left.
    """
    user = _locked(user_id)
    given = {
        "email": None if email is None else _email(email),
        "name": None if name is None else name.strip(),
        "role": role,
        "reach": reach,
        "language": language,
        "time_zone": time_zone,
    }
    changed = _change_facts(user, {field: value for field, value in given.items() if value is not None})
    if teams is not None:
        changed |= _change_teams(user, teams)
    if changed:
        write_down("user.changed", "user", user.pk, user.email, details=changed, by=by, now=now)
    return user


@transaction.atomic
def deactivate_user(*, user_id: int, by: Actor, now: datetime) -> None:
    """Let a user sign in no more, at once, open sessions included; raises NotOurs, LastAdministrator."""
    user = _locked(user_id)
    if not user.is_active:
        return
    _keep_an_administrator(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    write_down("user.deactivated", "user", user.pk, user.email, details={}, by=by, now=now)


@transaction.atomic
def reactivate_user(*, user_id: int, by: Actor, now: datetime) -> None:
    """Let a former user sign in again, with the role and teams they had; raises NotOurs."""
    user = _locked(user_id)
    if user.is_active:
        return
    user.is_active = True
    user.save(update_fields=["is_active"])
    write_down("user.reactivated", "user", user.pk, user.email, details={}, by=by, now=now)


@transaction.atomic
def set_password(*, user_id: int, password: str, by: Actor, now: datetime) -> User:
    """Give a user another password, which ends their other sessions; raises NotOurs, WeakPassword."""
    user = _locked(user_id)
    _check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    write_down("user.password_set", "user", user.pk, user.email, details={}, by=by, now=now)
    return user


def speak(*, user: User, language: str, now: datetime) -> None:
    """Speak another language to a user who asked for it; raises UnknownChoice."""
    by = Actor(kind="user", id=user.pk, label=user.name or user.email)
    change_user(user_id=user.pk, language=language, by=by, now=now)


def note_sign_in(*, user: User, now: datetime) -> None:
    """Write down that a user signed in."""
    by = Actor(kind="user", id=user.pk, label=user.name or user.email)
    write_down("user.signed_in", "user", user.pk, user.email, details={}, by=by, now=now)


def _locked(user_id: int) -> User:
    # The administrators are locked with them, all in one order, so that two can neither send each other away at the
    # same moment nor wait for each other.
    wanted = Q(pk=user_id) | Q(role=Role.ADMIN, is_active=True)
    found = {user.pk: user for user in User.objects.select_for_update().filter(wanted).order_by("pk")}
    if user_id not in found:
        raise NotOurs
    return found[user_id]


def _change_facts(user: User, facts: dict[str, str]) -> dict[str, list[object]]:
    _check(facts)
    if facts.get("role", Role.ADMIN) != Role.ADMIN:
        _keep_an_administrator(user)
    if User.objects.filter(email=facts.get("email", "")).exclude(pk=user.pk).exists():
        raise EmailTaken
    changed = differences({field: getattr(user, field) for field in facts}, facts)
    for field, value in facts.items():
        setattr(user, field, value)
    user.save(update_fields=list(facts))
    if "email" in changed:
        # allauth remembers addresses of its own, and would go on letting the old one in.
        EmailAddress.objects.filter(user=user).delete()
    return changed


def _change_teams(user: User, teams: Iterable[int]) -> dict[str, list[object]]:
    before = _team_names(user)
    user.teams.set(_teams(teams))
    return differences({"teams": before}, {"teams": _team_names(user)})


def _keep_an_administrator(leaving: User) -> None:
    if leaving.role != Role.ADMIN or not leaving.is_active:
        return
    if not User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=leaving.pk).exists():
        raise LastAdministrator


def _email(text: str) -> str:
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise NotAnAddress(email) from error
    return email


def _check(facts: dict[str, str]) -> None:
    known: dict[str, Iterable[str]] = {
        "role": Role.values,
        "reach": Reach.values,
        "language": dict(settings.LANGUAGES),
        "time_zone": available_timezones(),
    }
    for field, value in facts.items():
        if field in known and value not in known[field]:
            raise UnknownChoice(field, value)


def _check_password(password: str | None, user: User) -> None:
    if password is None:
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(list(error.messages)) from error


def _teams(ids: Iterable[int]) -> list[Team]:
    wanted = set(ids)
    found = list(Team.objects.filter(pk__in=wanted).order_by("pk"))
    if len(found) != len(wanted):
        raise UnknownChoice("team", ", ".join(map(str, sorted(wanted - {team.pk for team in found}))))
    return found


def _team_names(user: User) -> list[str]:
    return list(user.teams.order_by("name", "pk").values_list("name", flat=True))
