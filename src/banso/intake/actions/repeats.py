"""Rows that come again: the same row is taken once; the same id with other content is told, never silently merged."""

import hashlib
from collections.abc import Iterable
from typing import Final

import polars as pl

from banso.intake.rules.findings import Observer
from banso.intake.rules.mapping import Map
from banso.intake.rules.refusals import Refusal

# What makes a row of each kind one thing; contracts have a row for each line.
KEYS: Final[dict[str, tuple[str, ...]]] = {
    "accounts": ("external_id",),
    "people": ("account", "external_id"),
    "contracts": ("external_id", "line", "line_name", "line_kind"),
    "usage": ("message_id",),
    "series": ("account", "series", "on"),
}


class Repeats:
    """Remembers the ids seen so far in one file, as short digests."""

    def __init__(self, chosen: Map) -> None:
        self._kind = chosen.kind
        self._first_of = bool(chosen.once_by)
        read = {column.to for column in chosen.columns}
        self._key = list(chosen.once_by) or [key for key in KEYS[chosen.kind] if key in read or key == "account"]
        if chosen.kind == "people" and "external_id" not in read:
            self._key = ["account", "email"] if "email" in read else []
        self._shown = next((column.source for column in chosen.columns if self._key and column.to == self._key[-1]), "")
        self._seen: dict[bytes, tuple[int, bytes]] = {}
        self._same: list[int] = []
        self.count = 0

    def without(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Refusal]]:
        """Return the rows that are the first of their id, and refusals where a later one says something else.

        The ids of events are too many to remember one by one: `repeated_events` looks at them all at once.
        """
        if not self._key or not frame.height or (self._kind == "usage" and not self._first_of):
            return frame, []
        keys = frame.select(self._key).iter_rows()
        contents = frame.drop("row").iter_rows()
        again: list[int] = []
        refusals: list[Refusal] = []
        for row, key, content in zip(frame["row"].to_list(), keys, contents, strict=True):
            if all(part is None or part == "" for part in key):
                continue
            name, digest = _digest(key), _digest(content)
            first = self._seen.setdefault(name, (row, digest))
            if first[0] == row:
                continue
            again.append(row)
            if self._first_of:
                continue
            self._note(row, key, first, is_same=first[1] == digest, refusals=refusals)
        self.count += len(again) - len(refusals)
        return (frame.filter(~frame["row"].is_in(again)) if again else frame), refusals

    def tell(self, observer: Observer) -> None:
        """Tell the observer how many rows came again."""
        if self.count and not self._first_of:
            observer.note("repeated_row", self._shown, self._same, self.count)

    def _note(
        self,
        row: int,
        key: tuple[object, ...],
        first: tuple[int, bytes],
        *,
        is_same: bool,
        refusals: list[Refusal],
    ) -> None:
        if is_same:
            self._same += [row] if len(self._same) < 5 else []  # noqa: PLR2004  # examples
        else:
            refusals.append(Refusal("repeated_id", row, self._shown, str(key[-1]), {"first": first[0]}))


def repeated_events(events: pl.LazyFrame) -> pl.DataFrame:
    """Return `row` and `is_same` of the events whose id came before: the same event again, or another with its id.

    Works on 64-bit hashes, 24 bytes an event.
    """
    names = [name for name in events.collect_schema().names() if name not in {"row", "message_id"}]
    hashed = events.filter(pl.col("message_id").fill_null("") != "").select(
        "row", pl.col("message_id").hash().alias("id"), pl.struct(names).hash().alias("content")
    )
    frame = hashed.collect(engine="streaming").sort("row")
    again = frame.filter(pl.col("id").is_duplicated())
    return (
        again.with_columns((pl.col("content") == pl.col("content").first().over("id")).alias("is_same"))
        .filter(~pl.col("id").is_first_distinct())
        .select("row", "is_same")
    )


def _digest(parts: Iterable[object]) -> bytes:
    return hashlib.blake2b(repr(tuple(parts)).encode("utf-8", "replace"), digest_size=8).digest()
