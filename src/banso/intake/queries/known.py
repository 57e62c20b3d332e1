"""Which accounts and contracts an import may speak of: those that its author sees, by any of their ids or by name."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import Any, Final

from django.db.models import QuerySet

from banso.accounts import queries as accounts
from banso.contracts import queries as contracts
from banso.people.access import User
from banso.shared.text import company_key

ASKED_AT_ONCE: Final = 1_000


@dataclass
class Everyone:
    """The reach of the operator at the command line, and of Banso itself."""

    reach: str = "all"


@dataclass(frozen=True)
class KnownAccount:
    """An account as imports need it."""

    id: int
    external_id: str
    since_on: date | None
    left_on: date | None


@dataclass(frozen=True)
class KnownContract:
    """A contract as imports need it; `account` is the external id."""

    external_id: str
    account: str
    starts_on: date
    ends_on: date | None


class Known:
    """Accounts and contracts within one person's reach; asks the database once for each id."""

    def __init__(self, user: User | None, *, today: date) -> None:
        self._user, self._today = user, today
        self._accounts: dict[int, KnownAccount] | None = None
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._ids: dict[str, str | None] = {}
        self._contracts: dict[str, KnownContract | None] = {}

    def seen(self) -> "QuerySet[Any]":
        """Return the accounts that the author may see; Banso itself sees all."""
        return accounts.visible_to(self._user or Everyone())

    def by_id(self, ids: Iterable[str]) -> dict[str, str]:
        """Return accounts' own external ids by the ids given, theirs or another system's; unknown ones are left out."""
        asked = {one for one in ids if one and one not in self._ids}
        if asked:
            seen = self._all()
            found = accounts.by_external_ids(sorted(asked))
            for one in asked:
                account = seen.get(found[one]) if one in found else None
                self._ids[one] = account.external_id if account else None
        return {one: known for one in ids if (known := self._ids.get(one))}

    def by_name(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Return the external ids of the accounts that bear each name, whatever the form of company is written like."""
        self._all()
        return {name: self._by_name.get(company_key(name), []) for name in names if name}

    def contracts(self, ids: Iterable[str]) -> dict[str, KnownContract]:
        """Return the contracts by external id; those of accounts out of reach are left out."""
        asked = sorted({one for one in ids if one and one not in self._contracts})
        if asked:
            seen = self._all()
            found: dict[str, contracts.ContractRow] = {}
            for some in batched(asked, ASKED_AT_ONCE):
                found |= contracts.by_external_ids(some, self._today, visible=self.seen())
            for one in asked:
                term = found.get(one)
                account = seen.get(term.account_id) if term else None
                self._contracts[one] = (
                    KnownContract(one, account.external_id, term.starts_on, term.ends_on) if term and account else None
                )
        return {one: known for one in ids if (known := self._contracts.get(one))}

    def seen_contracts(self) -> list[KnownContract]:
        """Return the contracts that were asked for and found."""
        return [one for one in self._contracts.values() if one is not None]

    def hidden(self, ids: Iterable[str]) -> set[str]:
        """Return which of the ids belong to accounts that are there, but out of reach."""
        if self._user is None:
            return set()
        asked = sorted({one for one in ids if one})
        seen = self._all()
        return {one for one, pk in accounts.by_external_ids(asked).items() if pk not in seen}

    def accounts(self) -> dict[str, KnownAccount]:
        """Return all accounts within reach by their external ids."""
        return {one.external_id: one for one in self._all().values()}

    def _all(self) -> dict[int, KnownAccount]:
        if self._accounts is None:
            rows = self.seen().values_list("pk", "external_id", "name", "customer_since_on", "left_on")
            self._accounts = {}
            for pk, external_id, name, since_on, left_on in rows.order_by("pk").iterator(chunk_size=5_000):
                self._accounts[pk] = KnownAccount(pk, external_id, since_on, left_on)
                self._by_name[company_key(name)].append(external_id)
        return self._accounts
