import pytest

from banso.accounts.testing import a_person, an_account
from banso.api.testing import an_api_client

pytestmark = pytest.mark.django_db


def test_an_account_is_added_changed_and_read() -> None:
    api = an_api_client("write")
    added = api.put("accounts/acme", {"name": "株式会社アクメ", "customer_since_on": "2024-04-01"})
    assert added.status_code == 201, added.content
    assert added.json()["customer_since_on"] == "2024-04-01"
    changed = api.put("accounts/acme", {"reading": "あくめ"})
    assert changed.status_code == 200
    assert changed.json()["name"] == "株式会社アクメ"
    assert api.get("accounts/acme").json()["reading"] == "あくめ"


def test_what_cannot_be_saved_is_named_by_field() -> None:
    api = an_api_client("write")
    answer = api.put("accounts/acme", {"name": "A", "owner_email": "x@y.example", "fields": {"nps": 1}})
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("/fields/nps", "field_unknown"),
        ("/owner_email", "owner_unknown"),
    ]


def test_a_batch_is_answered_record_by_record() -> None:
    api = an_api_client("write")
    items = [
        {"external_id": "a", "name": "A"},
        {"external_id": "b"},
        {"external_id": "c", "name": "C", "parent_external_id": "a"},
        {"external_id": "d", "name": "D", "segment": "?"},
    ]
    answer = api.post("accounts/batch", {"items": items})
    assert answer.status_code == 207
    body = answer.json()
    assert [item["outcome"] for item in body["items"]] == ["added", "refused", "added", "refused"]
    assert body["items"][3]["errors"][0]["pointer"] == "/items/3/segment"


def test_a_list_is_paged_and_filtered() -> None:
    for name in ("かえで", "あおば", "さくら"):
        an_account(name, name=f"株式会社{name}", segment="SMB" if name != "さくら" else "Large")
    api = an_api_client()
    first = api.get("accounts", limit=2).json()
    assert [one["external_id"] for one in first["items"]] == ["あおば", "かえで"]
    rest = api.get("accounts", limit=2, cursor=first["next_cursor"]).json()
    assert [one["external_id"] for one in rest["items"]] == ["さくら"]
    assert rest["next_cursor"] is None
    assert [one["external_id"] for one in api.get("accounts", segment="Large").json()["items"]] == ["さくら"]
    assert [one["external_id"] for one in api.get("accounts", q="サクラ(株)").json()["items"]] == ["さくら"]


def test_an_account_that_is_deleted_has_left_and_stays() -> None:
    an_account("acme")
    api = an_api_client("write")
    assert api.delete("accounts/acme").json()["left_on"] is not None
    assert api.get("accounts").json()["items"] == []
    assert len(api.get("accounts", state="left").json()["items"]) == 1
    assert api.delete("accounts/nobody").status_code == 404


def test_people_are_added_changed_and_read() -> None:
    an_account("acme")
    a_person("acme", "saito", role="champion")
    api = an_api_client("write")
    assert api.put("accounts/acme/people/tanaka", {"name": "田中"}).status_code == 201
    assert api.put("accounts/acme/people/tanaka", {"role": "decider"}).json()["role"] == "decider"
    assert api.put("accounts/acme/people/tanaka", {"email": "nonsense"}).status_code == 422
    assert api.put("accounts/nobody/people/tanaka", {"name": "T"}).status_code == 404
    assert api.get("accounts/acme/people/saito").json()["role"] == "champion"
    assert api.get("accounts/acme/people/nobody").status_code == 404
    assert [one["name"] for one in api.get("people", account="acme", role="decider").json()["items"]] == ["田中"]
    batch = api.post("accounts/acme/people/batch", {"items": [{"external_id": "ito", "name": "伊藤"}]})
    assert batch.json()["added"] == 1


def test_a_key_that_may_only_read_changes_nothing() -> None:
    an_account("acme")
    assert an_api_client("read").put("accounts/acme", {"name": "B"}).status_code == 403
