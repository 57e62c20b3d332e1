"""What was noticed of accounts, what people did about it, and how watching is set."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    DROP = "drop", _("Use fell")


class Closing(models.TextChoices):
    BACK = "back", _("Use is back")
    LEFT = "left", _("No longer watched")
    RESOLVED = "resolved", _("Resolved")


class Alert(models.Model):
    """Something about an account that somebody should look at: open once for each account, kind and reason."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(max_length=50)  # what it was noticed in: "use", all events of the product
    since_on = models.DateField()  # the Monday of the week in which it changed
    seen_on = models.DateField()  # the day after the week in which it was seen
    # Change against what was expected, from the change until it was seen: -0.3 is 30 % less, with its 80 % interval.
    size = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    usual = models.FloatField()  # events expected in the last whole week
    latest = models.FloatField()  # events in it
    # The last weeks as the chart shows them: Monday, events, expected, and the band of four weeks in five.
    course = models.JSONField(default=list)
    as_of_on = models.DateField()
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closing = models.CharField(max_length=10, choices=Closing, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "kind", "reason"],
                condition=models.Q(closed_at__isnull=True),
                name="alert_is_open_once",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="alert_kind_is_known"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closing="")
                | models.Q(closed_at__isnull=False, closing__in=Closing.values),
                name="alert_is_closed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(since_on__lt=models.F("seen_on")), name="alert_is_seen_after_it_began"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["closed_at", "-seen_on"], name="alert_by_day")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.kind} {self.since_on}"


class Snooze(models.Model):
    """An alert rests until a day: who said so, and why. The newest counts; all are kept."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="snoozes")
    until_on = models.DateField()  # the first day on which it is heard again
    reason = models.CharField(max_length=1000)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)  # somebody ended it before its day, or another came in its place

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alert"], condition=models.Q(ended_at__isnull=True), name="snooze_counts_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.until_on}"


class Watching(models.Model):
    """How many false alarms a year somebody asked for, for each account. The newest counts; all are kept."""

    alarms_a_year = models.DecimalField(max_digits=4, decimal_places=2)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(alarms_a_year__range=("0.05", "6.00")), name="alarms_a_year_are_few"
            ),
        ]

    def __str__(self) -> str:
        return str(self.alarms_a_year)


class Outlook(models.Model):
    """What the last watching rested on: one row, made anew by the job."""

    is_computed = True

    as_of_on = models.DateField()
    computed_at = models.DateTimeField()
    alarms_a_year = models.DecimalField(max_digits=4, decimal_places=2)
    watched = models.PositiveIntegerField()  # accounts
    small = models.PositiveIntegerField()  # accounts with too few seats or events
    quiet_weeks = models.PositiveIntegerField()  # account-weeks that the heights were learned from
    needed_weeks = models.PositiveIntegerField(default=0)  # where they did not suffice: how many are needed
    outages = models.JSONField(default=list)  # Monday and what all accounts still did, as a share
    # Small accounts: account, events in the last four weeks, in four usual ones, their ratio and its interval.
    months = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.as_of_on)
