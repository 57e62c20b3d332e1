"""Accounts as they are read: `visible_to` is the only way in to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import batched
from typing import Any, Final, Literal, Protocol

from django.db.models import Case, Count, IntegerField, Max, Model, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.utils.safestring import SafeString, mark_safe

from banso.accounts.models import Account, ExternalId, Note, Person, SavedView, Segment, Stage
from banso.people.access import User
from banso.shared.markdown import render
from banso.shared.text import company_key, one_line, search_key

BATCH_ROWS: Final = 1000


class Viewer(Protocol):
    """Whoever asks for accounts: a user or an API key."""

    @property
    def reach(self) -> str:
        """Return "all" or "teams"."""


class _Job:
    """Who asks for no person, and shows nothing to one that they may not see."""

    reach = "all"


EVERYTHING: Final[Viewer] = _Job()


@dataclass(frozen=True)
class AccountRow:
    """One account as pages and the API show it; custom fields by key."""

    id: int
    external_id: str
    name: str
    reading: str
    kind: str
    parent_id: int | None
    parent_external_id: str | None
    parent_name: str | None
    segment_id: int | None
    segment: str | None
    stage_id: int | None
    stage: str | None
    owner_id: int | None
    owner: str | None
    owner_email: str | None
    team_id: int | None
    team: str | None
    customer_since_on: date | None
    left_on: date | None
    created_at: datetime
    changed_at: datetime
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PersonRow:
    id: int
    account_id: int
    account_external_id: str
    external_id: str
    name: str
    email: str
    title: str
    department: str
    role: str
    left_on: date | None
    added_at: datetime


@dataclass(frozen=True)
class NoteRow:
    """A note; `body` is Markdown as written."""

    id: int
    account_id: int
    body: str
    written_by_id: int | None
    written_by: str | None
    written_at: datetime
    changed_at: datetime | None = None

    @property
    def html(self) -> SafeString:
        """Return the note as safe HTML."""
        return mark_safe(render(self.body))


@dataclass(frozen=True)
class SortRow:
    """A segment or a stage; `accounts` is how many stand in it."""

    id: int
    name: str
    position: int
    accounts: int = 0


@dataclass(frozen=True)
class SavedViewRow:
    """A tab of the portfolio."""

    id: int
    name: str
    query: str
    owner_id: int
    owner: str
    is_shared: bool


def visible_to(viewer: Viewer) -> QuerySet[Account]:
    """Return the accounts that somebody may see: all, or those of their teams and of the people in them, and all below.

    A user who is in no team sees their own accounts. What is not among them answers like what does not exist.
    """
    if viewer.reach == "all":
        return Account.objects.all()
    if not isinstance(viewer, User):
        return Account.objects.none()
    teams = User.teams.through.objects.filter(user_id=viewer.pk).values("team_id")
    members = User.teams.through.objects.filter(team_id__in=teams).values("user_id")
    own = Account.objects.filter(Q(team_id__in=teams) | Q(owner_id=viewer.pk) | Q(owner_id__in=members))
    return Account.objects.filter(pk__in=_with_all_below(own))


def within_reach[M: Model](viewer: Viewer, rows: QuerySet[M]) -> QuerySet[M]:
    """Return those rows, each of an `account`, whose account somebody may see; who sees all is asked nothing."""
    return rows if viewer.reach == "all" else rows.filter(account__in=visible_to(viewer))


def subtree_ids(account_id: int) -> list[int]:
    """Return the ids of an account and of all accounts below it, in one query."""
    below = Account.objects.filter(pk__in=_with_all_below(Account.objects.filter(pk=account_id)))
    return list(below.order_by("pk").values_list("pk", flat=True))


def all_ids() -> dict[int, str]:
    """Return every account's external id by its id, for jobs that count for all."""
    return dict(Account.objects.order_by("pk").values_list("pk", "external_id"))


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of some accounts by id, for jobs that tell of them."""
    found: dict[int, str] = {}
    for some in batched(ids, BATCH_ROWS):
        found |= dict(Account.objects.filter(pk__in=some).order_by("pk").values_list("pk", "name"))
    return found


def by_external_ids(ids: Iterable[str]) -> dict[str, int]:
    """Return account ids by external id: their own, else another system's where only one account has it."""
    wanted = set(ids)
    found: dict[str, int] = {}
    for names in batched(wanted, BATCH_ROWS):
        found |= dict(Account.objects.filter(external_id__in=names).order_by("pk").values_list("external_id", "pk"))
    others: dict[str, int] = {}
    for names in batched(wanted - found.keys(), BATCH_ROWS):
        others |= _unshared(ExternalId.objects.filter(value__in=names))
    return found | others


