"""The door for reading who works here, for which company, and what was changed about them."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import BigIntegerField, QuerySet, Value

from banso.people.models import Change, Company, Key, RefusedKey, Role, Team, User
from banso.people.rules import SCOPES, Actor, device_of

KEY_PREFIX: Final = "banso_"
# The columns of a change, named and ordered as the journal does its own, so that both can be read as one list.
CHANGE_COLUMNS: Final = (
    "id",
    "at",
    "verb",
    "actor_kind",
    "actor_id",
    "actor_label",
    "subject_kind",
    "subject_id",
    "subject_label",
    "details",
    "account_id",
)


@dataclass(frozen=True)
class CompanyRow:
    """The company of this installation; `closures` are month-days ("12-29"), closed every year beside the holidays.

    `stands_on` is the day that data of the past is looked at from, None where time goes on.
    """

    name: str
    language: str
    time_zone: str
    currency: str
    country: str
    fiscal_year_starts_in: int
    closures: tuple[str, ...]
    stands_on: date | None = None


@dataclass(frozen=True)
class StaffRow:
    id: int
    name: str
    email: str
    role: str
    reach: str = "all"
    language: str = "ja"
    time_zone: str = "Asia/Tokyo"
    is_active: bool = True
    last_sign_in_at: datetime | None = None
    teams: tuple[str, ...] = ()

    @property
    def role_label(self) -> str:
        """The role in the reader's language."""
        return str(Role(self.role).label)


@dataclass(frozen=True)
class TeamRow:
    id: int
    name: str
    members: int = 0


@dataclass(frozen=True)
class KeyRow:
    """An API key without its secret. It sees the accounts of the whole company; its scope says what it may do there."""

    id: int
    name: str
    prefix: str
    scope: str
    actor: Actor
    permissions: frozenset[str]
    made_by: str
    made_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    reach: str = "all"

    def is_usable(self, now: datetime) -> bool:
        """Return whether the key opens anything at a moment: neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True)
class RefusedKeyRow:
    """A write key that was refused: how it begins, how often it came, and when."""

    id: int
    prefix: str
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class SessionRow:
    """A device on which somebody is signed in."""

    id: int
    device: str
    ip: str
    signed_in_at: datetime
    is_current: bool


def company() -> CompanyRow:
    """Return the company's settings; as the operator's environment says, until somebody sets them."""
    found = Company.objects.filter(pk=1).first() or Company(
        language=settings.LANGUAGE_CODE, time_zone=settings.TIME_ZONE
    )
    return CompanyRow(
        name=found.name,
        language=found.language,
        time_zone=found.time_zone,
        currency=found.currency,
        country=found.country,
        fiscal_year_starts_in=found.fiscal_year_starts_in,
        closures=tuple(found.closures),
        stands_on=found.stands_on,
    )


def today(company: CompanyRow, now: datetime) -> date:
    """Return the date that the company's wall calendar shows at a moment, or the day that its data stands on."""
    return company.stands_on or now.astimezone(ZoneInfo(company.time_zone)).date()


def sessions(user: User, *, current: str, now: datetime) -> list[SessionRow]:
    """Return where a user is signed in: `current`, the key of the session that asks, first, then the newest."""
    devices = {one.session_key: one for one in UserSession.objects.filter(user=user)}
    alive = Session.objects.filter(session_key__in=devices, expire_date__gt=now)
    # A password that was set since has ended a session, though its row is still there.
    valid = user.get_session_auth_hash()
    kept = [devices[one.session_key] for one in alive if one.get_decoded().get(HASH_SESSION_KEY) == valid]
    rows = [
        SessionRow(one.pk, device_of(one.user_agent), one.ip, one.created_at, one.session_key == current)
        for one in kept
    ]
    return sorted(rows, key=lambda row: (not row.is_current, -row.signed_in_at.timestamp()))


def staff(*, with_former: bool = False) -> list[StaffRow]:
    """Return the staff by name, those who may sign in only, or with former ones after them."""
    users = staff_with_former()
    return staff_rows(users if with_former else users.filter(is_active=True))


