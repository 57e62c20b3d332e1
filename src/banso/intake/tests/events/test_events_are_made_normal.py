import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.intake.rules.events.normal import Normal, Told, Unkept, normal, sent
from banso.intake.rules.events.times import EARLIEST_US, moment

RECEIVED = datetime(2026, 4, 6, 3, 0, tzinfo=UTC)
RECEIVED_US = int(RECEIVED.timestamp()) * 1_000_000
DAY_US = 86_400_000_000


def _event(**said: Any) -> dict[str, Any]:
    return {"type": "track", "event": "report.opened", "userId": "taro", "messageId": "m1", **said}


def _normal(*, sent_at: object = None, text: str | None = None, **said: Any) -> Normal:
    raw = text or json.dumps(_event(**said))
    found = normal(raw.encode(), place="w/1:1:0", received_us=RECEIVED_US, sent_us=sent(sent_at))
    assert isinstance(found, Normal)
    return found


def _marks(found: Normal) -> list[str]:
    return list(json.loads(found.properties or "{}").get("$marks", []))


@pytest.mark.parametrize(
    "said",
    [
        "2026-04-01T03:00:00Z",
        "2026-04-01T12:00:00+09:00",
        "2026-03-31T23:30:00-03:30",
        "2026-04-01T03:00:00.000000000Z",
        "2026-04-01 03:00:00",
        1775012400,
        1775012400000,
        1775012400000000,
        1775012400000000000,
        "1775012400",
        1775012400.0,
    ],
)
def test_one_moment_is_written_in_many_ways(said: object) -> None:
    expected = int(datetime(2026, 4, 1, 3, tzinfo=UTC).timestamp()) * 1_000_000
    assert _normal(timestamp=said).at_us == expected
    assert _normal(originalTimestamp=said).at_us == expected


def test_nine_digits_of_a_second_are_cut_to_six() -> None:
    assert _normal(timestamp="2026-04-01T03:00:00.123456789Z").at_us % 1_000_000 == 123456


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("2026-02-30T00:00:00Z", "time_impossible"),
        ("2026-13-01T00:00:00Z", "time_impossible"),
        ("0001-01-01T00:00:00Z", "time_too_early"),
        ("0001-01-01T00:00:00+14:00", "time_too_early"),
        (0, "time_too_early"),
        ("yesterday", "time_unreadable"),
        (True, "time_unreadable"),
        ({"seconds": 1}, "time_unreadable"),
        ("", "time_unreadable"),
    ],
)
def test_a_time_that_cannot_be_is_named(said: object, reason: str) -> None:
    with pytest.raises(Unkept, match=reason):
        _normal(timestamp=said)


@pytest.mark.parametrize("said", ["9999-12-31T23:59:59-14:00", "2027-01-01T00:00:00Z", 10**18 * 9, 1e300])
def test_nothing_happens_in_the_future(said: object) -> None:
    found = _normal(timestamp=said)
    assert found.at_us == RECEIVED_US
    assert _marks(found) == ["future"]


def test_a_leap_second_is_the_end_of_its_minute() -> None:
    found = _normal(timestamp="2016-12-31T23:59:60Z")
    assert found.at_us == int(datetime(2016, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC).timestamp() * 1e6)
    assert _marks(found) == ["leap_second"]


def test_without_a_time_it_happened_when_it_was_received() -> None:
    assert _normal().at_us == RECEIVED_US
    assert _normal(timestamp=None, originalTimestamp=None, sent_at="2020-01-01T00:00:00Z").at_us == RECEIVED_US


def test_a_clock_that_is_wrong_is_corrected_by_what_it_said_when_it_sent() -> None:
    hour = 3_600_000_000
    fast = _normal(timestamp="2026-04-06T04:30:00Z", sent_at="2026-04-06T05:00:00Z")
    assert fast.at_us == RECEIVED_US - hour // 2
    assert _marks(fast) == ["clock_corrected"]
    assert _normal(timestamp="2026-04-06T00:30:00Z", sent_at="2026-04-06T01:00:00Z").at_us == RECEIVED_US - hour // 2
    # What happened long ago stays long ago, and a slow way is no wrong clock.
    assert _normal(timestamp="2025-04-06T03:00:00Z", sent_at="2026-04-06T02:59:40Z").at_us == RECEIVED_US - 365 * DAY_US
    assert _normal(timestamp="2026-04-06T02:00:00Z", sent_at="no time").at_us == RECEIVED_US - hour


@given(st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=30) | st.datetimes().map(str))
def test_whatever_is_said_the_time_lies_between_the_first_clock_and_now(said: object) -> None:
    try:
        found = _normal(text=json.dumps(_event(timestamp=said)))
    except Unkept as unkept:
        assert unkept.reason.startswith(("time_", "not_json"))  # noqa: PT017  # or else no fault
    else:
        assert EARLIEST_US <= found.at_us <= RECEIVED_US


