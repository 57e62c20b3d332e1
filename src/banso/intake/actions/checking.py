"""Read a whole file and set its good rows ready; nothing is saved yet, every refused row is written down with why."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TextIO
from zoneinfo import ZoneInfo

import polars as pl

from banso.intake.actions import workshop
from banso.intake.actions.repeats import Repeats, repeated_events
from banso.intake.actions.uploading import open_kept
from banso.intake.models import Import
from banso.intake.queries import folders, tables
from banso.intake.queries.known import Known
from banso.intake.rules import findings, mapping
from banso.intake.rules.applying import Context, apply
from banso.intake.rules.findings import Finding, Observer
from banso.intake.rules.mapping import Lookup, Map
from banso.intake.rules.refusals import Refusal
from banso.people import queries as people

_UTC: Final = pl.Datetime("us", "UTC")
KEPT_REFUSALS: Final = 100
RAW: Final = "raw:"  # before the names of columns that hold the cells as they were
MOST_LOOKED_UP: Final = 2_000_000


@dataclass
class Checked:
    """What the check of a file found, as it is kept beside the file."""

    rows: int = 0
    refused: int = 0
    repeated: int = 0
    refusals: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    spellings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the plain form."""
        return {**vars(self), "findings": [one.as_json() for one in self.findings]}


def from_json(kept: Mapping[str, Any]) -> Checked:
    """Return what `as_json` wrote."""
    return Checked(**{**kept, "findings": [findings.from_json(one) for one in kept["findings"]]})


def context_of(chosen: Map, *, beside: Path | None, now: datetime) -> Context:
    """Return what cells are understood by; files that a map looks up are read from the folder `beside`."""
    zone = mapping.check_zone(chosen.time_zone) or people.company().time_zone
    looked_up = {column.lookup for column in chosen.columns if column.lookup is not None}
    return Context(zone=zone, now=now, lookups={one: _looked_up(one, beside) for one in looked_up})


def check_file(one: Import, known: Known, *, context: Context) -> Checked:
    """Check all rows of a file; raises Unreadable, WrongMap, Cancelled."""
    done = folders.checked(one.folder)
    if done is not None:
        return from_json(done)
    _begin_anew(one.folder)
    chosen = mapping.from_plain(one.mapping, kind=one.kind)
    table = open_kept(folders.folder(one.folder) / folders.FILE, chosen=chosen)
    mapping.check(chosen, table.columns)
    today = people.today(people.company(), context.now)
    observer, repeats, checked = Observer(one.kind, table.columns, today, sources(chosen)), Repeats(chosen), Checked()
    with (folders.folder(one.folder) / folders.REFUSED).open("w", encoding="utf-8") as file:
        for part, batch in enumerate(tables.batches(table)):
            workshop.beat(one.folder, phase="checking", done=checked.rows, total=one.rows_total)
            good, refusals = judge(
                batch, table, chosen, context=context, known=known, observer=observer, repeats=repeats
            )
            _write_down(file, batch, refusals, checked)
            checked.rows += batch.frame.height + len(batch.refused)
            _stage(one, good, batch, part)
    checked.repeated = repeats.count
    checked.spellings = observer.spellings()
    repeats.tell(observer)
    checked.findings = findings.in_order([*observer.findings(), *_across(one, chosen, known, checked, context)])
    folders.write_whole(folders.folder(one.folder) / folders.CHECKED, checked.as_json())
    return checked


def judge(
    batch: tables.Batch,
    table: tables.Table,
    chosen: Map,
    *,
    context: Context,
    known: Known,
    observer: Observer,
    repeats: Repeats,
) -> tuple[pl.DataFrame, list[Refusal]]:
    """Return the good rows of a batch as facts, and the refusals of all others."""
    observer.see_text(batch.frame)
    applied = apply(batch.frame, table.columns, chosen, context)
    good, unknown = with_accounts(applied.frame, chosen, known)
    good, twice = repeats.without(good)
    if chosen.kind == "contracts":
        good, backwards = _forwards(good, chosen)
        twice += backwards
    refusals = [*batch.refusals, *applied.refusals, *unknown, *twice]
    observer.see_facts(good)
    observer.see_refusals(refusals)
    return good, refusals


def sources(chosen: Map) -> dict[str, str]:
    """Return the column that each fact is read from."""
    return {column.to: column.source for column in chosen.columns}


