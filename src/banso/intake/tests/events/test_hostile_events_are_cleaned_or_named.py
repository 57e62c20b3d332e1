"""Whatever an event holds, it is kept as data, cleaned with a mark, or named as bad; and the others are kept."""

import gzip
import json
import zlib
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.intake.rules.events import spool, wire

GOOD = b'{"type":"track","event":"opened","userId":"u1","messageId":"m1"}'
MANY_KEYS = json.dumps({f"key {number}": number for number in range(1_500)}).encode()

# As the client sent it, as it is kept; what does not appear here is kept to the letter.
CLEANED: dict[str, tuple[bytes, bytes, list[str]]] = {
    "NaN": (b'{"n": NaN}', b'{"n": null}', ["not_a_number"]),
    "Infinity": (b'{"n": [Infinity, -Infinity]}', b'{"n": [null, null]}', ["not_a_number"]),
    "a lone surrogate": (b'{"s": "a\\ud800b\\uDC00"}', b'{"s": "a\\ufffdb\\ufffd"}', ["lone_surrogate"]),
    "a lone surrogate in bytes": (b'{"s": "\xed\xa0\x80"}', '{"s": "\ufffd\ufffd\ufffd"}'.encode(), ["not_utf8"]),
    "NUL, escaped": (b'{"s": "a\\u0000b"}', b'{"s": "a\\ufffdb"}', ["nul"]),
    "NUL, as it is": (b'{"s": "a\0b"}', b'{"s": "a\\ufffdb"}', ["nul"]),
    "a control character": (b'{"s": "a\x07b\nc"}', b'{"s": "a\\u0007b\\u000ac"}', ["control_character"]),
    "Shift JIS": ('{"s": "あ髙"}'.encode("cp932"), b'{"s": "' + "\ufffd".encode() * 4 + b'"}', ["not_utf8"]),
}
KEPT: dict[str, bytes] = {
    "NaN in a text": b'{"s": "NaN, Infinity"}',
    "a pair of surrogates": b'{"s": "\\ud83d\\ude00"}',
    "a backslash before what looks like NUL": b'{"s": "\\\\u0000 \\\\ud800"}',
    "large numbers": b'{"n": [1e999, -1e-999, 12345678901234567890123456789.00000000000000001, -0]}',
    "names that stand twice": b'{"a": 1, "a": 2}',
    "prototype names": b'{"__proto__": {"x": 1}, "constructor": {"prototype": 1}}',
    "bidi marks": '{"s": "\u202e\u2066abc\u2069"}'.encode(),
    "line separators": '{"s": "a\u2028b\u0085c"}'.encode(),
    "SQL": b'{"s": "\'; DROP TABLE events; --"}',
    "HTML": b'{"s": "<script>alert(1)</script><img src=x onerror=alert(1)>"}',
    "a formula": b'{"s": "=HYPERLINK(\\"http://x\\")"}',
    "odd times": b'{"timestamp": "0001-01-01T00:00:00+14:00", "t": "9999-12-31T23:59:60-12:00", "u": "2026-02-30"}',
    "many names": MANY_KEYS,
    "many brackets side by side": b'{"a": [' + b"{}, " * 600 + b"[]]}",
    "as deep as may be": b'{"a":' * 500 + b"1" + b"}" * 500,
    "nothing": b"{}",
}
BAD: dict[str, tuple[bytes, str]] = {
    "deep lists": (b'{"a":' + b"[" * 500 + b"]" * 500 + b"}", "too_deep"),
    "deep objects": (b'{"a":' * 501 + b"1" + b"}" * 501, "too_deep"),
    "deeper lists": (b'{"a":' + b"[" * 15_000 + b"]" * 15_000 + b"}", "too_deep"),
    "a number": (b"3", "not_an_object"),
    "null": (b"null", "not_an_object"),
    "a list": (b'[{"type":"track"}]', "not_an_object"),
    "an empty place": (b"", "not_json"),
    "a trailing comma": (b'{"a": 1,}', "not_json"),
    "a broken escape": (b'{"s": "\\q"}', "not_json"),
    "single quotes": (b"{'a': 1}", "not_json"),
    "a bare word": (b'{"n": undefined}', "not_json"),
    "5,000 names": (json.dumps({f"key {number}": number for number in range(5_000)}).encode(), "too_large"),
    "33 KB": (b'{"s": "' + b"x" * 33_000 + b'"}', "too_large"),
}