@given(st.datetimes(min_value=datetime(2000, 1, 2), max_value=datetime(2026, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001  # naive on purpose
def test_an_offset_says_the_same_moment(at: datetime, minutes: int) -> None:
    sign, size = ("-" if minutes < 0 else "+"), abs(minutes)
    written = f"{at.isoformat()}{sign}{size // 60:02d}:{size % 60:02d}"
    assert moment(written)[0] == moment(f"{at.isoformat()}Z")[0] - minutes * 60_000_000


def test_ids_are_kept_as_text() -> None:
    found = _normal(userId=7, anonymousId="x", context={"groupId": 42}, messageId=5)
    assert (found.user, found.anonymous, found.group, found.message_id) == ("7", "x", "42", "5")
    assert _normal(groupId="own", context={"groupId": "other"}).group == "own"
    assert _normal(userId=None, anonymousId="x").user is None


def test_an_event_without_an_id_is_called_by_its_place_and_a_long_id_by_its_digest() -> None:
    assert _normal(messageId=None).message_id == "w/1:1:0"
    long = _normal(messageId="x" * 1000).message_id
    assert len(long) < 100
    assert long == _normal(messageId="x" * 1000).message_id != _normal(messageId="x" * 1001).message_id


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"type": "order"}, "unknown_type"),
        ({"type": None}, "unknown_type"),
        ({"userId": None}, "no_person"),
        ({"userId": {"a": 1}}, "no_person"),
        ({"event": ""}, "no_event_name"),
        ({"event": None}, "no_event_name"),
        ({"event": "x" * 201}, "name_too_long"),
        ({"groupId": "x" * 201}, "account_too_long"),
        ({"userId": "x" * 201}, "person_too_long"),
        ({"groupId": "~user:taro"}, "reserved_name"),
        ({"type": "group"}, "no_group"),
        ({"type": "alias"}, "no_previous"),
    ],
)
def test_what_cannot_be_counted_is_named(said: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unkept) as caught:
        normal(json.dumps(_event(**said)).encode(), place="w", received_us=RECEIVED_US, sent_us=None)
    assert caught.value.reason == reason


def test_the_path_says_what_the_event_does_not() -> None:
    raw = json.dumps(_event(type=None)).encode()
    found = normal(raw, place="w", received_us=RECEIVED_US, sent_us=None, path="track")
    assert isinstance(found, Normal)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"type": "page", "name": "Home"}, "Viewed Home Page"),
        ({"type": "page", "properties": {"name": "Home"}}, "Viewed Home Page"),
        ({"type": "page"}, "Loaded a Page"),
        ({"type": "screen", "name": "設定"}, "Viewed 設定 Screen"),
    ],
)
def test_pages_and_screens_have_names(said: dict[str, Any], name: str) -> None:
    assert _normal(**said).name == name


def test_properties_are_kept_to_the_letter_and_a_value_is_taken_from_them() -> None:
    text = '{"type":"track","event":"x","userId":"u","properties":{"n":12345678901234567890123, "n":1.10, "a":"<b>"}}'
    found = _normal(text=text)
    assert found.properties == '{"n":12345678901234567890123, "n":1.10, "a":"<b>"}'
    assert _normal(properties={"value": 3}).value == 3.0
    assert _normal(properties={"revenue": 1.5}).value == 1.5
    assert _normal(properties={"value": "3"}).value is None
    assert _normal(properties={"value": True}).value is None
    assert json.loads(_normal(properties=[1, 2]).properties or "") == {"properties": [1, 2]}


def test_what_msgspec_refuses_is_read_all_the_same() -> None:
    found = _normal(text='{"type":"track","event":"x","userId":"u","properties":{"a":1e999,"b":"\\ud800","c":NaN}}')
    assert json.loads(found.properties or "") == {"a": None, "b": "?", "c": None}
    with pytest.raises(Unkept, match="not_json"):
        normal(b'{"type": ', place="w", received_us=RECEIVED_US, sent_us=None)


def test_marks_of_the_way_stand_in_the_properties() -> None:
    raw = json.dumps(_event(properties={"a": 10**30})).encode()
    found = normal(raw, place="w", received_us=RECEIVED_US, sent_us=None, marks=["nul"])
    assert isinstance(found, Normal)
    assert json.loads(found.properties or "") == {"a": 10**30, "$marks": ["nul"]}


def test_calls_tell_of_people() -> None:
    def told(**said: Any) -> Told:
        found = normal(json.dumps(_event(**said)).encode(), place="w", received_us=RECEIVED_US, sent_us=None)
        assert isinstance(found, Told)
        return found

    who = told(type="identify", anonymousId="v", traits={"lastName": "佐藤", "firstName": "花子", "email": "h@x.jp"})
    assert (who.user, who.anonymous, who.name, who.email) == ("taro", "v", "佐藤 花子", "h@x.jp")
    assert told(type="identify", context={"traits": {"name": "花子"}}).name == "花子"
    assert told(type="group", groupId="acme", traits={"name": "アクメ"}).name == ""
    assert told(type="alias", previousId="old").previous == "old"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda one: st.lists(one) | st.dictionaries(st.text(), one),
        max_leaves=10,
    )
)
def test_no_event_does_more_than_be_refused(said: Any) -> None:
    fields = (
        "type",
        "event",
        "name",
        "userId",
        "anonymousId",
        "groupId",
        "messageId",
        "timestamp",
        "context",
        "traits",
    )
    for field in (*fields, "properties"):
        try:
            normal(json.dumps(_event(**{field: said})).encode(), place="w", received_us=RECEIVED_US, sent_us=None)
        except Unkept as unkept:
            assert unkept.reason  # noqa: PT017  # or else no fault
