"""Measures are kept version by version: who, when, why; nothing is lost, and going back is a version too."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from banso.health import actions, queries
from banso.health.models import MeasureVersion
from banso.health.rules import TEMPLATES, Count, Words, WrongDefinition
from banso.health.testing import A_MOMENT as NOW
from banso.journal import queries as journal
from banso.people.access import SYSTEM, actor_of
from banso.people.testing import a_manager
from banso.usage.testing import used

pytestmark = pytest.mark.django_db

ACTIVE = Count(key="active", label=Words("利用者数", "Active people"), kind="active_people")


def _history(key: str = "active") -> list[tuple[int, int, bool, str]]:
    return [(one.version, one.count.window_days, one.is_retired, one.note) for one in queries.measure_versions(key)]


def test_a_measure_is_changed_retired_and_brought_back_each_by_a_version() -> None:
    manager = a_manager()
    by = actor_of(manager)
    actions.define(ACTIVE, by=by, now=NOW, note="first")
    actions.define(replace(ACTIVE, window_days=56), by=by, now=NOW, note="longer")
    actions.define(replace(ACTIVE, window_days=56), by=by, now=NOW, note="as it was")
    actions.retire(key="active", by=by, now=NOW, note="not used")
    assert queries.measures() == []
    actions.roll_back(key="active", version=1, by=SYSTEM, now=NOW, note="back")

    assert _history() == [
        (4, 28, False, "back"),
        (3, 56, True, "not used"),
        (2, 56, False, "longer"),
        (1, 28, False, "first"),
    ]
    newest, *_, oldest = queries.measure_versions("active")
    assert (newest.defined_by, oldest.defined_by) == ("Banso", str(manager))
    assert [one.count for one in queries.measures()] == [ACTIVE]
    news = journal.since(0, verbs=["measure.defined", "measure.retired"])
    assert [(one.verb, one.details.get("back_to")) for one in news] == [
        ("measure.defined", None),
        ("measure.defined", None),
        ("measure.retired", None),
        ("measure.defined", 1),
    ]


def test_there_is_no_going_back_to_what_never_was() -> None:
    actions.define(ACTIVE, by=SYSTEM, now=NOW)
    actions.retire(key="active", by=SYSTEM, now=NOW)
    for version in (0, 2, 3):
        with pytest.raises(actions.UnknownMeasure):
            actions.roll_back(key="active", version=version, by=SYSTEM, now=NOW)
    for key in ("active", "never"):
        with pytest.raises(actions.UnknownMeasure):
            actions.retire(key=key, by=SYSTEM, now=NOW)
    assert len(_history()) == 2


def test_what_cannot_be_counted_is_not_defined() -> None:
    with pytest.raises(WrongDefinition, match=r"cannot be a key.*\n.*The window is 0 days"):
        actions.define(replace(ACTIVE, key="no key", window_days=0), by=SYSTEM, now=NOW)
    assert queries.measures(with_retired=True) == []


def test_a_file_is_applied_whole_or_not_at_all() -> None:
    actions.define(ACTIVE, by=SYSTEM, now=NOW)
    actions.define(replace(ACTIVE, key="idle"), by=SYSTEM, now=NOW)
    text = queries.exported().replace("window_days: 28", "window_days: 7", 1)
    with pytest.raises(WrongDefinition):
        actions.apply_definitions(text + "  wrong: {label: x}\n", by=SYSTEM, now=NOW)
    assert len(_history()) == 1

    done = actions.apply_definitions(text, by=SYSTEM, now=NOW, note="shorter")
    assert (done.versions, done.scorecard_version) == ({"active": 2}, None)
    assert _history()[0] == (2, 7, False, "shorter")
    assert actions.apply_definitions(text, by=SYSTEM, now=NOW).versions == {}

    one = text[: text.index("  idle:")]
    assert actions.apply_definitions(one, by=SYSTEM, now=NOW).versions == {}
    assert actions.apply_definitions(one, by=SYSTEM, now=NOW, prune=True).versions == {"idle": 2}
    assert [row.key for row in queries.measures()] == ["active"]


def test_the_scorecard_travels_in_the_same_file() -> None:
    actions.publish(TEMPLATES["usage_led"].definition, by=SYSTEM, now=NOW)
    text = queries.exported()
    assert queries.plan(text).changes == ()
    done = actions.apply_definitions(text.replace("weight: 25", "weight: 35"), by=SYSTEM, now=NOW, note="heavier")
    card = queries.current_scorecard()
    assert card is not None
    assert (done.scorecard_version, card.version, card.note, card.definition.measures[0].weight) == (
        2,
        2,
        "heavier",
        35,
    )


def test_events_that_never_came_are_remarked_not_refused() -> None:
    used("acme", ["2026-04-01"], name="report.opened")
    actions.define(replace(ACTIVE, events=("report.opened", "report.opend")), by=SYSTEM, now=NOW)
    [remark] = queries.plan(queries.exported()).remarks
    assert "No event “report.opend” has come yet" in str(remark)


def test_the_usual_measures_are_defined_once() -> None:
    actions.define(replace(ACTIVE, key="recency"), by=SYSTEM, now=NOW)
    made = actions.define_usual(by=SYSTEM, now=NOW)
    assert {one.key for one in made} | {"recency"} == {one.key for one in queries.measures()}
    assert actions.define_usual(by=SYSTEM, now=NOW) == []
    assert _history("recency")[0][0] == 1


def test_the_database_keeps_each_version_once_and_under_a_key() -> None:
    made = {"definition": {}, "defined_at": NOW}
    MeasureVersion.objects.create(key="a", version=1, **made)
    for key, version in (("a", 1), ("", 1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            MeasureVersion.objects.create(key=key, version=version, **made)
