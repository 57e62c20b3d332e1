"""Where the quantities of contracts stand against their limits, which limits were passed, and what was foreseen."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    OVER = "over", _("Over the limit")
    EXPECTED = "expected", _("Expected to pass")
    UNLIKELY = "unlikely", _("Not expected to pass")
    TOO_LITTLE = "too_little", _("Too little history")
    UNLINKED = "unlinked", _("Nothing counts yet")


class Outcome(models.TextChoices):
    HIT = "hit", _("Within the interval")
    EARLY = "early", _("Earlier than foreseen")
    LATE = "late", _("Later than foreseen")
    VOID = "void", _("The limit changed")


class Standing(models.Model):
    """Where one quantity of an account stands: what lists sort by. Made anew by the job of limits.

    Lines of an account that are counted alike hold one quantity together: the row is that of the first.
    """

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    line = models.OneToOneField("contracts.Line", on_delete=models.CASCADE, related_name="+")
    as_of_on = models.DateField()
    basis = models.CharField(max_length=200)  # what was counted against what; another basis is another question
    limit = models.BigIntegerField()  # of all lines that hold the quantity together
    used = models.FloatField()
    share = models.FloatField(null=True)  # used ÷ limit; null where the limit is nothing
    state = models.CharField(max_length=10, choices=State)
    starts_on = models.DateField()  # of the running period
    ends_on = models.DateField(null=True)  # the first day after it
    counted_since_on = models.DateField(null=True)  # where counting began within the period
    crosses_on = models.DateField(null=True)  # when it was passed, or is expected to be
    low_on = models.DateField(null=True)
    high_on = models.DateField(null=True)  # null with an expected day: beyond the horizon
    probability = models.FloatField(null=True)  # of passing within the horizon
    history_days = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(null=True)  # when it was last told that the crossing is near
    computed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="limit_state_is_known"),
            models.CheckConstraint(
                condition=~models.Q(state="expected") | models.Q(crosses_on__isnull=False, low_on__isnull=False),
                name="limit_is_never_foreseen_without_interval",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="over") | models.Q(crosses_on__isnull=False), name="limit_was_passed_on_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(probability__isnull=True) | models.Q(probability__range=(0, 1)),
                name="limit_probability_is_0_to_1",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account"], name="limit_by_account"),
            models.Index(fields=["state", "crosses_on"], name="limit_by_crossing"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.used} / {self.limit}"


class Crossing(models.Model):
    """A limit was passed: once in a period, and once for each time that a level rises above it."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    line = models.ForeignKey("contracts.Line", on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField()  # of the period; of a level, the day it rose above the limit
    crossed_on = models.DateField()
    limit = models.BigIntegerField()
    noticed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "starts_on"], name="crossing_is_once_a_period"),
            models.CheckConstraint(
                condition=models.Q(crossed_on__gte=models.F("starts_on")), name="crossing_is_within_its_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.crossed_on}"


class Forecast(models.Model):
    """What was foreseen of a quantity, kept once a week, and how it turned out."""

    line = models.ForeignKey("contracts.Line", on_delete=models.CASCADE, related_name="+")
    week_on = models.DateField()  # the Monday of its week
    made_on = models.DateField()
    basis = models.CharField(max_length=200)
    expected_on = models.DateField(null=True)  # null: it was not expected to pass
    low_on = models.DateField(null=True)
    high_on = models.DateField(null=True)
    probability = models.FloatField()
    settles_on = models.DateField()  # the last day of the interval, or of the horizon
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "week_on"], name="forecast_is_once_a_week"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", *Outcome.values]), name="forecast_outcome_known"
            ),
            models.CheckConstraint(
                condition=models.Q(expected_on__isnull=True) | models.Q(low_on__isnull=False),
                name="forecast_has_an_interval",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["outcome", "settles_on"], name="forecast_by_settling")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.made_on}"