def _batch(*events: bytes) -> bytes:
    return b'{"batch": [' + b",".join(events) + b'], "sentAt": "2026-11-24T00:00:00Z", "writeKey": "k"}'


def _lines(request: wire.Request) -> list[dict[str, Any]]:
    line = spool.line(request, source=7, path="batch", received_us=1)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert b"\r" not in line
    msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    return [json.loads(line)]


@pytest.mark.parametrize("name", CLEANED)
def test_what_cannot_be_kept_is_cleaned_and_marked_and_its_neighbours_are_untouched(name: str) -> None:
    sent, kept, marks = CLEANED[name]
    request = wire.batch(_batch(GOOD, sent, GOOD))
    assert request.events == [GOOD, kept, GOOD]
    assert request.marks == [(1, mark) for mark in marks]
    assert request.bad == []
    assert request.sent_at == b'"2026-11-24T00:00:00Z"'
    _lines(request)
    alone = wire.single(sent)
    assert (alone.events, alone.marks) == ([kept], [(0, mark) for mark in marks])


@pytest.mark.parametrize("name", KEPT)
def test_what_is_only_odd_is_kept_to_the_letter(name: str) -> None:
    request = wire.batch(_batch(GOOD, KEPT[name]))
    assert request.events == [GOOD, KEPT[name]]
    assert (request.marks, request.bad) == ([], [])
    assert wire.single(KEPT[name]).events == [KEPT[name]]
    beside_nan = wire.batch(_batch(b'{"n": NaN}', KEPT[name]))
    assert beside_nan.events[1] == KEPT[name]
    _lines(request)


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_event_is_named_and_costs_the_others_nothing(name: str) -> None:
    sent, reason = BAD[name]
    request = wire.batch(_batch(GOOD, sent, GOOD))
    assert request.events == [GOOD, GOOD]
    assert [(bad.index, bad.reason) for bad in request.bad] == [(1, reason)]
    assert len(request.bad[0].event) <= wire.KEPT_OF_BAD
    (line,) = _lines(request)
    assert line["bad"][0]["reason"] == reason
    with pytest.raises(wire.Unreadable, match=reason):
        wire.single(sent)


NO_BATCH = [
    *[b"", b"   ", b"[]", b"{}", b'{"batch": 3}', b'{"batch": {}}', b'{"batch": [', b'{"batch": [{"a": "', b"\x00\x01"],
    *[b"batch=1", b'{"batch": []} {"batch": []}', b"[" * 100_000, b'{"' * 100_000, b"NaN", b'"x"', b"\x95\x5c"],
]


@pytest.mark.parametrize("body", NO_BATCH)
def test_a_body_that_is_no_batch_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(wire.Unreadable):
        wire.batch(body)


def test_an_event_on_several_lines_is_kept_on_one() -> None:
    pretty = json.dumps(json.loads(GOOD), indent=2).replace("\n", "\r\n").encode()
    request = wire.batch(_batch(pretty, GOOD))
    assert json.loads(request.events[0]) == json.loads(GOOD)
    _lines(request)
    _lines(wire.single(pretty))


def test_a_byte_order_mark_is_no_part_of_the_body() -> None:
    assert wire.batch(b"\xef\xbb\xbf" + _batch(GOOD)).events == [GOOD]
    assert wire.single(b"\xef\xbb\xbf" + GOOD).events == [GOOD]


def test_a_write_key_is_not_kept_with_the_event() -> None:
    with_key = b'{"type":"track","writeKey":"secret","event":"opened"}'
    for request in (wire.single(with_key), wire.batch(_batch(with_key)), wire.batch(_batch(with_key, b'{"n":NaN}'))):
        assert json.loads(request.events[0]) == {"type": "track", "event": "opened"}


