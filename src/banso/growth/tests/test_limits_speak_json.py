"""Programs read limits: all of them page by page, and those of one account."""

import pytest
from django.test import Client
from django.utils import timezone

from banso.growth.testing import A_MOMENT, an_account_with_limit, measured
from banso.people.testing import a_key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: A_MOMENT)


def test_limits_of_all_and_of_one_are_told(client: Client) -> None:
    an_account_with_limit("near", limit=260, daily=10)
    an_account_with_limit("over", limit=200, daily=10)
    measured()
    headers = {"Authorization": f"Bearer {a_key()[1]}"}
    first = client.get("/api/v1/limits?limit=1", headers=headers).json()
    assert [one["account_external_id"] for one in first["items"]] == ["near"]
    then = client.get(f"/api/v1/limits?limit=1&cursor={first['next_cursor']}", headers=headers).json()
    assert [one["state"] for one in then["items"]] == ["over"]
    (near,) = client.get("/api/v1/accounts/near/limits", headers=headers).json()["items"]
    assert near == first["items"][0]
    assert near == {
        "account_external_id": "near",
        "name": "メール配信",
        "unit": "通",
        "meter": "mails_delivered",
        "counting": "sum",
        "used": 230,
        "limit": 260,
        "share": 230 / 260,
        "state": "expected",
        "period_starts_on": "2026-11-01",
        "period_ends_on": "2026-12-01",
        "counted_since_on": None,
        "crosses_on": "2026-11-27",
        "low_on": "2026-11-27",
        "high_on": "2026-11-27",
        "probability": 1,
        "history_days": 140,
        "missing_days": 0,
        "as_of_on": "2026-11-24",
    }
    assert client.get("/api/v1/accounts/nobody/limits", headers=headers).status_code == 404
    assert client.get("/api/v1/limits").status_code == 401
