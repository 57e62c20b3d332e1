"""The schema tells the truth about operations, their permissions and their problems."""

from typing import Any

import pytest
from django.test import Client

from banso.api.testing import an_api_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def tiny_schema(client: Client) -> Any:
    return client.get("/api/v1/openapi.json").json()


@pytest.mark.urls("banso.api.tests.tiny")
def test_the_schema_is_openapi_3_1_and_open_to_all(tiny_schema: Any) -> None:
    assert tiny_schema["openapi"].startswith("3.1")
    assert tiny_schema["components"]["securitySchemes"]["Key"]["scheme"] == "bearer"
    assert tiny_schema["servers"] == [{"url": "http://testserver"}]


@pytest.mark.urls("banso.api.tests.tiny")
def test_every_operation_says_its_permission_and_how_problems_look(tiny_schema: Any) -> None:
    operations = [one for methods in tiny_schema["paths"].values() for one in methods.values()]
    assert len(operations) == 6
    assert tiny_schema["paths"]["/api/v1/teams/{team_id}"]["get"]["x-permission"] == "accounts.view"
    for operation in operations:
        assert operation["x-permission"]
        assert "application/problem+json" in operation["responses"]["default"]["content"]
    assert "code" in tiny_schema["components"]["schemas"]["ProblemOut"]["properties"]


@pytest.mark.urls("banso.api.tests.tiny")
def test_the_schema_of_a_batch_shows_its_records(tiny_schema: Any) -> None:
    body = tiny_schema["paths"]["/api/v1/teams/batch"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    name = body["$ref"].rpartition("/")[2]
    items = tiny_schema["components"]["schemas"][name]["properties"]["items"]
    assert items["items"]["$ref"].endswith("/TeamIn")
    assert items["maxItems"] == 5000


def test_a_key_is_told_about_itself() -> None:
    caller = an_api_client("import")
    me = caller.get("me").json()
    assert (me["scope"], me["permissions"]) == ("import", ["accounts.view", "intake.import"])


def test_people_read_the_operations_on_a_page(client: Client) -> None:
    answer = client.get("/api/v1/docs", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert "<c-" not in answer.text
    assert "GET /api/v1/me" in answer.text
    assert 'id="too-many-requests"' in answer.text
