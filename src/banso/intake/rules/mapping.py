"""How the columns of a file are read: a map, its plain form for YAML and JSON, and what can be wrong with it."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from string import Formatter
from typing import Any, Final
from zoneinfo import available_timezones

from banso.intake.rules import targets

DATE_ORDERS: Final = ("", "ymd", "mdy", "dmy")
PICKS: Final = ("first", "last")
RESTS: Final = ("ignore", "properties")
# What the file of refused rows adds to the columns, in each language that it may be written in.
ADDED: Final = frozenset({"Row in the file", "Reason and remedy", "ファイルの行番号", "原因と対処"})


class WrongMap(Exception):
    """A map that cannot be used; `code` and `facts` say why, for the reader's language."""

    def __init__(self, code: str, **facts: Any) -> None:
        self.code, self.facts = code, facts
        super().__init__(code)


@dataclass(frozen=True)
class Lookup:
    """A value found in another file of the same folder: where its `key` is the cell, take its `value`."""

    file: str
    key: str
    value: str
    pick: str = "last"


@dataclass(frozen=True)
class Column:
    """How one fact is read: from a column, a fixed value or a template (`{plan} plan`); then how it is understood."""

    to: str
    source: str = ""
    value: str = ""
    template: str = ""
    dates: str = ""
    times: str = ""
    is_minor: bool = False
    plus_days: int = 0
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    lookup: Lookup | None = None
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Map:
    """How one file is read. `first_of` names facts (with commas) of which only the first row of each value is taken.

    `file` is the name of the file that a sample's map is for.
    """

    kind: str
    columns: tuple[Column, ...]
    name: str = ""
    source: str = ""
    rest: str = "ignore"
    time_zone: str = ""
    first_of: str = ""
    creates_missing: bool = True
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    file: str = ""

    @property
    def once_by(self) -> tuple[str, ...]:
        """Return the facts of which only the first row of each value is taken."""
        return tuple(part.strip() for part in self.first_of.split(",") if part.strip())

    def reading(self, key: str) -> Column | None:
        """Return how a fact is read, or None where it is not."""
        return next((column for column in self.columns if column.to == key), None)


# How the plain form calls what Python cannot: `from` is a keyword, `minor` reads better in YAML.
_PLAIN: Final = {"source": "from", "is_minor": "minor"}
_OPTIONS: Final = (
    "name",
    "source",
    "rest",
    "time_zone",
    "first_of",
    "creates_missing",
    "encoding",
    "delimiter",
    "sheet",
    "file",
)


def from_plain(raw: object, *, kind: str = "") -> Map:
    """Return the map that YAML or JSON holds; raises WrongMap with what is wrong and where."""
    if not isinstance(raw, Mapping):
        raise WrongMap("map_is_no_mapping")
    found = str(raw.get("kind") or kind)
    if found not in targets.KINDS or (kind and found != kind):
        raise WrongMap("unknown_kind", kind=found, known=", ".join(targets.KINDS))
    _refuse_unknown(raw, ("kind", "columns", *_OPTIONS), where="")
    columns = raw.get("columns")
    if not isinstance(columns, Sequence) or isinstance(columns, str) or not columns:
        raise WrongMap("map_without_columns")
    options = {name: raw[name] for name in _OPTIONS if raw.get(name) is not None}
    options |= {name: str(value) for name, value in options.items() if name != "creates_missing"}
    options["creates_missing"] = bool(options.get("creates_missing", True))
    return Map(kind=found, columns=tuple(_column(one, found) for one in columns), **options)


def as_plain(chosen: Map) -> dict[str, Any]:
    """Return the plain form of a map, without what is left at its default; `from_plain` reads it back."""
    default = Map(kind=chosen.kind, columns=())
    plain: dict[str, Any] = {"kind": chosen.kind}
    plain |= {name: getattr(chosen, name) for name in _OPTIONS if getattr(chosen, name) != getattr(default, name)}
    plain["columns"] = [_plain_column(column) for column in chosen.columns]
    return plain


def check(chosen: Map, columns: Sequence[str]) -> None:
    """Raise WrongMap where a map does not fit a file with these columns, or lacks a required fact."""
    given = {column.to for column in chosen.columns}
    twice = [key for key, times in Counter(column.to for column in chosen.columns).items() if times > 1]
    if twice:
        raise WrongMap("fact_twice", to=twice[0])
    for column in chosen.columns:
        _check_sources(column, columns)
    for target in targets.KINDS[chosen.kind]:
        if target.is_required and target.key not in given and not given & set(target.instead):
            raise WrongMap("fact_missing", to=target.key)
    for key in chosen.once_by:
        if key not in given:
            raise WrongMap("fact_missing", to=key)
    if chosen.kind == "contracts" and "amount" in given and "term_months" not in given:
        raise WrongMap("fact_missing", to="term_months")


