"""Matrices are kept by name, with what is done about each of their cells."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from banso.health.models import Matrix, MatrixCell
from banso.health.rules.matrices import Asked
from banso.journal.actions import News, write
from banso.people.access import Actor


class UnknownMatrix(Exception):
    """There is no such matrix, or it was removed."""


@transaction.atomic
def keep_matrix(*, name: str, asked: Asked, by: Actor, now: datetime) -> int:
    """Keep two axes under a name for everybody; returns its key."""
    made = Matrix.objects.create(
        name=name.strip(),
        rows=asdict(asked.rows),
        columns=asdict(asked.columns),
        weeks=asked.weeks,
        made_by_id=by.user_id,
        made_at=now,
    )
    details = {"rows": asked.rows.name, "columns": asked.columns.name, "weeks": asked.weeks}
    _write("health.matrix_kept", made, details, by=by, now=now)
    return made.pk


@transaction.atomic
def remove_matrix(*, matrix_id: int, by: Actor, now: datetime) -> None:
    """Take a matrix off the list, its notes with it; `restore_matrix` undoes it. Raises UnknownMatrix."""
    found = _locked(matrix_id)
    found.removed_at = now
    found.save(update_fields=["removed_at"])
    _write("health.matrix_removed", found, {}, by=by, now=now)


@transaction.atomic
def restore_matrix(*, matrix_id: int, by: Actor, now: datetime) -> None:
    """Bring a removed matrix back, notes included; raises UnknownMatrix."""
    found = Matrix.objects.select_for_update().filter(pk=matrix_id, removed_at__isnull=False).first()
    if found is None:
        raise UnknownMatrix(matrix_id)
    found.removed_at = None
    found.save(update_fields=["removed_at"])
    _write("health.matrix_restored", found, {}, by=by, now=now)


@transaction.atomic
def say_of_cell(*, matrix_id: int, row: int, column: int, note: str, play: str, by: Actor, now: datetime) -> None:
    """Keep how the customers of a cell are and what is done for them; raises UnknownMatrix."""
    matrix = _locked(matrix_id)
    said = {"note": note.strip(), "play": play.strip()}
    before = MatrixCell.objects.filter(matrix=matrix, row=row, column=column).values("note", "play").first()
    was = before or {"note": "", "play": ""}
    if said == was:
        return
    author = {"changed_by_id": by.user_id, "changed_at": now}
    MatrixCell.objects.update_or_create(matrix=matrix, row=row, column=column, defaults={**said, **author})
    changes = {"note": [was["note"], said["note"]], "play": [was["play"], said["play"]]}
    _write("health.matrix_cell_changed", matrix, {"row": row, "column": column, "changes": changes}, by=by, now=now)


def _locked(matrix_id: int) -> Matrix:
    found = Matrix.objects.select_for_update().filter(pk=matrix_id, removed_at__isnull=True).first()
    if found is None:
        raise UnknownMatrix(matrix_id)
    return found


def _write(verb: str, matrix: Matrix, details: dict[str, object], *, by: Actor, now: datetime) -> None:
    news = News(verb, subject_kind="matrix", subject_id=matrix.pk, subject_label=str(matrix), details=details)
    write(news, by=by, now=now)
