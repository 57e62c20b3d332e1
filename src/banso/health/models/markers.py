"""What the features that customers took up early say of staying."""

from django.db import models


class Marking(models.Model):
    """Which features mark those who stay: one row, made anew by the job."""

    is_computed = True

    as_of_on = models.DateField()
    computed_at = models.DateTimeField()
    accounts = models.PositiveIntegerField()  # there after 13 weeks, and past their first year or gone
    losses = models.PositiveIntegerField()  # of them, gone within it
    missing = models.PositiveIntegerField(default=0)  # losses, or customers that stayed, still needed to judge
    too_new = models.PositiveIntegerField(default=0)  # features that the first of them could not have taken up
    # A dictionary for each feature, as science.adoption.Marker has it, with `low` and `high` of the difference.
    rows = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.as_of_on)
