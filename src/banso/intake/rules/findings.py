"""What a file says about the quality of its data: each finding with count, share, examples and what was done.

The rules are general: they know facts and their types, and nothing of any one source.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import polars as pl

from banso.intake.rules.refusals import Refusal

type Severity = Literal["high", "medium", "low"]

EXAMPLES: Final = 5
NUMERIC: Final = r"^\s*[¥￥$€△▲(+-]?[\d０-９,，.．]+[円%)]?\s*$"
_WORDS: Final = frozenset({"true", "false", "yes", "no"})
_MOSTLY: Final = 0.99
_PAST_FACTS: Final = ("customer_since_on", "left_on", "cancelled_on")

# What each finding means for the work, and what is done with the rows it names.
SEVERITY: Final[dict[str, Severity]] = {
    "same_id_other_content": "high",
    "repeated_id": "low",
    "repeated_row": "low",
    "unknown_account": "high",
    "person_without_account": "high",
    "before_contract": "medium",
    "after_contract": "medium",
    "before_sign_up": "medium",
    "after_leaving": "medium",
    "zero_amount_trial": "low",
    "zero_amount_paying": "medium",
    "mixed_spellings": "low",
    "other_spellings": "low",
    "blank_numbers": "low",
    "future_date": "medium",
    "in_the_future": "high",
    "ends_before_start": "high",
}
DONE: Final[dict[str, str]] = {
    "same_id_other_content": "kept_first",
    "repeated_id": "kept_first",
    "repeated_row": "kept_first",
    "unknown_account": "refused",
    "person_without_account": "refused",
    "zero_amount_trial": "not_counted",
    "mixed_spellings": "understood",
    "other_spellings": "understood",
    "blank_numbers": "left_empty",
    "in_the_future": "refused",
    "ends_before_start": "refused",
}
TAKEN: Final = "taken"


@dataclass(frozen=True)
class Finding:
    """Something about the data that its owner should know; `count` of `total` rows, the first of them by number."""

    code: str
    count: int
    total: int
    rows: tuple[int, ...] = ()
    column: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """Return how much it matters."""
        return SEVERITY[self.code]

    @property
    def done(self) -> str:
        """Return the word for what was done with these rows."""
        return DONE.get(self.code, TAKEN)

    @property
    def share(self) -> float:
        """Return the part of all rows, from 0 to 1."""
        return self.count / self.total if self.total else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the finding as it is kept with the import."""
        return {
            "code": self.code,
            "count": self.count,
            "total": self.total,
            "rows": list(self.rows),
            "column": self.column,
            "facts": dict(self.facts),
        }


