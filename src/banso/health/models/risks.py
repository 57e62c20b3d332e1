"""What was learnt about leaving, and how likely each account is to leave."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from banso.health.models.definitions import Scorecard


class Loss(models.TextChoices):
    RENEWAL = "renewal", _("not renewing")
    SILENCE = "silence", _("90 days without use")


class RiskModel(models.Model):
    """One version of what was learnt about leaving, with what it rests on. The newest counts; a version never changes.

    `method` is empty where there were too few losses for a model: then the rates by level count.
    """

    version = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="+")
    loss = models.CharField(max_length=10, choices=Loss)
    method = models.CharField(max_length=10, blank=True)
    accounts = models.PositiveIntegerField()
    decisions = models.PositiveIntegerField()
    losses = models.PositiveIntegerField()
    missing = models.PositiveIntegerField(default=0)  # losses, or customers who stayed, that a model needs besides
    first_on = models.DateField(null=True)  # of the decisions learnt from
    last_on = models.DateField(null=True)
    seed = models.PositiveIntegerField()
    measures = models.JSONField(default=list)  # key and coefficient for one standard deviation of points
    rates = models.JSONField(default=list)  # level (0: all), decisions, losses, rate, low, high

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version"], name="risk_model_version_is_unique"),
            models.CheckConstraint(condition=models.Q(loss__in=Loss.values), name="risk_loss_is_known"),
            models.CheckConstraint(
                condition=models.Q(losses__lte=models.F("decisions")), name="risk_losses_are_decisions"
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}: {self.loss}"


class Risk(models.Model):
    """How likely an account is to leave within 90 days, with its 80 % interval; made anew by the job.

    All 0 where no decision falls into them.
    """

    is_computed = True

    account = models.OneToOneField("accounts.Account", on_delete=models.CASCADE, related_name="+")
    model = models.ForeignKey(RiskModel, on_delete=models.CASCADE, related_name="+")
    as_of_on = models.DateField()
    computed_at = models.DateTimeField()
    due_on = models.DateField(null=True)  # the decision; null: none is known to lie ahead
    level = models.PositiveSmallIntegerField(null=True)  # whose rate is shown where there is no model
    p = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    known = models.FloatField()  # share of the model's measures that is known
    reasons = models.JSONField(default=list)  # key of the measure and log-odds against the book's mean, largest first

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(low__gte=0, p__gte=models.F("low"), high__gte=models.F("p"), high__lte=1),
                name="risk_lies_in_its_interval",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "p", "low", "high"], name="risk_in_short")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.p:.2f}"
