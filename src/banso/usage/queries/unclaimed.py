"""Usage whose account nobody knows: under which names it came, how much it is, and an example of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

import duckdb
import polars as pl

from banso.accounts import queries as accounts
from banso.shared.privacy import veiled, veiled_json
from banso.usage.models import Attachment, SetAside, manifest
from banso.usage.models.manifest import Manifest
from banso.usage.queries.reading import lake, quoted
from banso.usage.rules.identity import ANONYMOUS, SEVERAL, USER, bare_name, is_own_name, kind_of_name

type Kind = Literal["group", "user", "several", "visitor"]

PAGE: Final = 50
EXPORTED_AT_MOST: Final = 1_000_000
KINDS: Final[tuple[Kind, ...]] = ("group", "user", "several", "visitor")
SORTS: Final = {"name": "name", "n": "n", "people": "people", "first": "first_at", "last": "last_at"}
_KIND: Final = (
    f"CASE WHEN starts_with(name, '{USER}') THEN 'user' WHEN starts_with(name, '{SEVERAL}') THEN 'several'"
    f" WHEN starts_with(name, '{ANONYMOUS}') THEN 'visitor' ELSE 'group' END"
)


@dataclass(frozen=True)
class UnclaimedRow:
    """Usage under one name, counted over the whole lake; `shown` is what the product calls whoever it is of.

    `kind`: a `group` of the product, a `user` without an account, one of `several` who did not say which, a `visitor`.
    """

    name: str
    kind: Kind
    shown: str
    n: int
    people: int
    first_at: datetime
    last_at: datetime
    example: str
    properties: str


@dataclass(frozen=True)
class UnclaimedPage:
    """Some names of unclaimed usage, and over all pages how many names there are of each kind and how many events."""

    rows: list[UnclaimedRow]
    total: int
    names: dict[str, int]
    events: dict[str, int]


@dataclass(frozen=True)
class AttachmentRow:
    """Usage that came without an account and counts for one now; `made_by` is empty where we found it out ourselves."""

    id: int
    name: str
    kind: str
    shown: str
    account_id: int
    account: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True)
class SetAsideRow:
    """A name that nobody wants to be asked about."""

    name: str
    kind: str
    shown: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True)
class Sought:
    """Which unclaimed usage is wanted, and in which order."""

    kind: str = ""
    text: str = ""
    sort: str = "-n"


def unclaimed(sought: Sought, *, offset: int = 0, limit: int = PAGE) -> UnclaimedPage:
    """Return names of unclaimed usage, counted over the whole lake at this moment; three readings at any size."""
    claimed = _claimed_frame()

    def look(work: duckdb.DuckDBPyConnection, seen: Manifest) -> UnclaimedPage:
        if not _find(work, seen, claimed):
            return UnclaimedPage(rows=[], total=0, names={}, events={})
        tallies = work.execute("SELECT kind, count(*), CAST(sum(n) AS BIGINT) FROM found GROUP BY kind").fetchall()
        where, given = _wanted(sought)
        total = work.execute(f"SELECT count(*) FROM found WHERE {where}", given).fetchall()[0][0]
        found = work.execute(
            f"SELECT * FROM found WHERE {where} ORDER BY {_order(sought.sort)} LIMIT {limit} OFFSET {offset}", given
        ).fetchall()
        examples = _examples(work, seen, [one[0] for one in found])
        return UnclaimedPage(
            rows=[_row(one, examples) for one in found],
            total=total,
            names={kind: count for kind, count, _ in tallies},
            events={kind: events for kind, _, events in tallies},
        )

    return lake(look)


def unclaimed_names(sought: Sought) -> list[str]:
    """Return all names that are found, by name: what “all” means of a list."""
    return [row.name for row in unclaimed(sought, limit=EXPORTED_AT_MOST).rows]


def unclaimed_export(sought: Sought) -> Iterator[UnclaimedRow]:
    """Yield everything that is found, in its order."""
    yield from unclaimed(sought, limit=EXPORTED_AT_MOST).rows


def claimed_names(names: Iterable[str]) -> set[str]:
    """Return which of some names count for an account."""
    wanted = set(names)
    own = {name for name in accounts.all_names() if name in wanted and not is_own_name(name)}
    return own | set(Attachment.objects.filter(name__in=wanted).values_list("name", flat=True))


def attachments(viewer: accounts.Viewer, *, offset: int = 0, limit: int = PAGE) -> tuple[list[AttachmentRow], int]:
    """Return attachments to accounts that somebody may see, the newest first, and how many there are."""
    found = Attachment.objects.filter(account__in=accounts.visible_to(viewer)).select_related("account")
    rows = [
        AttachmentRow(
            id=one.pk,
            name=one.name,
            kind=kind_of_name(one.name),
            shown=bare_name(one.name),
            account_id=one.account_id,
            account=one.account.name,
            made_at=one.made_at,
            made_by=one.made_by,
        )
        for one in found.order_by("-made_at", "-pk")[offset : offset + limit]
    ]
    return rows, found.count()


def names_set_aside(*, offset: int = 0, limit: int = PAGE) -> tuple[list[SetAsideRow], int]:
    """Return the names that nobody wants to be asked about, the newest first, and how many there are."""
    found = SetAside.objects.order_by("-made_at", "-pk")
    rows = [
        SetAsideRow(
            name=one.name,
            kind=kind_of_name(one.name),
            shown=bare_name(one.name),
            made_at=one.made_at,
            made_by=one.made_by,
        )
        for one in found[offset : offset + limit]
    ]
    return rows, found.count()


def _claimed_frame() -> pl.DataFrame:
    names = {name for name in accounts.all_names() if not is_own_name(name)}
    names.update(Attachment.objects.values_list("name", flat=True))
    names.update(SetAside.objects.values_list("name", flat=True))
    return pl.DataFrame({"name": list(names)}, schema={"name": pl.String})


def _find(work: duckdb.DuckDBPyConnection, seen: Manifest, claimed: pl.DataFrame) -> bool:
    """Make the table `found` (name, n, people, first_at, last_at, kind); return whether there is a lake at all."""
    if not seen.lake:
        return False
    work.register("claimed", claimed)
    work.execute(
        f"CREATE OR REPLACE TEMP TABLE found AS SELECT *, {_KIND} AS kind FROM (SELECT account AS name, count(*) AS n,"
        """ count(DISTINCT person) AS people, timezone('UTC', min("at")) AS first_at,"""
        f""" timezone('UTC', max("at")) AS last_at FROM {_files(seen)} AS lake"""
        " WHERE NOT EXISTS (SELECT 1 FROM claimed WHERE claimed.name = lake.account) GROUP BY account)"
    )
    work.unregister("claimed")
    return True


def _wanted(sought: Sought) -> tuple[str, dict[str, str]]:
    where, given = ["true"], dict[str, str]()
    if sought.kind in KINDS:
        where.append("kind = $kind")
        given["kind"] = sought.kind
    if sought.text:
        where.append("contains(lower(name), lower($text))")
        given["text"] = sought.text
    return " AND ".join(where), given


def _order(sort: str) -> str:
    column = SORTS.get(sort.removeprefix("-"), "n")
    return f"{column} {'DESC' if sort.startswith('-') else 'ASC'}, name"


def _examples(work: duckdb.DuckDBPyConnection, seen: Manifest, names: list[str]) -> dict[str, tuple[str, str | None]]:
    """Return the newest event of each name."""
    if not names:
        return {}
    found = work.execute(
        """SELECT account, arg_max({'name': name, 'properties': properties}, ("at", name))"""
        f" FROM {_files(seen)} AS lake WHERE account IN (SELECT unnest($names)) GROUP BY account",
        {"names": names},
    ).fetchall()
    return {name: (one["name"], one["properties"]) for name, one in found}


def _files(seen: Manifest) -> str:
    return quoted(*manifest.paths(one.path for one in seen.lake))


def _row(one: tuple[Any, ...], examples: dict[str, tuple[str, str | None]]) -> UnclaimedRow:
    name, n, people, first, last, kind = one
    event, properties = examples.get(name, ("", None))
    return UnclaimedRow(
        name=name,
        kind=kind,
        shown=bare_name(name),
        n=n,
        people=people,
        first_at=first.replace(tzinfo=UTC),
        last_at=last.replace(tzinfo=UTC),
        example=veiled(event),
        properties=veiled_json(properties) if properties else "",
    )