def from_json(kept: Mapping[str, Any]) -> Finding:
    """Return the finding that `as_json` wrote."""
    return Finding(
        kept["code"], kept["count"], kept["total"], tuple(kept["rows"]), kept.get("column", ""), kept.get("facts") or {}
    )


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings as they are shown: what matters most first, then what is most."""
    places = ("high", "medium", "low")
    return sorted(findings, key=lambda one: (places.index(one.severity), -one.count, one.code, one.column))


class Observer:
    """Looks at every batch of a file as it goes by, and remembers only counts and first examples."""

    def __init__(self, kind: str, columns: Sequence[str], today: date, shown: Mapping[str, str]) -> None:
        self._kind, self._columns, self._today, self._shown = kind, columns, today, shown
        self._counts: Counter[tuple[str, str]] = Counter()
        self._rows: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._blank: Counter[str] = Counter()
        self._blank_rows: defaultdict[str, list[int]] = defaultdict(list)
        self._filled: Counter[str] = Counter()
        self._numeric: Counter[str] = Counter()
        self._spellings: defaultdict[str, set[str]] = defaultdict(set)
        self.total = 0

    def see_text(self, frame: pl.DataFrame) -> None:
        """Look at rows as text: blanks among numbers, and yes and no written in more than one way."""
        self.total += frame.height
        for place, name in enumerate(self._columns):
            texts = frame[f"c{place}"].str.strip_chars()
            blank = texts == ""
            self._blank[name] += int(blank.sum())
            self._filled[name] += frame.height - int(blank.sum())
            self._numeric[name] += int(texts.str.contains(NUMERIC).sum())
            if len(self._blank_rows[name]) < EXAMPLES and blank.any():
                self._blank_rows[name] += frame["row"].filter(blank).head(EXAMPLES).to_list()
            self._see_words(name, texts)

    def see_facts(self, frame: pl.DataFrame) -> None:
        """Look at understood rows: amounts of nothing, and dates that have not come."""
        if self._kind == "contracts" and "amount" in frame.columns:
            trial = frame["is_trial"].fill_null(value=False) if "is_trial" in frame.columns else pl.Series([False])
            zero = (frame["amount"].cast(pl.Float64, strict=False) == 0).fill_null(value=False)
            self._note("zero_amount_trial", "amount", frame["row"].filter(zero & trial))
            self._note("zero_amount_paying", "amount", frame["row"].filter(zero & ~trial))
        for name in _PAST_FACTS:
            if name in frame.columns:
                late = (frame[name] > self._today).fill_null(value=False)
                self._note("future_date", name, frame["row"].filter(late))

    def see_refusals(self, refusals: Sequence[Refusal]) -> None:
        """Look at refused rows: those reasons that tell of the data and not of one cell."""
        for one in refusals:
            code = one.code
            if self._kind == "people" and (
                code in {"unknown_account", "ambiguous_account"} or one.facts.get("to") in {"account", "account_name"}
            ):
                code = "person_without_account"
            if code in SEVERITY and one.row is not None:
                self.note(code, one.column, [one.row])

    def note(self, code: str, column: str, rows: Sequence[int], count: int | None = None) -> None:
        """Count rows for a finding."""
        key = (code, column)
        self._counts[key] += len(rows) if count is None else count
        if len(self._rows[key]) < EXAMPLES:
            self._rows[key] += rows[: EXAMPLES - len(self._rows[key])]

    def spellings(self) -> list[str]:
        """Return how this file writes yes and no, as one list: `FALSE`, `TRUE`."""
        return sorted({word for words in self._spellings.values() for word in words})

    def findings(self) -> list[Finding]:
        """Return what was found, the gravest first."""
        found = [
            Finding(code, count, self.total, tuple(sorted(self._rows[code, column])), column)
            for (code, column), count in self._counts.items()
            if count
        ]
        return in_order([*found, *self._blank_numbers(), *self._mixed()])

    def _note(self, code: str, column: str, rows: pl.Series) -> None:
        if len(rows):
            self.note(code, self._shown.get(column) or column, rows.head(EXAMPLES).to_list(), len(rows))

    def _see_words(self, name: str, texts: pl.Series) -> None:
        head = texts.head(1_000)
        filled = head.filter(head != "")
        if len(filled) and filled.str.to_lowercase().is_in(list(_WORDS)).all():
            different = texts.filter(texts != "").unique().to_list()
            self._spellings[name] |= {word for word in different if word.casefold() in _WORDS}

    def _blank_numbers(self) -> list[Finding]:
        return [
            Finding("blank_numbers", self._blank[name], self.total, tuple(self._blank_rows[name][:EXAMPLES]), name)
            for name in self._columns
            if self._blank[name] and self._filled[name] and self._numeric[name] >= self._filled[name] * _MOSTLY
        ]

    def _mixed(self) -> list[Finding]:
        mixed = []
        for name, words in self._spellings.items():
            if len({word.casefold() for word in words}) < len(words):
                facts = {"spellings": ", ".join(sorted(words))}
                mixed.append(Finding("mixed_spellings", self.total, self.total, (), name, facts))
        return mixed


def other_spellings(here: Sequence[str], earlier: Mapping[str, Sequence[str]], total: int) -> list[Finding]:
    """Return a finding for each earlier file of the same source that writes yes and no in another way than this one."""
    found = []
    for name, words in earlier.items():
        both = {word.casefold() for word in here} & {word.casefold() for word in words}
        if both and not {word for word in here if word.casefold() in both} <= set(words):
            facts = {"spellings": ", ".join(here), "file": name, "there": ", ".join(words)}
            found.append(Finding("other_spellings", total, total, (), "", facts))
    return found


def of_events(events: pl.LazyFrame, total: int) -> list[Finding]:
    """Return what events tell beside their contracts and accounts.

    Takes `row`, `at` (UTC) and, as moments, `starts_at`, `ends_at` (of the contract), `since_at`, `left_at` (of the
    account), null where not known.
    """
    rules = {
        "before_contract": pl.col("at") < pl.col("starts_at"),
        "after_contract": pl.col("at") >= pl.col("ends_at"),
        "before_sign_up": pl.col("at") < pl.col("since_at"),
        "after_leaving": pl.col("at") >= pl.col("left_at"),
    }
    asked = []
    for code, rule in rules.items():
        asked += [
            rule.fill_null(value=False).sum().alias(code),
            pl.col("row").filter(rule.fill_null(value=False)).bottom_k(EXAMPLES).sort().implode().alias(f"{code}_rows"),
        ]
    answer = events.select(asked).collect(engine="streaming").row(0, named=True)
    return [Finding(code, answer[code], total, tuple(answer[f"{code}_rows"])) for code in rules if answer[code]]


def at_midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    """Return the moment (UTC) at which a day begins in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC) if day else None
