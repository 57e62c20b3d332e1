"""Custom fields: what else a company keeps about its accounts, each with a type that its values must fit."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction

from banso.accounts.actions.refusals import FieldRefused, NotFound
from banso.accounts.models import CustomField, FieldKind
from banso.accounts.queries import FieldRow
from banso.journal import actions as journal
from banso.people.access import Actor
from banso.shared.text import fold, one_line

LABEL_LENGTH: Final = 100
MOST_CHOICES: Final = 100
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")


@transaction.atomic
def define_field(*, key: str, label: str, kind: str, by: Actor, now: datetime, choices: Iterable[str] = ()) -> FieldRow:
    """Add a custom field at the end; raises FieldRefused. Key and kind stay for good, since values are kept by them."""
    if not _KEY.fullmatch(key):
        raise FieldRefused("key")
    if kind not in FieldKind.values:
        raise FieldRefused("kind")
    if CustomField.objects.filter(key=key).exists():
        raise FieldRefused("key_taken")
    made = CustomField.objects.create(
        key=key,
        label=_label(label),
        kind=kind,
        choices=_choices(kind, choices),
        position=CustomField.objects.count(),
    )
    _tell("field.added", made, by, now)
    return FieldRow(made.pk, made.key, made.label, made.kind, tuple(made.choices), made.position)


@transaction.atomic
def change_field(*, field_id: int, label: str, by: Actor, now: datetime, choices: Iterable[str] = ()) -> None:
    """Give a custom field another label or other choices; values that are no choice any more stay until next changed.

    Raises NotFound, FieldRefused.
    """
    one = _one(field_id)
    one.label, one.choices = _label(label), _choices(one.kind, choices)
    one.save(update_fields=["label", "choices"])
    _tell("field.changed", one, by, now)


@transaction.atomic
def remove_field(*, field_id: int, by: Actor, now: datetime) -> None:
    """Take a custom field away. Its values stay in the accounts unseen, and show again if the key is added again."""
    one = _one(field_id)
    _tell("field.removed", one, by, now)
    one.delete()


def _one(field_id: int) -> CustomField:
    one = CustomField.objects.select_for_update().filter(pk=field_id).first()
    if one is None:
        raise NotFound
    return one


def _label(label: str) -> str:
    label = one_line(label)
    if not label or len(label) > LABEL_LENGTH:
        raise FieldRefused("label")
    return label


def _choices(kind: str, choices: Iterable[str]) -> list[str]:
    if kind != FieldKind.CHOICE:
        return []
    named = {fold(choice): one_line(choice) for choice in choices if one_line(choice)}
    if not 1 <= len(named) <= MOST_CHOICES or any(len(name) > LABEL_LENGTH for name in named.values()):
        raise FieldRefused("choices")
    return list(named.values())


def _tell(verb: str, one: CustomField, by: Actor, now: datetime) -> None:
    news = journal.News(
        verb,
        subject_kind="field",
        subject_id=one.pk,
        subject_label=one.label,
        details={"key": one.key, "kind": one.kind},
    )
    journal.write(news, by=by, now=now)
