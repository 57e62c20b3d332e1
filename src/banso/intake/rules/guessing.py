"""A first guess at which column is which fact: by what it is called, then by what stands in it."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from banso.intake.rules.cells import NO, YES
from banso.intake.rules.mapping import Column, Map, own_columns
from banso.intake.rules.targets import FIELD, KINDS, Target, meant_by, plain

ENOUGH: Final = 0.8
SURE, LIKELY, BY_CONTENT = 3.0, 2.0, 1.0
KEY_LENGTH: Final = 60
_MONTHLY: Final = ("mrr", "monthly", "月額", "月次")

_DATE: Final = re.compile(r"^\D?\D?\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?")
_EMAIL: Final = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_NUMBER: Final = re.compile(r"^[¥￥$€△▲-]?[\d０-９,，.]+円?$")
_YES_NO: Final = YES | NO | {"t", "f"}


def _is_date(value: str) -> bool:
    return bool(_DATE.match(value)) or value.isdigit() or value[:1] in "令平昭RHS"


def _is_number(value: str) -> bool:
    return bool(_NUMBER.match(value))


_FITS: Final[Mapping[str, Callable[[str], bool]]] = {
    "date": _is_date,
    "moment": _is_date,
    "email": lambda value: bool(_EMAIL.match(value)),
    "number": _is_number,
    "money": _is_number,
    "whole": _is_number,
    "yes_no": lambda value: plain(value) in _YES_NO,
}


def guess(kind: str, columns: Sequence[str], samples: Mapping[str, Sequence[str]]) -> Map:
    """Return the likeliest map of a file: each fact from one column, each column for one fact, the surest first.

    What is left over becomes custom fields of accounts and properties of usage.
    """
    columns = own_columns(columns)
    scored = sorted(
        (
            (-_score(target, name, samples.get(name, ())), order, place, target.key, name)
            for order, target in enumerate(KINDS[kind])
            for place, name in enumerate(columns)
        ),
    )
    chosen: dict[str, str] = {}
    for score, _, _, key, name in scored:
        if score < 0 and key not in chosen and name not in chosen.values():
            chosen[key] = name
    _drop_doubles(kind, chosen)
    reading = [Column(to=key, source=name, dates=_order(samples.get(name, ()))) for key, name in chosen.items()]
    reading.sort(key=lambda column: columns.index(column.source))
    if kind == "accounts":
        reading += [Column(to=FIELD + slug(name), source=name) for name in columns if name not in chosen.values()]
    if "amount" in chosen and "term_months" not in chosen and plain(chosen["amount"]).startswith(_MONTHLY):
        reading.append(Column(to="term_months", value="1"))
    return Map(kind=kind, columns=tuple(reading), rest="properties" if kind == "usage" else "ignore")


def guess_kind(columns: Sequence[str], samples: Mapping[str, Sequence[str]]) -> str:
    """Return the kind whose required facts are found best among the columns."""

    def fit(kind: str) -> float:
        targets = [target for target in KINDS[kind] if target.key not in {"account", "account_name"}]
        best = [max((_score(target, name, samples.get(name, ())) for name in columns), default=0) for target in targets]
        # Days and values are in many files: only who names series means them.
        if kind == "series" and not best[[target.key for target in targets].index("series")]:
            return 0
        return sum(best) / len(targets) + sum(
            score for target, score in zip(targets, best, strict=True) if target.is_required
        )

    return max(KINDS, key=fit)


def slug(name: str) -> str:
    """Return a key for a custom field: small Latin letters, digits and `_`; other letters by their code points."""
    spelt = "".join(one if one.isascii() else f"_{ord(one):x}_" for one in plain(name))
    key = re.sub(r"[^a-z0-9]+", "_", spelt).strip("_")
    return (key if key[:1].isalpha() else f"f_{key}")[:KEY_LENGTH].rstrip("_")


def _score(target: Target, name: str, sample: Sequence[str]) -> float:
    """Return how well a column fits a fact; 0 is not at all, also where the name fits and the content does not."""
    called = plain(name)
    names = [plain(one) for one in (target.key, *target.names)]
    values = [value.strip() for value in sample if value.strip()]
    content = _content(target, values)
    if called in names:
        # Of two names that fit, the one listed first is the commoner for this fact.
        return (SURE - names.index(called) / 1000) if content is not False else 0
    if any(len(one) > 3 and (called.endswith(one) or called.startswith(one)) for one in names):  # noqa: PLR2004
        return LIKELY if content is not False else 0
    return BY_CONTENT if content and target.type in {"email", "moment"} else 0


def _content(target: Target, values: Sequence[str]) -> bool | None:
    """Return whether the values speak for a fact (True), against it (False), or neither."""
    if not values:
        return None
    if target.type == "choice":
        return _share(values, lambda one: meant_by(one, target.choices) in target.choices) >= ENOUGH
    fits = _FITS.get("email" if target.key == "email" else target.type)
    return None if fits is None else _share(values, fits) >= ENOUGH


def _share(values: Sequence[str], is_so: Callable[[str], bool]) -> float:
    return sum(map(is_so, values)) / len(values)


def _drop_doubles(kind: str, chosen: dict[str, str]) -> None:
    """Keep one way to find the account: its id, else its contract's id, else its name."""
    if kind == "accounts":
        return
    ways = [key for key in ("account", "contract", "account_name") if key in chosen]
    for key in ways[1:]:
        del chosen[key]


def _order(values: Sequence[str]) -> str:
    """Return the order of day and month where one of the values tells it, else nothing: 31/12 can only be day first."""
    for value in values:
        parts = re.match(r"^(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}", value.strip())
        if parts and int(parts[1]) > 12:  # noqa: PLR2004  # no month is
            return "dmy"
        if parts and int(parts[2]) > 12:  # noqa: PLR2004
            return "mdy"
    return ""
