"""A map applied to rows of text: typed facts, and for each cell that cannot be understood the reason."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from banso.intake.rules import cells
from banso.intake.rules.mapping import ADDED, Column, Lookup, Map, template_names
from banso.intake.rules.refusals import Refusal
from banso.intake.rules.targets import KINDS, PROPERTY, Target, target_of

# Text that needs no cleaning: printable ASCII without blanks, which is what ids and names of events are.
_PLAIN_TEXT: Final = r"^[\x21-\x7e]*$"
_PLAIN_NUMBER: Final = r"^-?[0-9]{1,15}(?:\.[0-9]{1,15})?$"
_ZULU: Final = "%Y-%m-%dT%H:%M:%S%.fZ"
_OFFSET: Final = "%Y-%m-%dT%H:%M:%S%.f%:z"
_LOCAL: Final = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f")
# What is neither understood nor refused by a reader is refused here: nothing is ever lost in silence.
NOT_UNDERSTOOD: Final[tuple[str, dict[str, str]]] = ("not_understood", {})
_AT: Final = pl.Datetime("us", "UTC")
_FIRST_YEAR: Final = 1990
_CLOCKS_DIFFER: Final = timedelta(days=1)

TYPES: Final[dict[str, pl.DataType]] = {
    "text": pl.String(),
    "email": pl.String(),
    "choice": pl.String(),
    "date": pl.Date(),
    "moment": _AT,
    "number": pl.Float64(),
    "whole": pl.Int64(),
    "money": pl.String(),  # exact, as it was written: the currency may stand in another column
    "yes_no": pl.Boolean(),
}


@dataclass(frozen=True)
class Context:
    """What cells are understood by: the zone of times without one, the moment, and the files looked up."""

    zone: str
    now: datetime
    lookups: Mapping[Lookup, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Applied:
    """Facts of the rows that could be understood (`row` and one typed column for each fact), and what could not."""

    frame: pl.DataFrame
    refusals: list[Refusal]


def apply(frame: pl.DataFrame, columns: Sequence[str], chosen: Map, context: Context) -> Applied:
    """Read rows of text (`row`, `c0`, …) by a map; a row with any refusal is not in the frame that comes back."""
    place = {name: f"c{number}" for number, name in enumerate(columns)}
    number = frame["row"]
    facts = {"row": number}
    refusals: list[Refusal] = []
    for column in chosen.columns:
        if column.to.startswith(PROPERTY):
            continue
        target = target_of(chosen.kind, column.to)
        assert target is not None, column.to  # noqa: S101  # maps are checked when they are made
        texts = _texts(frame, column, place, context)
        facts[column.to], wrong = _understood(texts, target, column, context)
        shown = column.source or column.to
        refusals += _wrong(number, texts, facts[column.to], shown, wrong)
        if _is_needed(target, chosen):
            blank = number.filter(texts == "").to_list()
            refusals += [Refusal("missing", row, shown, facts={"to": target.key}) for row in blank]
    if chosen.kind == "usage":
        facts["properties"] = _properties(frame, chosen, place, context)
        refusals += _impossible_moments(facts, chosen, context)
    if chosen.kind == "series":
        refusals += _days_to_come(facts, chosen, context)
    bad = pl.Series("row", sorted({one.row for one in refusals if one.row is not None}), dtype=pl.Int64)
    good = pl.DataFrame(facts)
    return Applied(good.filter(~pl.col("row").is_in(bad.implode())), refusals)


def texts_of(frame: pl.DataFrame, column: Column, columns: Sequence[str], context: Context) -> pl.Series:
    """Return the text that a fact is read from, before it is understood."""
    return _texts(frame, column, {name: f"c{number}" for number, name in enumerate(columns)}, context)


def _is_needed(target: Target, chosen: Map) -> bool:
    """Return whether a row without this fact is no row: what is required, or stands in for it."""
    if target.is_required:
        return True
    return any(
        one.is_required and target.key in one.instead and chosen.reading(one.key) is None for one in KINDS[chosen.kind]
    ) and not any(
        other != target.key and chosen.reading(other) is not None
        for one in KINDS[chosen.kind]
        if target.key in one.instead
        for other in one.instead
    )


def _texts(frame: pl.DataFrame, column: Column, place: Mapping[str, str], context: Context) -> pl.Series:
    texts = frame.select(_expression(column, place).alias(column.to)).to_series()
    if column.words:
        words = {key.strip().casefold(): value for key, value in column.words.items()}
        texts = _each(texts, lambda text: words.get(text.casefold(), text), pl.String())
    if column.lookup is not None:
        found = context.lookups[column.lookup]
        texts = _each(texts, lambda text: found.get(text, ""), pl.String())
    for name, wanted in column.when.items():
        held = frame[place[name]].str.strip_chars()
        texts = pl.select(pl.when(held.is_in(list(wanted))).then(texts).otherwise(pl.lit(""))).to_series()
    return texts.alias(column.to)


def _expression(column: Column, place: Mapping[str, str]) -> pl.Expr:
    if column.source:
        return pl.col(place[column.source]).str.strip_chars()
    if column.template:
        names = list(dict.fromkeys(template_names(column.template)))
        form = column.template.replace("{{", "\x02").replace("}}", "\x03")
        inner = [pl.col(place[name]).str.strip_chars() for name in re.findall(r"\{([^{}]*)\}", form)]
        for name in names:
            form = form.replace("{" + name + "}", "{}")
        form = form.replace("\x02", "{{").replace("\x03", "}}")
        return pl.format(form, *inner)
    return pl.repeat(column.value.strip(), pl.len(), dtype=pl.String)


def _understood(
    texts: pl.Series, target: Target, column: Column, context: Context
) -> tuple[pl.Series, Mapping[str, tuple[str, dict[str, str]]]]:
    """Return the typed values, null where blank or wrong, and for each wrong text its code and facts."""
    wrong: dict[str, tuple[str, dict[str, str]]] = {}

    def careful(read: Callable[[str], object]) -> Callable[[str], object]:
        def reading(text: str) -> object:
            try:
                return read(text)
            except cells.NotUnderstood as problem:
                wrong[text] = (problem.code, problem.facts)
                return None

        return reading

    kind = TYPES[target.type]
    match target.type:
        case "text":
            return _cleaned(texts, careful(lambda text: cells.text(text, target.length))), wrong
        case "moment":
            return _moments(texts, careful(lambda text: cells.moment(text, column.dates, context.zone)), context), wrong
        case "number" if not column.times:
            return _numbers(texts, careful(lambda text: cells.number(text, ""))), wrong
        case _:
            read = cells.reader(target, column)
            return _each(texts, careful(read), kind), wrong


def _each(texts: pl.Series, read: Callable[[str], object], kind: pl.DataType) -> pl.Series:
    """Read each different text once; blank stays null (as text: blank)."""
    different = texts.unique().to_list()
    known = {text: read(text) for text in different if text}
    if isinstance(kind, pl.String):
        known[""] = "" if texts.dtype == pl.String else None
    if not known:
        return pl.Series(texts.name, [None] * len(texts), dtype=kind)
    values = pl.Series(list(known.values()), dtype=kind, strict=False)
    return texts.replace_strict(pl.Series(list(known), dtype=pl.String), values, default=None, return_dtype=kind)


def _cleaned(texts: pl.Series, read: Callable[[str], object]) -> pl.Series:
    plain = texts.str.contains(_PLAIN_TEXT) & (texts.str.len_bytes() <= 40)  # noqa: PLR2004  # shorter than any limit here
    if plain.all():
        return texts
    rest = _each(texts.filter(~plain), read, pl.String())
    return _merged(texts, plain, texts, rest)


def _numbers(texts: pl.Series, read: Callable[[str], object]) -> pl.Series:
    plain = texts.str.contains(_PLAIN_NUMBER)
    fast = texts.cast(pl.Float64, strict=False)
    return fast if plain.all() else _merged(texts, plain, fast, _each(texts.filter(~plain), read, pl.Float64()))


def _moments(texts: pl.Series, read: Callable[[str], object], context: Context) -> pl.Series:
    """Read ISO times column-wise; whatever is written in another way, value by value."""
    found = texts.str.to_datetime(_ZULU, strict=False, time_unit="us").dt.replace_time_zone("UTC")
    if not found.null_count():
        return found
    frame = pl.DataFrame({"text": texts, "at": found})
    local = pl.coalesce(*(pl.col("text").str.to_datetime(one, strict=False, time_unit="us") for one in _LOCAL))
    frame = frame.with_columns(
        pl.coalesce(
            "at",
            pl.col("text").str.to_datetime(_OFFSET, strict=False, time_unit="us"),
            local.dt.replace_time_zone(context.zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone(
                "UTC"
            ),
        )
    )
    missing = frame["at"].is_null()
    if not missing.any():
        return frame["at"]
    return _merged(texts, ~missing, frame["at"], _each(texts.filter(missing), read, _AT))


def _merged(texts: pl.Series, is_plain: pl.Series, fast: pl.Series, rest: pl.Series) -> pl.Series:
    """Put values read one by one where the fast way did not reach."""
    places = (~is_plain).arg_true()
    return fast.clone().scatter(places, rest).alias(texts.name)


def _wrong(
    number: pl.Series,
    texts: pl.Series,
    values: pl.Series,
    column: str,
    wrong: Mapping[str, tuple[str, dict[str, str]]],
) -> list[Refusal]:
    bad = (texts != "") & values.is_null()
    return [
        Refusal(wrong.get(text, NOT_UNDERSTOOD)[0], row, column, text, wrong.get(text, NOT_UNDERSTOOD)[1])
        for row, text in zip(number.filter(bad).to_list(), texts.filter(bad).to_list(), strict=True)
    ]


def _properties(frame: pl.DataFrame, chosen: Map, place: Mapping[str, str], context: Context) -> pl.Series:
    """Return the JSON text of what goes along with an event; null where nothing does."""
    kept = {
        column.to.removeprefix(PROPERTY): _texts(frame, column, place, context)
        for column in chosen.columns
        if column.to.startswith(PROPERTY)
    }
    if chosen.rest == "properties":
        used = {column.source for column in chosen.columns}
        kept |= {name: frame[key].str.strip_chars() for name, key in place.items() if name not in used | ADDED}
    if not kept:
        return pl.Series("properties", [None] * frame.height, dtype=pl.String)
    names = list(kept)
    rows = zip(*(series.to_list() for series in kept.values()), strict=True)
    return pl.Series("properties", [_json(names, row) for row in rows], dtype=pl.String)


def _json(names: Sequence[str], values: Sequence[str]) -> str | None:
    given = {name: value for name, value in zip(names, values, strict=True) if value}
    return json.dumps(given, ensure_ascii=False, separators=(",", ":")) if given else None


def _days_to_come(facts: Mapping[str, pl.Series], chosen: Map, context: Context) -> list[Refusal]:
    """Refuse values of days that have not been yet."""
    column = chosen.reading("on")
    shown = (column.source if column else "") or "on"
    mask = (facts["on"] > context.now.astimezone(ZoneInfo(context.zone)).date()).fill_null(value=False)
    return [
        Refusal("in_the_future", row, shown, day.isoformat())
        for row, day in zip(facts["row"].filter(mask).to_list(), facts["on"].filter(mask).to_list(), strict=True)
    ]


def _impossible_moments(facts: Mapping[str, pl.Series], chosen: Map, context: Context) -> list[Refusal]:
    """Refuse moments that have not been yet, and those of clocks that were never set."""
    column = chosen.reading("at")
    shown = (column.source if column else "") or "at"
    at, number = facts["at"], facts["row"]
    first = datetime(_FIRST_YEAR, 1, 1, tzinfo=ZoneInfo("UTC"))
    refusals = []
    for code, bad in (("in_the_future", at > context.now + _CLOCKS_DIFFER), ("too_long_ago", at < first)):
        mask = bad.fill_null(value=False)
        refusals += [
            Refusal(code, row, shown, moment.isoformat())
            for row, moment in zip(number.filter(mask).to_list(), at.filter(mask).to_list(), strict=True)
        ]
    return refusals
