from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from banso.journal.testing import written
from banso.people.testing import AN_ACTOR, a_key
from banso.usage import actions
from banso.usage import queries as usage
from banso.usage.models import EventName
from banso.usage.queries import Measure, catalogue
from banso.usage.queries.catalogue import Sought
from banso.usage.rules.describing import properties_of
from banso.usage.testing import NOW, events, recorded

pytestmark = pytest.mark.django_db(transaction=True)
ON = date(2026, 4, 7)
LATER = NOW + timedelta(minutes=1)
MEASURES = [
    Measure(name="all", kind="events"),
    Measure(name="of_two", kind="events", events=("report.opened", "Report Opened")),
    Measure(name="features", kind="distinct_features"),
    Measure(name="adoption", kind="adoption", events=("report.opened", "Report Opened", "file.shared")),
]


@pytest.fixture(autouse=True)
def _own_data_folder(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path
    with translation.override("en"):
        yield


def _some() -> None:
    recorded(
        events(
            ("2026-04-01T03:00:00", "acme", "taro", "report.opened"),
            ("2026-04-02T03:00:00", "acme", "hanako", "Report Opened"),
            ("2026-04-02T03:00:01", "acme", "hanako", "Report Opened"),
            ("2026-04-03T03:00:00", "beta", "jiro", "file.shared"),
            ("2025-04-03T03:00:00", "acme", "taro", "file.shared"),
        )
    )


def _measured() -> list[float]:
    actions.roll_up(LATER, time_zone="Asia/Tokyo")
    row = usage.measures_on(MEASURES, ON).filter(pl.col("account") == "acme").row(0)
    return [round(value, 4) for value in row[1:]]


def _weekly() -> list[float]:
    week = date(2026, 4, 6)
    row = usage.measures_by_week(MEASURES, [week]).filter(pl.col("account") == "acme").row(0)
    return [round(value, 4) for value in row[2:]]


def test_two_names_of_one_feature_count_as_one_until_they_are_separated() -> None:
    _some()
    apart = [3, 3, 2, round(2 / 3, 4)]
    assert _measured() == _weekly() == apart
    assert actions.merge_event("Report Opened", into="report.opened", by=AN_ACTOR, now=NOW)
    assert usage.needs_rolling_up()
    assert _measured() == _weekly() == [3, 3, 1, 0.5]
    assert not usage.needs_rolling_up()
    features = usage.features_of("acme", date(2026, 4, 1), ON)
    assert [(one.name, one.n, one.people) for one in features] == [("report.opened", 3, 2)]
    standings = usage.feature_standings(date(2026, 4, 1), ON)
    assert set(standings["feature"]) == {"report.opened", "file.shared"}
    assert {row.name: row.kind for row in usage.event_names()}["Report Opened"] == "merged"
    recorded(events(("2026-04-04T03:00:00", "acme", "saburo", "Report Opened")), now=LATER)
    assert _measured()[:3] == [4, 4, 1]
    assert actions.merge_event("Report Opened", into=None, by=AN_ACTOR, now=LATER)
    assert _measured() == [4, 4, 2, round(2 / 3, 4)]
    assert not actions.merge_event("Report Opened", into=None, by=AN_ACTOR, now=LATER)
    assert [row.details["counts_as"] for row in written("usage.event_merged")] == [
        ["", "report.opened"],
        ["report.opened", ""],
    ]


def test_a_name_counts_as_no_third_and_not_as_itself() -> None:
    _some()
    actions.merge_event("Report Opened", into="report.opened", by=AN_ACTOR, now=NOW)
    for name, into in (
        ("file.shared", "Report Opened"),
        ("report.opened", "file.shared"),
        ("file.shared", "file.shared"),
    ):
        with pytest.raises(actions.CannotMerge):
            actions.merge_event(name, into=into, by=AN_ACTOR, now=NOW)
    with pytest.raises(actions.NoSuchEvent):
        actions.merge_event("file.shared", into="ghost", by=AN_ACTOR, now=NOW)
    one = EventName.objects.get(name="file.shared")
    one.counts_as = one
    with pytest.raises(IntegrityError, match="event_counts_as_another"), transaction.atomic():
        one.save()


def test_a_merged_moment_stands_on_the_timeline_as_the_other() -> None:
    _some()
    recorded(
        events(("2026-04-05T03:00:00", "acme", None, "ticket.opened"), ("2026-04-05T04:00:00", "acme", None, "Ticket"))
    )
    actions.classify_event("ticket.opened", kind="moment", label="Ticket opened", by=AN_ACTOR, now=NOW)
    assert [one.name for one in usage.moments_of("acme")] == ["ticket.opened"]
    actions.merge_event("Ticket", into="ticket.opened", by=AN_ACTOR, now=NOW)
    assert [(one.name, one.label) for one in usage.moments_of("acme")] == [
        ("Ticket", "Ticket opened"),
        ("ticket.opened", "Ticket opened"),
    ]


def test_ignored_names_stay_in_the_lake_and_count_nowhere_until_they_count_again() -> None:
    _some()
    actions.classify_event("Report Opened", kind="ignored", by=AN_ACTOR, now=NOW)
    assert usage.needs_rolling_up()
    assert _measured() == [1, 1, 1, round(1 / 3, 4)]
    actions.describe_events(now=NOW)
    rows = {row.name: row for row in catalogue.catalogue(Sought())[0]}
    assert (rows["Report Opened"].n, rows["Report Opened"].kind) == (2, "ignored")
    actions.classify_event("Report Opened", kind="feature", label="Reports", by=AN_ACTOR, now=NOW)
    actions.classify_event("Report Opened", kind="feature", label="Reports!", by=AN_ACTOR, now=NOW)
    assert _measured()[0] == 3
    assert [row.details for row in written("usage.event_renamed")] == [{"name": ["Reports", "Reports!"]}]


def test_the_catalogue_counts_every_name_by_accounts_and_people_of_thirty_days() -> None:
    assert not actions.needs_describing(NOW)
    _some()
    assert actions.needs_describing(NOW)
    assert actions.describe_events(now=NOW) == 3
    assert not actions.needs_describing(NOW)
    assert actions.needs_describing(NOW + timedelta(days=1))
    rows, total = catalogue.catalogue(Sought())
    assert total == 3
    shown = [(row.name, row.n_recent, row.n, row.people, row.accounts) for row in rows]
    assert shown == [
        ("Report Opened", 2, 2, 1, 1),
        ("file.shared", 1, 2, 1, 1),
        ("report.opened", 1, 1, 1, 1),
    ]
    assert sum(rows[0].days) == 2
    assert rows[0].days[-5] == 2  # 2026-04-02, where 2026-04-06 is today
    assert rows[1].first_at
    assert rows[1].first_at.date() == date(2025, 4, 3)
    assert [row.name for row in catalogue.catalogue(Sought(sort="name"), offset=1, limit=1)[0]] == ["file.shared"]
    assert [row.name for row in catalogue.catalogue(Sought(text="SHARED"))[0]] == ["file.shared"]
    assert catalogue.catalogue(Sought(kind="merged"))[1] == 0
    assert catalogue.catalogue(Sought(kind="feature"))[1] == 3


def test_properties_are_known_by_type_and_no_example_tells_of_a_person() -> None:
    sample = [
        ("taro", '{"plan": "pro", "rows": 5, "email": "taro@acme.example", "note": "for Taro only", "deep": {"a": 1}}'),
        ("hanako", '{"plan": "pro", "rows": 20, "email": "h@acme.example", "is_new": true, "tags": [1], "x": null}'),
        ("jiro", '{"plan": "free", "rows": "many", "mail_of": "shared@acme.example"}'),
        ("saburo", '{"mail_of": "shared@acme.example"}'),
        (None, "no json"),
        (None, "[1]"),
    ]
    found = {one["name"]: one for one in properties_of(sample)}
    assert found["rows"] == {
        "name": "rows", "types": {"number": 2, "text": 1}, "examples": [], "low": 5.0, "high": 20.0,
    }  # fmt: skip
    assert found["plan"]["examples"] == ["pro"]
    assert found["email"]["examples"] == ["…"]
    assert found["note"]["examples"] == []
    assert found["mail_of"]["examples"] == ["s…@acme.example"]
    assert [list(found[name]["types"]) for name in ("deep", "is_new", "tags", "x")] == [
        ["object"],
        ["yes/no"],
        ["list"],
        ["nothing"],
    ]
    assert (
        len(properties_of([("a", '{"p": "' + "x" * 100 + '"}'), ("b", '{"p": "' + "x" * 100 + '"}')])[0]["examples"][0])
        == 61
    )
    assert list(properties_of([("a", '{"p": 1e400}')])[0]["types"]) == ["text"]


@given(st.lists(st.tuples(st.none() | st.text(), st.text())))
def test_whatever_stands_in_properties_can_be_described(sample: list[tuple[str | None, str]]) -> None:
    assert len(properties_of(sample)) <= 100


def test_properties_of_the_lake_reach_the_catalogue() -> None:
    frame = events(*((f"2026-04-0{day}T03:00:00", "acme", f"p{day}", "report.opened") for day in range(1, 5)))
    recorded(frame.with_columns(properties=pl.lit('{"plan": "pro", "phone": "03-1234-5678"}')))
    actions.describe_events(now=NOW)
    detail = catalogue.event_in_catalogue(EventName.objects.get().pk)
    assert detail is not None
    assert [(one.name, one.examples) for one in detail.properties] == [("phone", ("…",)), ("plan", ("pro",))]
    assert catalogue.event_in_catalogue(0) is None


def test_programs_list_the_names_and_change_them(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    _some()
    actions.describe_events(now=NOW)
    said: dict[str, Any] = {
        "headers": {"Authorization": f"Bearer {a_key('admin')[1]}"},
        "content_type": "application/json",
    }
    with django_assert_max_num_queries(15):
        listed = client.get("/api/v1/usage/events", **said).json()["items"]
    assert [one["name"] for one in listed] == ["Report Opened", "file.shared", "report.opened"]
    assert listed[0]["events_30_days"] == 2
    body = {"name": "Report Opened", "label": "Reports", "counts_as": "report.opened"}
    changed = client.post("/api/v1/usage/events/change", body, **said).json()
    assert (changed["label"], changed["counts_as"], changed["kind"]) == ("Reports", "report.opened", "feature")
    third = {"name": "report.opened", "counts_as": "file.shared"}
    assert client.post("/api/v1/usage/events/change", third, **said).status_code == 409
    assert client.post("/api/v1/usage/events/change", {"name": "ghost", "kind": "ignored"}, **said).status_code == 404
    freed = client.post("/api/v1/usage/events/change", {"name": "Report Opened", "counts_as": None}, **said).json()
    assert freed["counts_as"] is None
