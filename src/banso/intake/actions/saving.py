"""Save checked rows through the actions of their areas: all or nothing, or slice by slice with the bad left out."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import batched
from typing import Any, Final

import polars as pl
from django.db import transaction
from django.db.models import F

from banso.accounts import actions as accounts
from banso.contracts import actions as contracts
from banso.intake.actions import fields, rows, workshop
from banso.intake.actions.checking import RAW
from banso.intake.models import Import
from banso.intake.queries import folders
from banso.intake.queries.known import Known
from banso.intake.rules.mapping import Map
from banso.intake.rules.refusals import Refusal
from banso.people import queries as people
from banso.people.access import Actor
from banso.shared import businessdays

SLICE: Final = 5_000
DEEPEST: Final = 50  # no tree of customers is; a circle ends here, and is refused by accounts


class RolledBack(Exception):
    """Takes back what a transaction has done, on purpose: a dry run, or bad rows where all had to be good."""


@dataclass
class Saved:
    """How many rows were added, changed and the same, and which were refused by the areas."""

    added: int = 0
    changed: int = 0
    same: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    def count(self, other: "Saved") -> None:
        """Add what one more slice did."""
        self.added += other.added
        self.changed += other.changed
        self.same += other.same
        self.refusals += other.refusals


def save(one: Import, chosen: Map, known: Known, *, by: Actor, now: datetime) -> Saved:
    """Save the checked rows of accounts, people or contracts.

    With `skips_bad_rows` each slice is a transaction of its own, which also counts what it did: an import that is
    killed goes on after the last slice that was saved. Without, or in a dry run, all is one transaction.
    """
    saver = _Saver(one, chosen, known, by=by, now=now)
    if one.skips_bad_rows and not one.is_dry_run:
        return _slice_by_slice(one, saver)
    saved = Saved()
    with contextlib.suppress(RolledBack), transaction.atomic():
        _all_at_once(one, saver, saved)
    return saved


def _all_at_once(one: Import, saver: "_Saver", saved: Saved) -> None:
    for number, some in enumerate(saver.slices()):
        workshop.beat(one.folder, phase="saving", done=number * SLICE, total=saver.total)
        saved.count(saver.save(some, number))
    if one.is_dry_run or (saved.refusals and not one.skips_bad_rows):
        raise RolledBack
    Import.objects.filter(pk=one.pk).update(
        rows_added=saved.added, rows_changed=saved.changed, rows_same=saved.same, parts_saved=1
    )


def _slice_by_slice(one: Import, saver: "_Saver") -> Saved:
    saved = Saved()
    for number, some in enumerate(saver.slices()):
        workshop.beat(one.folder, phase="saving", done=number * SLICE, total=saver.total)
        if number < one.parts_saved:
            continue
        with transaction.atomic():
            done = saver.save(some, number)
            Import.objects.filter(pk=one.pk).update(
                rows_added=F("rows_added") + done.added,
                rows_changed=F("rows_changed") + done.changed,
                rows_same=F("rows_same") + done.same,
                parts_saved=number + 1,
            )
        saved.count(done)
    return saved


class _Saver:
    """Turns slices of checked facts into rows of an area, saves them, and writes down what the area refused."""

    def __init__(self, one: Import, chosen: Map, known: Known, *, by: Actor, now: datetime) -> None:
        self._one, self._chosen, self._known, self._by, self._now = one, chosen, known, by, now
        self._company = people.company()
        parts = folders.folder(one.folder) / folders.STAGED / "*.parquet"
        self._facts = pl.read_parquet(parts)
        self.total = self._facts.height
        self._is_ready = chosen.kind != "accounts"

    def slices(self) -> Iterator[Sequence[Mapping[str, Any]]]:
        """Yield the facts in slices: parents before their children, the lines of one contract together."""
        names = [name for name in self._facts.columns if not name.startswith(RAW)]
        facts = self._facts.select(names)
        if self._chosen.kind == "accounts" and "parent" in names:
            facts = _parents_first(facts)
        plain = facts.to_dicts()
        if self._chosen.kind == "contracts":
            return iter(list(batched(rows.by_contract(plain), SLICE)))  # type: ignore[arg-type]
        return iter(list(batched(plain, SLICE)))

    def save(self, some: Sequence[Any], number: int) -> Saved:
        """Save one slice, in the caller's transaction."""
        if not self._is_ready:
            fields.define_missing(self._facts, self._chosen, by=self._by, now=self._now)
            self._is_ready = True
        match self._chosen.kind:
            case "accounts":
                given = [rows.account_of(facts) for facts in some]
                result = accounts.save_accounts(
                    given,
                    by=self._by,
                    now=self._now,
                    visible=self._known.seen(),
                    creates_missing=self._chosen.creates_missing,
                )
                refused = self._refusals(some, result.refused, "accounts")
            case "people":
                people_given = [rows.person_of(facts) for facts in some]
                result = accounts.save_people(people_given, by=self._by, now=self._now, visible=self._known.seen())
                refused = self._refusals(some, result.refused, "accounts")
            case _:
                result, refused = self._save_contracts(some)
        self._write_down(refused, number)
        return Saved(result.added, result.changed, result.same, refused)

    def _save_contracts(self, some: Sequence[Sequence[Mapping[str, Any]]]) -> tuple[accounts.SaveResult, list[Refusal]]:
        given, kept, refused = [], [], []
        for group in some:
            try:
                given.append(rows.contract_of(group, self._chosen, self._company.currency))
                kept.append(group[0])
            except rows.TooFine as problem:
                column = self._shown("amount")
                facts = {"currency": problem.currency}
                refused.append(Refusal("too_fine_amount", group[0]["row"], column, str(group[0]["amount"]), facts))
        calendar = businessdays.calendar_of(self._company.country, self._company.closures)
        result = contracts.save_contracts(
            given, by=self._by, now=self._now, calendar=calendar, visible=self._known.seen()
        )
        return result, [*refused, *self._refusals(kept, result.refused, "contracts")]

    def _refusals(self, some: Sequence[Mapping[str, Any]], faults: Sequence[Any], area: str) -> list[Refusal]:
        return [
            Refusal(
                f"{area}.{fault.code}",
                some[fault.index]["row"],
                self._shown(fault.field),
                str(fault.params.get("value", "")),
                {**{name: _plain(value) for name, value in fault.params.items()}, "field": fault.field},
            )
            for fault in faults
        ]

    def _shown(self, name: str) -> str:
        """Return the column of the file that a field of an area was read from."""
        key = name.rsplit(".", maxsplit=1)[-1] if name.startswith("lines[") else name.replace("fields.", "field:")
        key = {"account_external_id": "account", "amount_minor": "amount", "quantity": "seats"}.get(key, key)
        column = self._chosen.reading(key)
        return (column.source if column else "") or name

    def _write_down(self, refused: Sequence[Refusal], number: int) -> None:
        """Write the refused rows of a slice beside the others, replacing what an earlier try of it wrote."""
        path = folders.folder(self._one.folder) / f"refused-{number:06}.jsonl"
        by_row: dict[int, list[Refusal]] = {}
        for one in refused:
            by_row.setdefault(one.row or 0, []).append(one)
        if not by_row:
            path.unlink(missing_ok=True)
            return
        raw = self._facts.filter(pl.col("row").is_in(list(by_row))).select("row", pl.col(f"^{RAW}.*$"))
        cells = {row[0]: list(row[1:]) for row in raw.iter_rows()}
        lines = [
            json.dumps({"row": row, "cells": cells.get(row, []), "refusals": [one.as_json() for one in found]})
            for row, found in sorted(by_row.items())
        ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _parents_first(facts: pl.DataFrame) -> pl.DataFrame:
    """Return accounts with those that are parents in the same file before their children; circles keep their place."""
    parents = dict(zip(facts["external_id"].to_list(), facts["parent"].to_list(), strict=True))

    def depth(name: str | None) -> int:
        steps = 0
        while name and (name := parents.get(name)) and steps < DEEPEST:
            steps += 1
        return steps

    depths = [depth(name) for name in parents]
    return facts.with_columns(pl.Series("depth:", depths)).sort("depth:", maintain_order=True).drop("depth:")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
