"""Programs draft scorecards as YAML, see what they would say, publish them, and compare versions."""

import pytest

from banso.api.testing import an_api_client
from banso.health.rules import TEMPLATES
from banso.health.testing import a_scorecard, a_steady_account, computed

pytestmark = pytest.mark.django_db
USAGE_LED = TEMPLATES["usage_led"].definition


def test_a_draft_is_begun_saved_seen_published_and_compared() -> None:
    a_steady_account()
    a_scorecard()
    computed()
    caller = an_api_client(scope="admin")
    begun = caller.post("health/drafts", {})
    assert begun.status_code == 201
    one = begun.json()
    text = one["text"].replace("normal_from: 40", "normal_from: 98").replace("good_from: 70", "good_from: 99")
    text = text.replace("name: Usage-led", "name: Strict")
    address = f"health/drafts/{one['id']}"
    saved = caller.put(address, {"text": text, "revision": 1}).json()
    assert (saved["revision"], saved["name"]) == (2, "Strict")
    overtaken = caller.put(address, {"text": one["text"], "revision": 1})
    assert overtaken.status_code == 409
    told = caller.get(f"{address}/difference").json()
    assert any("Strict" in line for line in told["words"])
    assert any(line.startswith("+") and "Strict" in line for line in told["lines"])
    seen = caller.get(f"{address}/preview").json()
    assert (seen["before"]["poor"], seen["after"]["poor"], seen["changed"]) == (0, 1, 1)
    assert [moved["condition_after"] for moved in seen["moved"]] == ["poor"]
    assert caller.get("health/drafts").json()["items"][0]["id"] == one["id"]
    assert caller.post(f"{address}/publish", {"revision": 1}).status_code == 409
    made = caller.post(f"{address}/publish", {"revision": 2, "note": "厳しめに"})
    assert (made.status_code, made.json()["version"]) == (201, 2)
    assert caller.post(f"{address}/publish", {"revision": 2}).status_code == 404
    assert caller.put(address, {"text": text, "revision": 2}).status_code == 404
    assert caller.get(address).json()["published_version"] == 2
    assert any("Strict" in line for line in caller.get("health/scorecards/1/against/2").json()["words"])
    assert caller.get("health/scorecards/1/against/9").status_code == 404
    again = caller.post("health/scorecards/1/again", {})
    assert (again.status_code, again.json()["version"]) == (201, 3)
    assert caller.post("health/scorecards/9/again", {}).status_code == 404
    assert [row["version"] for row in caller.get("health/scorecards").json()["items"]] == [3, 2, 1]


def test_what_is_wrong_in_a_text_is_told_with_its_line() -> None:
    a_scorecard()
    caller = an_api_client(scope="admin")
    one = caller.post("health/drafts", {}).json()
    text = one["text"].replace("[30, 50, 70]", "[90, 50, 70]")
    wrong = caller.put(f"health/drafts/{one['id']}", {"text": text, "revision": 1})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["message"].split(":")[0].isdigit()
    none = caller.post("health/drafts", {"text": "measures: {}"})
    assert (none.status_code, none.json()["errors"][0]["code"]) == (422, "scorecard")


def test_a_draft_is_discarded_and_brought_back_and_needs_something_to_start_from() -> None:
    caller = an_api_client(scope="admin")
    assert caller.post("health/drafts", {}).status_code == 404
    a_scorecard()
    address = f"health/drafts/{caller.post('health/drafts', {}).json()['id']}"
    assert caller.delete(address).json()["discarded_at"] is not None
    assert caller.delete(address).status_code == 404
    assert caller.post(f"{address}/restore", {}).json()["discarded_at"] is None
    assert caller.post(f"{address}/restore", {}).status_code == 404
    assert caller.get("health/drafts/999").status_code == 404
    assert an_api_client(scope="write").get(address).status_code == 403
