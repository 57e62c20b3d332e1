"""In a batch each record is judged by itself; the answer says of each how it went."""

import pytest

from banso.api.testing import an_api_client
from banso.people import queries as people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("banso.api.tests.tiny")]


def test_a_batch_without_faults_answers_200() -> None:
    answer = an_api_client("write").post("teams/batch", {"items": [{"external_id": "a"}, {"external_id": "b"}]})
    assert answer.status_code == 200
    assert answer.json()["added"] == 2
    assert [item["status"] for item in answer.json()["items"]] == [201, 201]


def test_bad_records_are_named_and_do_not_cost_the_good_ones() -> None:
    items = [
        {"external_id": "a"},
        {"external_id": "b", "size": "many"},
        "text",
        {"external_id": "a", "size": 1},
        {"external_id": "taken"},
        {"size": 3},
        {"external_id": "c"},
    ]
    answer = an_api_client("write").post("teams/batch", {"items": items})
    assert answer.status_code == 207
    body = answer.json()
    assert {how: body[how] for how in ("added", "changed", "same", "refused")} == {
        "added": 2,
        "changed": 0,
        "same": 0,
        "refused": 5,
    }
    assert [(item["index"], item["external_id"], item["status"]) for item in body["items"]] == [
        (0, "a", 201),
        (1, "b", 422),
        (2, None, 422),
        (3, "a", 422),
        (4, "taken", 422),
        (5, None, 422),
        (6, "c", 201),
    ]
    faults = {item["index"]: [(error["pointer"], error["code"]) for error in item["errors"]] for item in body["items"]}
    assert faults[1] == [("/items/1/size", "int_parsing")]
    assert faults[2][0][0] == "/items/2"
    assert faults[3] == [("/items/3/external_id", "duplicate")]
    assert faults[4] == [("/items/4/external_id", "taken"), ("/items/4", "whole")]
    assert faults[5] == [("/items/5/external_id", "missing")]
    assert "index 0" in body["items"][3]["errors"][0]["message"]
    assert [team.name for team in people.teams()] == ["a", "c"]


def test_a_batch_of_bad_records_only_saves_nothing() -> None:
    answer = an_api_client("write").post("teams/batch", {"items": [None, 3]})
    assert answer.status_code == 207
    assert answer.json()["refused"] == 2


@pytest.mark.parametrize("count", [0, 5_001])
def test_an_empty_batch_and_one_beyond_the_limit_are_refused_whole(count: int) -> None:
    answer = an_api_client("write").post("teams/batch", {"items": [{"external_id": str(n)} for n in range(count)]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/items"


def test_the_largest_batch_is_read() -> None:
    items = [{"external_id": "taken", "size": n % 50} for n in range(5_000)]
    answer = an_api_client("write").post("teams/batch", {"items": items})
    assert answer.status_code == 207
    assert answer.json()["refused"] == 5_000