def all_names() -> dict[str, int]:
    """Return account ids by every external id they have, as `by_external_ids` would; two queries for all."""
    return _unshared(ExternalId.objects.all()) | {name: pk for pk, name in all_ids().items()}


def accounts_of_people(external_ids: Iterable[str]) -> dict[str, set[str]]:
    """Return for each person (by their own external id) the external ids of the accounts that they are in now."""
    found: dict[str, set[str]] = {}
    for names in batched(set(external_ids), BATCH_ROWS):
        people = Person.objects.filter(external_id__in=names, left_on__isnull=True).order_by("pk")
        for person, account in people.values_list("external_id", "account__external_id"):
            found.setdefault(person, set()).add(account)
    return found


def names_mark() -> str:
    """Return a text that is another one when an account or another system's name of one was added or removed."""
    accounts = Account.objects.aggregate(newest=Max("pk"), count=Count("pk"))
    names = ExternalId.objects.aggregate(newest=Max("pk"), count=Count("pk"))
    return f"{accounts['count']}:{accounts['newest']} {names['count']}:{names['newest']}"


def matching(text: str) -> Q:
    """Return the condition that an account's name, reading or external id is meant by a text, however it is written."""
    bare = {key for key in (search_key(text), company_key(text)) if key}
    condition = Q(external_id__iexact=one_line(text))
    for key in bare:
        condition |= Q(search_key__contains=key)
    return condition


def rows(accounts: QuerySet[Account]) -> list[AccountRow]:
    """Return accounts as rows, in the order of the queryset (which must end in pk); one query."""
    return [_account_row(values) for values in accounts.values(*_COLUMNS)]


def account(viewer: Viewer, account_id: int) -> AccountRow | None:
    """Return one account, or nothing where it does not exist or may not be seen."""
    return next(iter(rows(visible_to(viewer).filter(pk=account_id).order_by("pk"))), None)


def people_of(account_ids: Iterable[int], *, with_former: bool = False) -> list[PersonRow]:
    """Return the people of accounts, by role (champions first) and name; those who left only when asked for."""
    found = Person.objects.filter(account_id__in=list(account_ids))
    if not with_former:
        found = found.filter(left_on__isnull=True)
    people = [person_row(person) for person in found.select_related("account").order_by("name", "pk")]
    return sorted(people, key=lambda person: (person.left_on is not None, ROLE_ORDER.index(person.role)))


def people_found(account_id: int) -> QuerySet[Person]:
    """Lend everyone of an account for paging, by role (champions first) and name; those who left stand at the end."""
    roles = (When(role=role, then=Value(place)) for place, role in enumerate(ROLE_ORDER))
    place = Case(When(left_on__isnull=False, then=Value(len(ROLE_ORDER))), *roles, output_field=IntegerField())
    return Person.objects.filter(account_id=account_id).select_related("account").order_by(place, "name", "pk")


def person(account_id: int, person_id: int) -> PersonRow | None:
    """Return one person of an account, or nothing."""
    one = people_found(account_id).filter(pk=person_id).first()
    return person_row(one) if one else None


def coverage(account_id: int) -> dict[str, int]:
    """Return how many present people an account has in each role; a role with none is a gap to close."""
    counts = Person.objects.filter(account_id=account_id, left_on__isnull=True).order_by("role").values("role")
    found = {row["role"]: row["n"] for row in counts.annotate(n=Count("pk"))}
    return {role: found.get(role, 0) for role in ROLE_ORDER}


def champions_left(*, after: date) -> QuerySet[Person]:
    """Lend the champions who left after a day: `account_id` and `left_on`."""
    return Person.objects.filter(role="champion", left_on__gt=after).order_by()


def notes_of(
    account_ids: Iterable[int], *, before: tuple[datetime, int] | None = None, limit: int = 50
) -> list[NoteRow]:
    """Return the newest notes of accounts, newest first; `before` is the (written_at, id) of the last one seen."""
    found = Note.objects.filter(account_id__in=list(account_ids), removed_at__isnull=True)
    if before is not None:
        found = found.filter(Q(written_at__lt=before[0]) | Q(written_at=before[0], pk__lt=before[1]))
    return [note_row(note) for note in found.select_related("written_by").order_by("-written_at", "-pk")[:limit]]


