"""Where each account stands now."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from banso.health.models.definitions import Scorecard
from banso.health.models.overrides import ManualOverride


class Condition(models.TextChoices):
    GOOD = "good", _("Good")
    NORMAL = "normal", _("Normal")
    POOR = "poor", _("Poor")
    UNKNOWN = "unknown", _("Not known")


class Standing(models.Model):
    """Where one account stands now, and how it came there: what lists sort by. Rebuilt by the health job."""

    is_computed = True

    account = models.OneToOneField("accounts.Account", on_delete=models.CASCADE, related_name="+")
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="+")
    as_of_on = models.DateField()
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)  # 0.0–100.0; null: not known
    score_week_ago = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    change = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    coverage = models.DecimalField(max_digits=4, decimal_places=3, default=0)  # share of weight that is known
    level = models.PositiveSmallIntegerField(null=True)  # 1–4
    condition = models.CharField(max_length=10, choices=Condition, default=Condition.UNKNOWN)
    condition_since_on = models.DateField(null=True)
    # Without what a person has set in its place.
    computed = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    override = models.ForeignKey(ManualOverride, null=True, on_delete=models.SET_NULL, related_name="+")
    # The parts behind the score, the moves behind its change, both as health.rules has them; the last 26 weekly scores.
    parts = models.JSONField(default=list)
    adjustments = models.JSONField(default=list)  # what the accounts below, exceptions and people made of them
    moves = models.JSONField(default=list)
    weeks = models.JSONField(default=list)
    last_used_on = models.DateField(null=True)
    left_on = models.DateField(null=True)  # the first day on which it was no customer; then score and change are null
    computed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(condition__in=Condition.values), name="condition_is_known"),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__range=(0, 100)), name="score_is_0_to_100"
            ),
            models.CheckConstraint(
                condition=models.Q(level__isnull=True) | models.Q(level__range=(1, 4)), name="level_is_1_to_4"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["score", "account"], name="standing_by_score"),
            models.Index(fields=["change", "account"], name="standing_by_change"),
            # Lists ask this of every account: the index answers without a step into the wide row.
            models.Index(fields=["account", "condition", "change", "score", "level"], name="standing_in_short"),
            models.Index(fields=["condition", "account"], name="standing_by_condition"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.score}"
