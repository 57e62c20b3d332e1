"""Writes down who changed what, in the transaction of the change."""

from collections.abc import Mapping
from datetime import datetime

from banso.people.models import Change
from banso.people.rules import Actor


def write_down(
    verb: str, kind: str, subject_id: int | None, label: str, *, details: Mapping[str, object], by: Actor, now: datetime
) -> None:
    """Append one change; `details` must be plain JSON and hold no secret."""
    Change(
        at=now,
        verb=verb,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label[:200],
        subject_kind=kind,
        subject_id=subject_id,
        subject_label=label[:300],
        details=dict(details),
    ).save()