def note(account_id: int, note_id: int) -> NoteRow | None:
    """Return one note of an account, if it is there and was not taken away."""
    found = Note.objects.filter(pk=note_id, account_id=account_id, removed_at__isnull=True)
    one = found.select_related("written_by").first()
    return note_row(one) if one else None


def segments() -> list[SortRow]:
    """Return the segments in their order, with the number of accounts in each."""
    return _counted("segment")


def stages() -> list[SortRow]:
    """Return the stages in their order, with the number of accounts in each."""
    return _counted("stage")


def choices() -> dict[str, list[SortRow]]:
    """Return what a list offers to choose from: every "segment" and "stage" in its order, uncounted; one query."""
    columns = ("kind", "pk", "name", "position")
    kinds = [
        model.objects.annotate(kind=Value(kind)).order_by().values_list(*columns)
        for kind, model in (("segment", Segment), ("stage", Stage))
    ]
    found: dict[str, list[SortRow]] = {"segment": [], "stage": []}
    for kind, pk, name, position in kinds[0].union(kinds[1], all=True).order_by("position", "pk"):
        found[kind].append(SortRow(pk, name, position))
    return found


def saved_views(user: User) -> list[SavedViewRow]:
    """Return the views that a user has as tabs: their own, then those shared with all."""
    found = SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner")
    views = [
        SavedViewRow(view.pk, view.name, view.query, view.owner_id, view.owner.name, view.is_shared)
        for view in found.order_by("position", "pk")
    ]
    return sorted(views, key=lambda view: view.owner_id != user.pk)


def person_row(person: Person) -> PersonRow:
    """Return a person as others may see them."""
    return PersonRow(
        id=person.pk,
        account_id=person.account_id,
        account_external_id=person.account.external_id,
        external_id=person.external_id,
        name=person.name,
        email=person.email,
        title=person.title,
        department=person.department,
        role=person.role,
        left_on=person.left_on,
        added_at=person.created_at,
    )


def note_row(note: Note) -> NoteRow:
    """Return a note as others may see it."""
    return NoteRow(
        id=note.pk,
        account_id=note.account_id,
        body=note.body,
        written_by_id=note.written_by_id,
        written_by=note.written_by.name if note.written_by else None,
        written_at=note.written_at,
        changed_at=note.changed_at,
    )


ROLE_ORDER: Final = ("champion", "decider", "administrator", "user")
_COLUMNS: Final = (
    "id",
    "external_id",
    "name",
    "reading",
    "kind",
    "parent_id",
    "parent__external_id",
    "parent__name",
    "segment_id",
    "segment__name",
    "stage_id",
    "stage__name",
    "owner_id",
    "owner__name",
    "owner__email",
    "team_id",
    "team__name",
    "customer_since_on",
    "left_on",
    "created_at",
    "changed_at",
    "fields",
)


def _account_row(values: Mapping[str, Any]) -> AccountRow:
    named = {
        name.removesuffix("__name")
        if name.endswith("__name") and name != "parent__name"
        else name.replace("__", "_"): value
        for name, value in values.items()
    }
    return AccountRow(**named)


def _with_all_below(roots: QuerySet[Account]) -> RawSQL:
    """Return the ids of accounts and all below them, as a subquery that runs on SQLite and PostgreSQL alike.

    UNION, not UNION ALL: it would end even if the tree held a circle.
    """
    sql, params = roots.order_by().values("pk").query.sql_with_params()
    return RawSQL(  # noqa: S611  # the text is the compiler's own; every value is a parameter
        f"WITH RECURSIVE reach(id) AS ({sql} UNION SELECT below.id FROM accounts_account below"  # noqa: S608  # likewise
        " JOIN reach ON below.parent_id = reach.id) SELECT id FROM reach",
        params,
    )


def _unshared(names: QuerySet[ExternalId]) -> dict[str, int]:
    """Return accounts by the names of other systems, without those that two accounts have."""
    found: dict[str, set[int]] = {}
    for value, pk in names.order_by("pk").values_list("value", "account_id"):
        found.setdefault(value, set()).add(pk)
    return {value: next(iter(pks)) for value, pks in found.items() if len(pks) == 1}


def _counted(kind: Literal["segment", "stage"]) -> list[SortRow]:
    present = Account.objects.filter(left_on__isnull=True, **{f"{kind}__isnull": False}).order_by(kind)
    counts = {row[kind]: row["n"] for row in present.values(kind).annotate(n=Count("pk"))}
    return [replace(row, accounts=counts.get(row.id, 0)) for row in choices()[kind]]
