"""Scores and conditions that a person has set in place of the computed ones."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class ManualOverride(models.Model):
    """What a person says an account's score or condition is, for a reason and up to a day; the computed one is kept."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)  # null: as computed
    condition = models.CharField(max_length=10, blank=True)  # empty: as the score means
    reason = models.CharField(max_length=500)
    from_on = models.DateField()
    until_on = models.DateField()  # the last day on which it holds
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # Ended before its day: the first day on which it no longer held.
    ended_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(score__isnull=False) | ~models.Q(condition=""), name="override_says_something"
            ),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__range=(0, 100)), name="override_is_0_to_100"
            ),
            models.CheckConstraint(
                condition=models.Q(condition__in=("", "good", "normal", "poor")), name="override_condition_is_known"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="override_has_a_reason"),
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("from_on")), name="override_ends_after_it_begins"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "-given_at"], name="override_by_account")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.condition or self.score}"
