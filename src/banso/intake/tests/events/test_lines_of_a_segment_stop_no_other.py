"""Whatever a line or an event holds, the others of its segment go on, and it is kept with its reason."""

import json
from typing import Any

import pytest

from banso.intake.rules.events import lines, normal
from banso.intake.rules.events.times import WrongTime, moment
from banso.intake.tests.events.spooled import NOW, line, track

NOW_US = int(NOW.timestamp()) * 1_000_000
FUTURE = '{"type":"track","event":"e","userId":"u","timestamp":"2027-01-01T00:00:00Z","properties":%s}'


def _read(content: str) -> lines.Lines:
    found = lines.Lines()
    lines.read_segment(content.encode(), "host-1-aa/00000001", found, now_us=NOW_US)
    return found


def _event(text: str, **more: Any) -> normal.Normal:
    found = normal.normal(text.encode(), place="w/1:1:0", received_us=NOW_US, sent_us=None, **more)
    assert isinstance(found, normal.Normal)
    return found


def test_empty_lines_are_passed_over() -> None:
    found = _read("\n" + line(track("m1", groupId="acme")) + "\n")
    assert [one.message_id for one in found.events] == ["m1"]
    assert not found.bad


def test_an_event_that_breaks_us_is_kept_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read = normal.normal

    def broken(event: bytes, **facts: Any) -> normal.Normal | normal.Told:
        if b'"m1"' in event:
            raise ZeroDivisionError
        return read(event, **facts)

    monkeypatch.setattr(lines, "normal", broken)
    found = _read(line(track("m1", groupId="acme"), track("m2", groupId="acme")))
    assert [one.message_id for one in found.events] == ["m2"]
    assert [(one.reason, one.is_whole, '"m1"' in one.event) for one in found.bad] == [("unexpected", True, True)]


def test_an_event_that_the_lake_refuses_can_be_kept_as_it_was_sent() -> None:
    found = _read(line(track("m1", groupId="acme")))
    kept = found.as_bad(0, "unexpected")
    assert (kept.reason, kept.source, kept.place) == ("unexpected", 1, "host-1-aa/00000001:1:0")
    assert json.loads(kept.event)["messageId"] == "m1"


def test_numbers_past_all_bounds_are_not_known_and_the_rest_stays() -> None:
    found = _event(FUTURE % '{"value":1e999,"list":[1e999,true,"x"]}')
    assert found.value is None
    kept = json.loads(found.properties or "")
    assert kept == {"value": None, "list": [None, True, "x"], "$marks": ["future"]}


@pytest.mark.parametrize("many", [30, 4000])
def test_numbers_of_many_digits_stay_as_they_are_beside_a_mark(many: int) -> None:
    digits = "9" * many
    assert digits in (_event(FUTURE % f'{{"n":{digits}}}').properties or "")


def test_a_call_that_names_nobody_tells_nothing() -> None:
    with pytest.raises(normal.Unkept, match="no_person"):
        normal.normal(b'{"type":"identify"}', place="w/1:1:0", received_us=NOW_US, sent_us=None)


@pytest.mark.parametrize(
    ("said", "reason"), [(float("inf"), "time_unreadable"), ("2026-04-01T25:59:60Z", "time_impossible")]
)
def test_times_that_cannot_be_are_named(said: object, reason: str) -> None:
    with pytest.raises(WrongTime, match=reason):
        moment(said)