def with_accounts(frame: pl.DataFrame, chosen: Map, known: Known) -> tuple[pl.DataFrame, list[Refusal]]:
    """Name the account of each row by its own external id; rows of accounts out of reach are refused as unknown."""
    if chosen.kind == "accounts":
        return _within_reach(frame, chosen, known)
    way = next((key for key in ("account", "contract", "account_name") if chosen.reading(key) is not None), "account")
    column = chosen.reading(way)
    given = frame[way]
    named = given.unique().to_list()
    refusals: list[Refusal] = []
    if way == "account":
        found: Mapping[str, str] = known.by_id(named)
    elif way == "contract":
        found = {one: term.account for one, term in known.contracts(named).items()}
    else:
        by_name = known.by_name(named)
        found = {name: ids[0] for name, ids in by_name.items() if len(ids) == 1}
        refusals += _refused(
            frame, way, column, {name for name, ids in by_name.items() if len(ids) > 1}, "ambiguous_account"
        )
    missing = {one for one in named if one not in found}
    code = "unknown_contract" if way == "contract" else "unknown_account"
    doubtful = {one.value for one in refusals}
    refusals += _refused(frame, way, column, missing - doubtful, code)
    if missing:
        frame = frame.filter(~given.is_in(list(missing)))
    own = frame[way].replace_strict(list(found), list(found.values()), default=None, return_dtype=pl.String)
    return frame.with_columns(own.alias("account")), refusals


def _within_reach(frame: pl.DataFrame, chosen: Map, known: Known) -> tuple[pl.DataFrame, list[Refusal]]:
    """Refuse rows of accounts that are there but out of the author's reach: in the words of one that is not there."""
    hidden = known.hidden(frame["external_id"].unique().to_list())
    refusals = _refused(frame, "external_id", chosen.reading("external_id"), hidden, "unknown_account")
    return (frame.filter(~frame["external_id"].is_in(list(hidden))) if hidden else frame), refusals


def _refused(
    frame: pl.DataFrame, key: str, column: mapping.Column | None, values: Iterable[str], code: str
) -> list[Refusal]:
    bad = frame.filter(frame[key].is_in(list(values)))
    shown = (column.source if column else "") or key
    return [Refusal(code, row, shown, value) for row, value in zip(bad["row"], bad[key], strict=True)]


def _forwards(frame: pl.DataFrame, chosen: Map) -> tuple[pl.DataFrame, list[Refusal]]:
    """Refuse contracts that end or renew before they start."""
    refusals: list[Refusal] = []
    for key in ("ends_on", "last_on", "renews_on"):
        column = chosen.reading(key)
        if column is None:
            continue
        bad = frame.filter(frame[key] < frame["starts_on"])
        shown = column.source or key
        refusals += [
            Refusal("ends_before_start", row, shown, day.isoformat(), {"start": start.isoformat()})
            for row, day, start in zip(bad["row"], bad[key], bad["starts_on"], strict=True)
        ]
    if not refusals:
        return frame, []
    return frame.filter(~frame["row"].is_in([one.row for one in refusals])), refusals


def _stage(one: Import, good: pl.DataFrame, batch: tables.Batch, part: int) -> None:
    """Set good rows ready; what an area may still refuse keeps its cells, for the error file."""
    if one.kind not in {"usage", "series"}:
        raw = batch.frame.rename({name: f"{RAW}{name}" for name in batch.frame.columns if name != "row"})
        good = good.join(raw, on="row", how="left", maintain_order="left")
    staged = folders.folder(one.folder) / folders.STAGED / f"part-{part:06}.parquet"
    good.write_parquet(staged, compression="lz4")


def _begin_anew(name: str) -> None:
    is_wanted_to_end = folders.is_cancelled(name)
    workshop.clear(name)
    (folders.folder(name) / folders.STAGED).mkdir()
    if is_wanted_to_end:
        (folders.folder(name) / folders.CANCEL).touch()


