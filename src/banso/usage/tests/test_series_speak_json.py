"""Other systems send values of accounts by day: all of a call, or none of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from banso.accounts.testing import an_account
from banso.api.testing import an_api_client
from banso.usage import actions, queries
from banso.usage.queries import Measure

pytestmark = pytest.mark.django_db


def value(account: str = "acme", on: str = "2026-10-01", value: Any = 4, series: str = "nps") -> dict[str, Any]:
    return {"account_external_id": account, "series": series, "on": on, "value": value}


def test_values_are_added_corrected_and_known() -> None:
    an_account()
    an_account("beta")
    caller = an_api_client("write")
    first = caller.post("usage/series", {"items": [value(), value("beta")]})
    assert first.json() == {"added": 2, "changed": 0, "same": 0}
    again = caller.post("usage/series", {"items": [value(value=6.5), value("beta")]})
    assert again.json() == {"added": 0, "changed": 1, "same": 1}
    actions.roll_up(timezone.now())
    frame = queries.measures_on([Measure("nps", "value_last", 60, ("series:nps",))], date(2026, 11, 1))
    assert frame.rows() == [("acme", 6.5), ("beta", 4.0)]


def test_one_wrong_value_holds_up_the_call_and_is_named() -> None:
    an_account()
    tomorrow = (timezone.now() + timedelta(days=2)).date().isoformat()
    items = [value(), value("nobody"), value(on=tomorrow), value(value=5)]
    answer = an_api_client("write").post("usage/series", {"items": items})
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("/items/1/account_external_id", "unknown"),
        ("/items/2/on", "in_the_future"),
        ("/items/3", "repeated"),
    ]
    assert "item 0" in answer.json()["errors"][2]["message"]
    assert queries.event_names() == []


@pytest.mark.parametrize("wrong", [{"value": "many"}, {"series": " nps"}, {"series": ""}, {"on": "soon"}])
def test_what_is_no_value_is_refused(wrong: dict[str, Any]) -> None:
    an_account()
    assert an_api_client("write").post("usage/series", {"items": [value(**wrong)]}).status_code == 422


def test_who_may_only_read_sends_none() -> None:
    an_account()
    assert an_api_client("read").post("usage/series", {"items": [value()]}).status_code == 403
