"""When jobs come round, and which were tried again. The jobs themselves are rows of Django's task backend."""

from datetime import timedelta
from typing import ClassVar

from django.db import models

from banso.operations.rules import Rhythm


class Schedule(models.Model):
    """A job that nobody asks for: how often it comes round, when it last did, and who has stopped it."""

    task_path = models.CharField(max_length=200)
    every_seconds = models.PositiveIntegerField(null=True)
    at = models.TimeField(null=True)  # in the company's time zone
    last_enqueued_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(every_seconds__isnull=True) ^ models.Q(at__isnull=True),
                name="schedule_has_one_rhythm",
            ),
            models.CheckConstraint(
                condition=models.Q(paused_at__isnull=True, paused_by="")
                | (models.Q(paused_at__isnull=False) & ~models.Q(paused_by="")),
                name="schedule_pause_has_an_author",
            ),
            models.UniqueConstraint(
                fields=["task_path"], condition=models.Q(at__isnull=True), name="schedule_comes_round_once"
            ),
            models.UniqueConstraint(
                fields=["task_path"], condition=models.Q(at__isnull=False), name="schedule_is_nightly_once"
            ),
        ]

    def __str__(self) -> str:
        return self.task_path

    @property
    def rhythm(self) -> Rhythm:
        """How often it comes round."""
        every = None if self.every_seconds is None else timedelta(seconds=self.every_seconds)
        return Rhythm(every=every, at=self.at)


class Retry(models.Model):
    """A failed job that was put into the queue again, by whom, and as which try."""

    failed = models.OneToOneField("django_tasks_database.DBTaskResult", on_delete=models.CASCADE, related_name="+")
    again = models.OneToOneField("django_tasks_database.DBTaskResult", on_delete=models.CASCADE, related_name="+")
    tries = models.PositiveSmallIntegerField()  # the first retry is the second try
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(tries__gte=2), name="retry_is_the_second_try_or_later"),
        ]

    def __str__(self) -> str:
        return f"{self.failed_id} → {self.again_id}"