def _write_down(file: TextIO, batch: tables.Batch, refusals: Sequence[Refusal], checked: Checked) -> None:
    """Write the refused rows of a batch with their cells, in the order of the file."""
    by_row: dict[int, list[Refusal]] = {}
    for one in refusals:
        if one.row is not None:
            by_row.setdefault(one.row, []).append(one)
    if not by_row:
        return
    bad = batch.frame.filter(batch.frame["row"].is_in(list(by_row)))
    cells = {row[0]: list(row[1:]) for row in bad.iter_rows()} | batch.refused
    for row in sorted(by_row):
        kept = {"row": row, "cells": cells.get(row, []), "refusals": [one.as_json() for one in by_row[row]]}
        file.write(json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")
    checked.refused += len(by_row)
    room = KEPT_REFUSALS - len(checked.refusals)
    checked.refusals += [one.as_json() for row in sorted(by_row) for one in by_row[row]][: max(0, room)]


def _across(one: Import, chosen: Map, known: Known, checked: Checked, context: Context) -> list[Finding]:
    """Return what the file tells beside what is known already: contracts, sign-up days, earlier files of its source."""
    found: list[Finding] = []
    if chosen.kind == "usage" and any((folders.folder(one.folder) / folders.STAGED).iterdir()):
        found += _repeated_events(one, chosen, checked)
        found += _events_beside(one, chosen, known, checked.rows, context)
    if chosen.source:
        earlier = Import.objects.filter(source=chosen.source, state__in=["done", "partial", "checked"]).exclude(
            pk=one.pk
        )
        named = {row.file_name: row.spellings for row in earlier.order_by("-made_at", "-pk")[:20] if row.spellings}
        named.pop(one.file_name, None)
        found += findings.other_spellings(checked.spellings, named, checked.rows)
    return found


def _repeated_events(one: Import, chosen: Map, checked: Checked) -> list[Finding]:
    """Set aside events whose id came before in the same file: the first counts, as in the event API."""
    column = chosen.reading("message_id")
    if column is None:
        return []
    again = repeated_events(pl.scan_parquet(folders.folder(one.folder) / folders.STAGED / "*.parquet"))
    if not again.height:
        return []
    again.write_parquet(folders.folder(one.folder) / folders.REPEATED)
    checked.repeated += again.height
    found = []
    for code, rows in (
        ("repeated_id", again.filter("is_same")),
        ("same_id_other_content", again.filter(~pl.col("is_same"))),
    ):
        if rows.height:
            examples = tuple(rows["row"].head(findings.EXAMPLES).to_list())
            found.append(Finding(code, rows.height, checked.rows, examples, column.source or "message_id"))
    return found


def _events_beside(one: Import, chosen: Map, known: Known, total: int, context: Context) -> list[Finding]:
    zone = ZoneInfo(context.zone)
    events = pl.scan_parquet(folders.folder(one.folder) / folders.STAGED / "*.parquet")
    facts = pl.DataFrame(
        [(row.external_id, findings.at_midnight(row.since_on, zone), findings.at_midnight(row.left_on, zone))
         for row in known.accounts().values()],
        schema={"account": pl.String, "since_at": _UTC, "left_at": _UTC},
        orient="row",
    )  # fmt: skip
    events = events.join(facts.lazy(), on="account", how="left")
    if chosen.reading("contract") is not None:
        terms = pl.DataFrame(
            [(term.external_id, findings.at_midnight(term.starts_on, zone), findings.at_midnight(term.ends_on, zone))
             for term in known.seen_contracts()],
            schema={"contract": pl.String, "starts_at": _UTC, "ends_at": _UTC},
            orient="row",
        )  # fmt: skip
        events = events.join(terms.lazy(), on="contract", how="left")
    else:
        none = pl.lit(None, dtype=_UTC)
        events = events.with_columns(none.alias("starts_at"), none.alias("ends_at"))
    return findings.of_events(events, total)


def _looked_up(lookup: Lookup, beside: Path | None) -> dict[str, str]:
    """Return key → value of another file; only the first or last of each key counts."""
    path = beside / lookup.file if beside is not None else None
    if path is None or not path.is_file():
        raise mapping.WrongMap("lookup_file_missing", to="", file=lookup.file)
    table = open_kept(path)
    for name in (lookup.key, lookup.value):
        if name not in table.columns:
            raise mapping.WrongMap("unknown_column", to=lookup.file, column=name, known=", ".join(table.columns[:30]))
    key, value = (f"c{table.columns.index(name)}" for name in (lookup.key, lookup.value))
    found: dict[str, str] = {}
    for batch in tables.batches(table):
        for one, meant in batch.frame.select(pl.col(key, value).str.strip_chars()).iter_rows():
            if lookup.pick == "last" or one not in found:
                found[one] = meant
        if len(found) > MOST_LOOKED_UP:
            raise mapping.WrongMap("lookup_too_large", to="", file=lookup.file, limit=MOST_LOOKED_UP)
    return found
