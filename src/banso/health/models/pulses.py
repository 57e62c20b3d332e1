"""What people think of an account, beside its score."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Pulse(models.Model):
    """What a member of staff thinks of an account's health, beside the score. The newest counts; all are kept."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    rating = models.PositiveSmallIntegerField()  # 1 (will leave) – 5 (thriving)
    reason = models.CharField(max_length=1000, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField()
    # Taken back by its author: kept, no longer counted.
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(rating__range=(1, 5)), name="pulse_is_1_to_5"),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "-given_at"], name="pulse_by_account")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.rating}"
