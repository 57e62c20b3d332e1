"""Where the engine does not answer, probes, operators and readers are told, and everything else goes on."""

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from banso.operations import actions as operations
from banso.people.testing import an_admin
from banso.usage.testing import used

pytestmark = pytest.mark.django_db

AWAY = "clickhouse://banso:s3cret@127.0.0.1:9/usage"


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(an_admin())
    return client


def test_probes_hear_that_it_is_away_but_not_why(client: Client, settings: LazySettings) -> None:
    settings.ENGINE_URL = AWAY
    operations.beat(timezone.now())
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["parts"]["engine"] == {"status": "degraded", "kind": "clickhouse"}
    assert "127.0.0.1" not in answer.content.decode()


def test_operators_see_what_it_says_and_what_to_do(admin: Client, settings: LazySettings) -> None:
    settings.ENGINE_URL = AWAY
    page = admin.get("/operations/state/").content.decode()
    assert "ClickHouse at 127.0.0.1:9: " in page
    assert "BANSO_ENGINE_URL" in page
    assert "s3cret" not in page


def test_operators_see_that_it_lacks_roll_ups(admin: Client, settings: LazySettings) -> None:
    pytest.importorskip("chdb", reason="chdb is not installed: pip install chdb clickhouse-connect")
    used("acme", ["2026-03-01"])
    settings.ENGINE_URL = "chdb:///lacking"
    assert "banso engine copy" in admin.get("/operations/state/").content.decode()


def test_a_page_that_counts_says_what_is_wrong(admin: Client, settings: LazySettings) -> None:
    used("acme", ["2026-03-01"])
    settings.ENGINE_URL = AWAY
    answer = admin.get("/adoption/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    text = answer.content.decode()
    assert "失われることはありません" in text or "Nothing is lost" in text
    assert "s3cret" not in text
