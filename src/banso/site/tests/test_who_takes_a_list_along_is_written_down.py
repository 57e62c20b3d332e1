"""Every list that leaves as a file leaves its name, its filters and who took it in the journal."""

import pytest
from django.test import Client

from banso.journal.testing import written
from banso.people.testing import a_reader, an_admin

pytestmark = pytest.mark.django_db

LISTS = {
    "/accounts/export.csv": "banso-accounts-",
    "/accounts/export.xlsx": "banso-accounts-",
    "/adoption/export.csv": "adoption-",
    "/growth/limits/export.xlsx": "limits-",
    "/imports/quarantine/events.csv": "quarantine.csv",
    "/imports/quarantine/events.jsonl": "quarantine.jsonl",
    "/settings/audit/export.csv": "audit.csv",
    "/usage/unclaimed/usage.csv": "unclaimed-usage.csv",
}


@pytest.mark.parametrize("address", LISTS)
def test_who_takes_a_list_along_is_written_down(client: Client, address: str) -> None:
    admin = an_admin()
    client.force_login(admin)
    answer = client.get(address, {"q": "青葉", "owner": "7"})
    assert answer.status_code == 200
    (entry,) = written("export.sent")
    assert entry.actor == admin.name
    assert entry.subject_label.startswith(LISTS[address])
    assert f'"{entry.subject_label}"' in answer.headers["Content-Disposition"]
    assert entry.details == {"filters": "q=青葉&owner=7"}


def test_who_may_not_take_a_list_along_leaves_no_trace_of_one(client: Client) -> None:
    client.force_login(a_reader())
    assert client.get("/accounts/export.csv").status_code == 403
    assert written("export.sent") == []
