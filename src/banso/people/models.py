"""Staff, their teams and keys, and the company that runs this installation."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from banso.people.rules import ROLES, SCOPES


class Role(models.TextChoices):
    ADMIN = "admin", _("Administrator")
    MANAGER = "manager", _("Manager")
    CSM = "csm", _("CSM")
    READ_ONLY = "read_only", _("Read only")


class Reach(models.TextChoices):
    ALL = "all", _("All accounts")
    TEAMS = "teams", _("Accounts of their own teams")


class Company(models.Model):
    """The company that runs this installation; there is one row."""

    name = models.CharField(max_length=200)
    language = models.CharField(max_length=5, default="ja")
    time_zone = models.CharField(max_length=64, default="Asia/Tokyo")
    currency = models.CharField(max_length=3, default="JPY")
    country = models.CharField(max_length=2, default="JP")
    fiscal_year_starts_in = models.PositiveSmallIntegerField(default=4)
    # Month-day pairs ("12-29") on which the company is closed every year, beside the national holidays.
    closures = models.JSONField(default=list)
    # Set for data that ends in the past: every page and job then takes this day for today.
    stands_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="company_is_one"),
            models.CheckConstraint(
                condition=models.Q(fiscal_year_starts_in__range=(1, 12)), name="company_fiscal_month_is_a_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    name = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Finds users by e-mail for Django; making them is the work of `people.actions`, which writes it down."""


class User(AbstractBaseUser, PermissionsMixin):
    """A member of staff. Signs in by e-mail; what they may do follows from the role, what they see from the reach."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=20, choices=Role, default=Role.CSM)
    reach = models.CharField(max_length=10, choices=Reach, default=Reach.ALL)
    teams = models.ManyToManyField(Team, blank=True, related_name="members")
    language = models.CharField(max_length=5, default="ja")
    time_zone = models.CharField(max_length=64, default="Asia/Tokyo")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_is_unique_whatever_its_case"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_is_known"),
            models.CheckConstraint(condition=models.Q(reach__in=Reach.values), name="user_reach_is_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def permissions(self) -> frozenset[str]:
        """What the role allows; nothing to a former user."""
        return ROLES.get(self.role, frozenset()) if self.is_active else frozenset()

    def may(self, permission: str) -> bool:
        """Answer the navigation, which shows only what can be opened."""
        return permission in self.permissions

    @property
    def is_staff(self) -> bool:
        """Django's admin pages are for administrators."""
        return self.role == Role.ADMIN


class Key(models.Model):
    """An API key: shown once when made, kept as a hash."""

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scope = models.CharField(max_length=20)
    # A label, not a relation: a key outlives whoever made it.
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(scope__in=sorted(SCOPES)), name="key_scope_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class RefusedKey(models.Model):
    """A write key that nobody made, or that was revoked, and with which somebody keeps sending events."""

    # How the key begins: enough to find the program that uses it, too little to use.
    prefix = models.CharField(max_length=20, unique=True)
    count = models.PositiveBigIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.prefix}…"


class KeptForever(Exception):
    """What was written down about a change is never altered or removed."""


class ChangeQuerySet(models.QuerySet["Change"]):
    def update(self, **_fields: Any) -> int:
        raise KeptForever

    def delete(self) -> tuple[int, dict[str, int]]:
        raise KeptForever


class Change(models.Model):
    """Who changed what about users, teams, keys and the company; shaped like the entries of the journal above us."""

    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    subject_label = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-at", "-id"], name="change_by_time")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise KeptForever
        super().save(**options)

    def delete(self, *_args: Any, **_options: Any) -> tuple[int, dict[str, int]]:
        raise KeptForever


class CacheEntry(models.Model):
    """The table of Django's DatabaseCache, in which sign-ins are counted; a migration makes it on every database."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "cache"

    def __str__(self) -> str:
        return self.cache_key