def staff_with_former() -> QuerySet[User]:
    """Lend all users for paging, those who may sign in first; `staff_rows` turns a page of them into rows."""
    return User.objects.prefetch_related("teams").order_by("-is_active", "name", "email", "pk")


def staff_rows(users: Iterable[User]) -> list[StaffRow]:
    """Return users as rows."""
    return [_staff_row(user) for user in users]


def owners() -> list[tuple[int, str]]:
    """Return (id, name) of the staff who may sign in, by name: whom a list offers as owners; one query."""
    users = User.objects.filter(is_active=True).order_by("name", "email", "pk")
    return list(users.values_list("pk", "name"))


def staff_member(user_id: int) -> StaffRow | None:
    """Return one user, active or not."""
    user = User.objects.filter(pk=user_id).prefetch_related("teams").first()
    return _staff_row(user) if user else None


def ids_by_email(emails: list[str]) -> dict[str, int]:
    """Return the ids of active users by their e-mail addresses (lower case), as importers name owners by them."""
    wanted = {email.strip().lower() for email in emails}
    return dict(User.objects.filter(email__in=wanted, is_active=True).values_list("email", "pk").order_by("pk"))


def teams() -> list[TeamRow]:
    """Return the teams by name, with the number of their active members."""
    members: dict[int, int] = {}
    for team_id in User.teams.through.objects.filter(user__is_active=True).values_list("team_id", flat=True):
        members[team_id] = members.get(team_id, 0) + 1
    return [TeamRow(team.pk, team.name, members.get(team.pk, 0)) for team in Team.objects.order_by("name", "pk")]


def keys() -> list[KeyRow]:
    """Return all API keys, newest first, revoked and expired ones included."""
    return [key_row(key) for key in Key.objects.order_by("-made_at", "-pk")]


def key_from_header(secret: str, now: datetime) -> KeyRow | None:
    """Return the key that a secret opens at a moment, or nothing: unknown, wrong, revoked and expired look the same."""
    prefix = secret.removeprefix(KEY_PREFIX).partition("_")[0]
    key = Key.objects.filter(prefix=prefix).first() if secret.isascii() and "\0" not in secret else None
    if key is None or not hmac.compare_digest(key.digest, digest(secret)):
        return None
    row = key_row(key)
    return row if row.is_usable(now) else None


def refused_keys() -> list[RefusedKeyRow]:
    """Return the write keys with which events were refused, the latest first: what they sent is lost."""
    rows = RefusedKey.objects.order_by("-last_at", "pk")
    return [RefusedKeyRow(row.pk, row.prefix, row.count, row.first_at, row.last_at) for row in rows]


def digest(secret: str) -> str:
    """Return what is kept of a secret: a plain hash, which is enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def changes() -> QuerySet[Change, dict[str, Any]]:
    """Lend the changes of users, teams, keys and the company, as CHANGE_COLUMNS, unordered; the journal reads them."""
    # No change of people concerns an account; the column stands for the journal's.
    with_account = Change.objects.annotate(account_id=Value(None, output_field=BigIntegerField(null=True)))
    rows: QuerySet[Change, dict[str, Any]] = with_account.values(*CHANGE_COLUMNS)
    return rows


def key_row(key: Key) -> KeyRow:
    """Return a key as others may see it."""
    return KeyRow(
        id=key.pk,
        name=key.name,
        prefix=key.prefix,
        scope=key.scope,
        actor=Actor(kind="key", id=key.pk, label=key.name),
        permissions=SCOPES[key.scope],
        made_by=key.made_by,
        made_at=key.made_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        revoked_at=key.revoked_at,
    )


def _staff_row(user: User) -> StaffRow:
    return StaffRow(
        id=user.pk,
        name=user.name,
        email=user.email,
        role=user.role,
        reach=user.reach,
        language=user.language,
        time_zone=user.time_zone,
        is_active=user.is_active,
        last_sign_in_at=user.last_login,
        teams=tuple(sorted(team.name for team in user.teams.all())),
    )