def own_columns(columns: Sequence[str]) -> list[str]:
    """Return the columns without those that Banso adds to refused rows: the corrected file is read as the first was."""
    return [name for name in columns if name not in ADDED]


def signature(columns: Sequence[str]) -> str:
    """Return the digest of a header row: files with the same columns in any order are of one source."""
    return hashlib.sha256("\x1f".join(sorted(own_columns(columns))).encode("utf-8", "replace")).hexdigest()


def template_names(template: str) -> list[str]:
    """Return the columns that a template uses; raises WrongMap where its braces do not match."""
    try:
        return [name for _, name, _, _ in Formatter().parse(template) if name is not None]
    except ValueError as error:
        raise WrongMap("wrong_template", template=template) from error


def _column(raw: object, kind: str) -> Column:
    if not isinstance(raw, Mapping) or not raw.get("to"):
        raise WrongMap("column_without_target", column=str(raw)[:100])
    to = str(raw["to"])
    names = {_PLAIN.get(one.name, one.name): one.name for one in fields(Column)}
    _refuse_unknown(raw, tuple(names), where=to)
    if targets.target_of(kind, to) is None:
        raise WrongMap("unknown_target", to=to, known=", ".join(target.key for target in targets.KINDS[kind]))
    values = {names[name]: value for name, value in raw.items() if value is not None}
    for name in ("to", "source", "value", "template", "dates", "times"):
        if name in values:
            values[name] = _as_text(values[name])
    for name in ("yes", "no"):
        values[name] = _texts(values.get(name, ()))
    values["words"] = {_as_text(word): _as_text(meaning) for word, meaning in (values.get("words") or {}).items()}
    values["when"] = {str(name): _texts(ones) for name, ones in (values.get("when") or {}).items()}
    values["lookup"] = _lookup(values.get("lookup"), to)
    column = Column(**values)
    _check_options(column)
    return column


def _as_text(value: object) -> str:
    """Return a YAML value as the word that stood there: YAML makes booleans of yes and no, and numbers of digits."""
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_as_text(one) for one in value)
    return (_as_text(value),)


def _lookup(raw: object, to: str) -> Lookup | None:
    if raw is None:
        return None
    if not isinstance(raw, Mapping) or not {"file", "key", "value"} <= set(raw):
        raise WrongMap("wrong_lookup", to=to)
    _refuse_unknown(raw, ("file", "key", "value", "pick"), where=to)
    lookup = Lookup(**{str(name): str(value) for name, value in raw.items()})
    if "/" in lookup.file or "\\" in lookup.file or lookup.file.startswith("."):
        raise WrongMap("lookup_leaves_folder", to=to, file=lookup.file)
    if lookup.pick not in PICKS:
        raise WrongMap("wrong_option", to=to, option="pick", value=lookup.pick, known=", ".join(PICKS))
    return lookup


def _check_options(column: Column) -> None:
    if not (column.source or column.value or column.template):
        raise WrongMap("column_without_source", to=column.to)
    if column.dates not in DATE_ORDERS:
        raise WrongMap("wrong_option", to=column.to, option="dates", value=column.dates, known="ymd, mdy, dmy")
    try:
        Decimal(column.times or "1")
    except InvalidOperation as error:
        raise WrongMap("wrong_option", to=column.to, option="times", value=column.times, known="1000, 0.01") from error
    if not isinstance(column.plus_days, int):
        raise WrongMap("wrong_option", to=column.to, option="plus_days", value=str(column.plus_days), known="1")
    template_names(column.template)


def check_zone(name: str) -> str:
    """Return a time zone's name, or raise WrongMap."""
    if name and name not in available_timezones():
        raise WrongMap("wrong_option", to="", option="time_zone", value=name, known="Asia/Tokyo")
    return name


def _check_sources(column: Column, columns: Sequence[str]) -> None:
    used = [column.source] if column.source else []
    used += template_names(column.template)
    used += list(column.when)
    for name in used:
        if name not in columns:
            raise WrongMap("unknown_column", to=column.to, column=name, known=", ".join(columns[:30]))


def _refuse_unknown(raw: Mapping[Any, Any], known: Sequence[str], *, where: str) -> None:
    for name in raw:
        if name not in known:
            raise WrongMap("unknown_option", to=where, option=str(name), known=", ".join(known))


def _plain_column(column: Column) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    default = Column(to=column.to)
    for one in fields(Column):
        value = getattr(column, one.name)
        if one.name != "to" and value == getattr(default, one.name):
            continue
        plain[_PLAIN.get(one.name, one.name)] = _plain_value(value)
    return plain


def _plain_value(value: object) -> object:
    if isinstance(value, Lookup):
        return {one.name: getattr(value, one.name) for one in fields(Lookup)}
    if isinstance(value, Mapping):
        return {name: _plain_value(one) for name, one in value.items()}
    return list(value) if isinstance(value, tuple) else value
