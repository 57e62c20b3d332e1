"""Customers as a tree, the people in them, and how we sort them."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _


class DirectoryKey(models.CharField[str, str]):
    """Text that sorts by its characters' numbers on every database, whatever the server's own language is."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        found = super().db_parameters(connection)
        return {**found, "collation": "C"} if connection.vendor == "postgresql" else found


class Segment(models.Model):
    """A kind of customer that we treat alike, such as enterprise or small business."""

    name = models.CharField(max_length=100, unique=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="segment_name_is_given"),
        ]

    def __str__(self) -> str:
        return self.name


class Stage(models.Model):
    """Where a customer stands on the way: onboarding, adoption, renewal."""

    name = models.CharField(max_length=100, unique=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="stage_name_is_given"),
        ]

    def __str__(self) -> str:
        return self.name


class AccountKind(models.TextChoices):
    COMPANY = "company", _("Company")
    DEPARTMENT = "department", _("Department")


class Account(models.Model):
    """A customer: a company, or a department of one."""

    external_id = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    # How the name is read (kana), for sorting; and its bare form for finding, without 株式会社 and the like.
    reading = models.CharField(max_length=200, blank=True)
    sort_key = DirectoryKey(max_length=400, db_index=True)
    search_key = models.CharField(max_length=400)
    kind = models.CharField(max_length=20, choices=AccountKind, default=AccountKind.COMPANY)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    segment = models.ForeignKey(Segment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    stage = models.ForeignKey(Stage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    customer_since_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    fields = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(external_id=""), name="account_external_id_is_given"),
            models.CheckConstraint(condition=~models.Q(name=""), name="account_name_is_given"),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="account_is_not_its_own_parent",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=AccountKind.values), name="account_kind_is_known"),
            models.CheckConstraint(
                condition=models.Q(customer_since_on__isnull=True)
                | models.Q(left_on__isnull=True)
                | models.Q(left_on__gte=models.F("customer_since_on")),
                name="account_leaves_after_it_came",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExternalId(models.Model):
    """What another system calls this account."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="external_ids")
    source = models.CharField(max_length=100)
    value = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "value"], name="external_id_is_unique_in_its_source"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.value}"


class FieldKind(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    BOOLEAN = "boolean", _("Yes or no")
    CHOICE = "choice", _("Choice")


class CustomField(models.Model):
    """A typed field that this company keeps about its accounts; values live in Account.fields under the key."""

    key = models.SlugField(max_length=60, unique=True)
    label = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=FieldKind)
    choices = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=FieldKind.values), name="custom_field_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.label


class PersonRole(models.TextChoices):
    CHAMPION = "champion", _("Champion")
    DECIDER = "decider", _("Decision maker")
    ADMINISTRATOR = "administrator", _("Administrator")
    USER = "user", _("User")


class Person(models.Model):
    """Someone at a customer."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="people")
    external_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    title = models.CharField(max_length=200, blank=True)
    department = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=PersonRole, default=PersonRole.USER)
    left_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "external_id"], name="person_is_once_in_an_account"),
            models.CheckConstraint(condition=models.Q(role__in=PersonRole.values), name="person_role_is_known"),
            models.CheckConstraint(condition=~models.Q(external_id=""), name="person_external_id_is_given"),
            models.CheckConstraint(condition=~models.Q(name=""), name="person_name_is_given"),
        ]

    def __str__(self) -> str:
        return self.name


class Note(models.Model):
    """What a member of staff wrote down about an account."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="notes")
    body = models.TextField(max_length=20_000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)
    # A note that was taken away can be brought back.
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(body=""), name="note_body_is_given"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-written_at", "-id"], name="note_by_account"),
        ]

    def __str__(self) -> str:
        return self.body[:50]


class NoteVersion(models.Model):
    """What a note said before it was changed."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="versions")
    body = models.TextField(max_length=20_000)
    replaced_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.body[:50]


class SavedView(models.Model):
    """A filtered, sorted list of accounts under a name: a tab of the portfolio."""

    name = models.CharField(max_length=100)
    # The query string of the list: filters, sort and columns, as the address bar shows them.
    query = models.CharField(max_length=2000, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_shared = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="saved_view_name_is_given"),
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_is_once_for_its_owner"),
        ]

    def __str__(self) -> str:
        return self.name
