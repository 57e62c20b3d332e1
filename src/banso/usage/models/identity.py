"""Whose usage it is: people in accounts, the other names of people, and usage that was given to an account."""

from typing import ClassVar

from django.db import models


class Membership(models.Model):
    """A person of the product in a group of it, as `group` calls tell; the group may be no account of ours yet."""

    person = models.CharField(max_length=200)
    group = models.CharField(max_length=200)
    since_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "group"], name="membership_is_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.group}"


class Alias(models.Model):
    """A name that a person had before they signed in, as `identify` and `alias` calls tell; the first word counts."""

    previous = models.CharField(max_length=200, unique=True)
    person = models.CharField(max_length=200, db_index=True)
    since_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(previous=models.F("person")), name="alias_is_another_name"),
        ]

    def __str__(self) -> str:
        return f"{self.previous} → {self.person}"


class Attachment(models.Model):
    """Usage that came without an account, under a name of its own, and counts for an account now."""

    name = models.CharField(max_length=220, unique=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200, blank=True)  # nobody: found out from what clients told
    made_account = models.BooleanField(default=False)  # the account was added for it

    is_computed = True  # goes with its account; the usage waits again

    def __str__(self) -> str:
        return self.name


class SetAside(models.Model):
    """A name of unclaimed usage that somebody does not want to be asked about."""

    name = models.CharField(max_length=220, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name
