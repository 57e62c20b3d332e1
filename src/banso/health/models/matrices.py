"""Matrices that a company keeps: two questions crossed, and what it does about each cell."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Matrix(models.Model):
    """Two axes that are looked at again and again, by name; removed ones are kept, so that removing can be undone."""

    name = models.CharField(max_length=100)
    rows = models.JSONField()  # health.rules.Axis as plain JSON
    columns = models.JSONField()
    weeks = models.PositiveSmallIntegerField(default=13)  # how far back it compares
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="matrix_name_is_given"),
            models.CheckConstraint(condition=models.Q(weeks__range=(1, 260)), name="matrix_weeks_are_some"),
        ]

    def __str__(self) -> str:
        return self.name


class MatrixCell(models.Model):
    """What a company says of a cell: how these customers are, and what is done for them."""

    matrix = models.ForeignKey(Matrix, on_delete=models.CASCADE, related_name="cells")
    row = models.SmallIntegerField()  # the place of the band, -1: not known
    column = models.SmallIntegerField()
    note = models.CharField(max_length=500, blank=True)
    play = models.CharField(max_length=1000, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matrix", "row", "column"], name="matrix_cell_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.matrix_id}: {self.row}/{self.column}"