def test_a_write_key_is_found_without_reading_the_body() -> None:
    assert wire.keys_in(b'{"writeKey" : "k", "batch":[{"writeKey":"k"}, {"p":{"writeKey": "other"}}]}') == [
        "k",
        "other",
    ]
    assert wire.keys_in(b'{"writeKey": 3, "x": "writeKey"}') == []
    assert wire.keys_in(b'{"writeKey": "' + b"x" * 1000 + b'"}') == []


def test_a_time_of_sending_that_is_no_text_is_none() -> None:
    for sent_at in (b"3", b"null", b"{}", b'"' + b"x" * 200 + b'"', b'"\\ud800"'):
        assert wire.batch(b'{"batch":[' + GOOD + b'],"sentAt":' + sent_at + b"}").sent_at == b"null"


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(_batch(GOOD)),
        zlib.compress(_batch(GOOD)),
        gzip.compress(_batch(GOOD)[:20]) + gzip.compress(_batch(GOOD)[20:]),
        gzip.compress(_batch(GOOD)) + b"\0\0",
    ],
)
def test_compression_is_told_by_the_bytes(packed: bytes) -> None:
    assert wire.batch(wire.inflated(packed, 10_000)).events == [GOOD]


def test_a_bomb_is_refused_while_it_unfolds_and_a_torn_one_is_named() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    with pytest.raises(wire.Unreadable, match="too_large"):
        wire.inflated(bomb, 500_000)
    with pytest.raises(wire.Unreadable, match="too_large"):
        wire.inflated(gzip.compress(b"0" * 400_000) * 2, 500_000)
    for torn in (gzip.compress(_batch(GOOD))[:-20], b"\x1f\x8bnothing"):
        with pytest.raises(wire.Unreadable, match="not_compressed"):
            wire.inflated(torn, 500_000)
    assert wire.inflated(gzip.compress(b"0" * 500_000), 500_000) == b"0" * 500_000


DUMPS = st.sampled_from([{}, {"ensure_ascii": False}, {"indent": 2}, {"ensure_ascii": False, "indent": 2}])


def _json(text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | text,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=12,
    )


JSON = _json(st.text(st.characters(codec=None)))
SOUND_JSON = _json(st.text())  # halves of characters send a request through the slow way


@given(st.lists(st.dictionaries(st.text(max_size=8), JSON, max_size=4), max_size=5), DUMPS)
def test_every_event_that_python_can_write_is_kept_one_line_and_readable(
    events: list[dict[str, Any]], said: dict[str, Any]
) -> None:
    body = json.dumps({"batch": events}, **said)
    request = wire.batch(body.encode(errors="surrogatepass"))
    assert len(request.events) == len(events)
    (line,) = _lines(request)
    assert [set(kept) for kept in line["events"]] == [set(map(_clean, event)) - {"writeKey"} for event in events]


@given(st.lists(st.dictionaries(st.text(max_size=8), SOUND_JSON, max_size=4), min_size=1))
def test_the_slow_way_finds_what_the_quick_one_finds(events: list[dict[str, Any]]) -> None:
    listed = msgspec.json.encode(events).decode(errors="replace").replace("\\u0000", "\\u0001")
    quick = wire.batch(f'{{"batch": {listed}, "sentAt": "x"}}'.encode())
    slow = wire.batch(f'{{"batch": {listed[:-1]}, {{"n": NaN}}], "sentAt": "x"}}'.encode())
    assert slow.events == [*quick.events, b'{"n": null}']
    assert slow.sent_at == quick.sent_at


@given(st.binary(max_size=200))
def test_noise_is_refused_and_never_raises_anything_else(noise: bytes) -> None:
    for read in (wire.batch, wire.single, lambda body: wire.inflated(body, 1_000)):
        with suppress(wire.Unreadable):
            read(noise)


def _clean(text: str) -> str:
    paired = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join("\ufffd" if sign == "\0" else sign for sign in paired)
