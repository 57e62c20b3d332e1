"""What was written into the journal stays as it was written, whoever tries."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from banso.journal.models import Entry, Unalterable
from banso.journal.testing import an_entry
from banso.people.testing import a_csm

pytestmark = pytest.mark.django_db


def test_an_entry_is_neither_altered_nor_removed() -> None:
    an_entry()
    entry = Entry.objects.get()
    attempts: list[Callable[[], object]] = [
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(verb="x"),
        lambda: Entry.objects.bulk_update([entry], ["verb"]),
    ]
    for attempt in attempts:
        with pytest.raises(Unalterable):
            attempt()


@pytest.mark.parametrize("table", ["journal_entry", "people_change"])
def test_the_database_refuses_too(table: str) -> None:
    an_entry()
    a_csm()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET verb = 'x'")  # noqa: S608  # a name of our own
