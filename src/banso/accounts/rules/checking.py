"""What one row says, in the columns of the table, or why it may not say so."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from banso.accounts.rules.inputs import AccountInput, PersonInput, is_set
from banso.shared.dates import NotADate, parse_date
from banso.shared.numbers import NotANumber, parse_number
from banso.shared.text import fold, one_line

NAME_LENGTH: Final = 200
EMAIL_LENGTH: Final = 254
TEXT_FIELD_LENGTH: Final = 2000
KINDS: Final = ("company", "department")
ROLES: Final = ("champion", "decider", "administrator", "user")
_EMAIL: Final = re.compile(r"[^@\s\"'<>(),;:\\\[\]]+@[^@\s\"'<>(),;:\\\[\]]+\.[^@\s\"'<>(),;:\\\[\].]+")
_YES: Final = frozenset({"true", "yes", "y", "1", "on", "はい", "有", "あり", "○", "〇", "真"})
_NO: Final = frozenset({"false", "no", "n", "0", "off", "いいえ", "無", "なし", "×", "偽"})


@dataclass(frozen=True)
class FieldSpec:
    """A custom field as its definition says; `choices` count for kind "choice" only."""

    key: str
    label: str
    kind: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What a row may refer to: names (folded) and e-mail addresses to ids, custom fields by key."""

    segments: Mapping[str, int] = field(default_factory=dict)
    stages: Mapping[str, int] = field(default_factory=dict)
    teams: Mapping[str, int] = field(default_factory=dict)
    owners: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, FieldSpec] = field(default_factory=dict)


@dataclass
class Checked:
    """The columns that a row sets, the custom fields it sets, and its faults as (field, code, facts)."""

    values: dict[str, object] = field(default_factory=dict)
    custom: dict[str, object] = field(default_factory=dict)
    faults: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)

    def refuse(self, name: str, code: str, **facts: object) -> None:
        """Keep a fault."""
        self.faults.append((name, code, facts))


def check_account(row: AccountInput, known: Known, *, is_new: bool) -> Checked:
    """Return what an account's row sets; the parent is checked by `tree_faults`, which sees all rows."""
    checked = Checked()
    _text(checked, "external_id", row.external_id, is_needed=True)
    if is_set(row.name) or is_new:
        _text(checked, "name", row.name if is_set(row.name) else "", is_needed=True)
    if is_set(row.reading):
        _text(checked, "reading", row.reading)
    if is_set(row.kind):
        _one_of(checked, "kind", row.kind, KINDS)
    for name, value, ids in (
        ("segment", row.segment, known.segments),
        ("stage", row.stage, known.stages),
        ("team", row.team, known.teams),
    ):
        if is_set(value):
            _reference(checked, name, value, ids, fold)
    if is_set(row.owner_email):
        _reference(checked, "owner", row.owner_email, known.owners, _email_key)
    if is_set(row.customer_since_on):
        checked.values["customer_since_on"] = row.customer_since_on
    if is_set(row.left_on):
        checked.values["left_on"] = row.left_on
    for key, raw in row.fields.items():
        _custom(checked, key, raw, known.fields)
    return checked


def check_person(row: PersonInput, *, is_new: bool) -> Checked:
    """Return what a person's row sets; the account is checked by who can see accounts."""
    checked = Checked()
    _text(checked, "external_id", row.external_id, is_needed=True)
    if is_set(row.name) or is_new:
        _text(checked, "name", row.name if is_set(row.name) else "", is_needed=True)
    if is_set(row.email):
        email = one_line(row.email)
        if email and (len(email) > EMAIL_LENGTH or not _EMAIL.fullmatch(email)):
            checked.refuse("email", "email_malformed", value=email[:NAME_LENGTH])
        checked.values["email"] = email
    for name, value in (("title", row.title), ("department", row.department)):
        if is_set(value):
            _text(checked, name, value)
    if is_set(row.role):
        _one_of(checked, "role", row.role or "user", ROLES)
    if is_set(row.left_on):
        checked.values["left_on"] = row.left_on
    return checked


def field_value(spec: FieldSpec, raw: object) -> object:
    """Return what is kept (plain JSON) of a custom field's value: text, number, ISO date, boolean, choice; None clears.

    Raises ValueError with the code of the fault.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    return _READERS[spec.kind](spec, raw)


def _read_text(_: FieldSpec, raw: object) -> object:
    text = one_line(str(raw))
    if len(text) > TEXT_FIELD_LENGTH:
        raise ValueError("text_too_long")
    return text


def _read_number(_: FieldSpec, raw: object) -> object:
    if isinstance(raw, bool):
        raise ValueError("field_not_number")  # noqa: TRY004  # the code is what callers read
    try:
        number = raw if isinstance(raw, Decimal) else parse_number(str(raw))
    except NotANumber:
        raise ValueError("field_not_number") from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise ValueError("field_not_number")
    return int(number) if number == number.to_integral_value() else float(number)


def _read_date(_: FieldSpec, raw: object) -> object:
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    try:
        return parse_date(str(raw)).isoformat()
    except NotADate:
        raise ValueError("field_not_date") from None


def _read_boolean(_: FieldSpec, raw: object) -> object:
    if isinstance(raw, bool):
        return raw
    word = fold(str(raw))
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError("field_not_boolean")


def _read_choice(spec: FieldSpec, raw: object) -> object:
    by_key = {fold(choice): choice for choice in spec.choices}
    if (found := by_key.get(fold(str(raw)))) is None:
        raise ValueError("field_not_choice")
    return found


_READERS: Final[Mapping[str, Callable[[FieldSpec, object], object]]] = {
    "text": _read_text,
    "number": _read_number,
    "date": _read_date,
    "boolean": _read_boolean,
    "choice": _read_choice,
}


def _text(checked: Checked, name: str, value: str, *, is_needed: bool = False) -> None:
    text = one_line(value)
    if is_needed and not text:
        checked.refuse(name, "missing")
    if len(text) > NAME_LENGTH:
        checked.refuse(name, "too_long", limit=NAME_LENGTH)
    checked.values[name] = text


def _one_of(checked: Checked, name: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        checked.refuse(name, "not_allowed", value=one_line(value)[:NAME_LENGTH], allowed=", ".join(allowed))
    checked.values[name] = value


def _reference(
    checked: Checked, name: str, value: str | None, ids: Mapping[str, int], key: Callable[[str], str]
) -> None:
    named = one_line(value or "")
    found = ids.get(key(named)) if named else None
    if named and found is None:
        checked.refuse(name, f"{name}_unknown", value=named[:NAME_LENGTH])
    checked.values[f"{name}_id"] = found


def _custom(checked: Checked, key: str, value: object, specs: Mapping[str, FieldSpec]) -> None:
    spec = specs.get(key)
    if spec is None:
        checked.refuse(f"fields.{key[:60]}", "field_unknown", value=key[:60])
        return
    try:
        checked.custom[key] = field_value(spec, value)
    except ValueError as fault:
        shown = one_line(str(value))[:NAME_LENGTH]
        facts = {"label": spec.label, "value": shown, "choices": ", ".join(spec.choices), "limit": TEXT_FIELD_LENGTH}
        checked.refuse(f"fields.{key}", str(fault), **facts)


def _email_key(email: str) -> str:
    return email.lower()
