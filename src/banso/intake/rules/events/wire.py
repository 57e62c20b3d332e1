"""What a request of the event API holds: its events as the client wrote them, measured and, where needed, cleaned.

A request in order is read in one pass that looks at each event's borders only. Anything unusual in it sends it through
the slow way, in which each event is judged by itself: one bad event never costs the good ones.
"""

import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import msgspec

from banso.intake.rules.events.cleaning import DEEPEST, NOT_AN_OBJECT, Unusable, cleaned, may_be_deep

LARGEST_EVENT: Final = 32 * 1024
LARGEST_BATCH: Final = 500 * 1024
LARGEST_BULK: Final = 4 * 1024 * 1024
MOST_IN_BULK: Final = 5_000
# How much of an event that was refused is kept to be looked at.
KEPT_OF_BAD: Final = 2_000
MOST_KEYS: Final = 3
TYPES: Final = frozenset({"identify", "track", "page", "screen", "group", "alias"})

_GZIP: Final = b"\x1f\x8b"
_ZLIB: Final = frozenset({b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"})
_BOM: Final = b"\xef\xbb\xbf"
_NULL: Final = b"null"
_LONGEST_TIME: Final = 100
_TOKENS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{},]', re.DOTALL)
_KEY: Final = re.compile(rb'"writeKey"\s*:\s*"([^"\\]{1,200})"')
_MEMBER: Final = re.compile(rb'\s*("(?:[^"\\]|\\.)*+")\s*:', re.DOTALL)


class Unreadable(Exception):
    """A body that is no request as a whole; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Bad:
    """What stood at a place of the client's batch and is no event."""

    index: int
    reason: str
    event: str


@dataclass(slots=True)
class Request:
    """The events of a request; marks name places in `events`, bad ones their places in the client's batch."""

    events: list[bytes]
    sent_at: bytes = _NULL
    marks: list[tuple[int, str]] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)


class _Batch(msgspec.Struct):
    batch: list[msgspec.Raw]
    sent_at: msgspec.Raw = msgspec.field(name="sentAt", default=msgspec.Raw(_NULL))


class _Single(msgspec.Struct):
    sent_at: msgspec.Raw = msgspec.field(name="sentAt", default=msgspec.Raw(_NULL))


class _Shape(msgspec.Struct):
    type: Any = None
    event: Any = None
    user_id: Any = msgspec.field(name="userId", default=None)
    anonymous_id: Any = msgspec.field(name="anonymousId", default=None)
    group_id: Any = msgspec.field(name="groupId", default=None)
    previous_id: Any = msgspec.field(name="previousId", default=None)


_READ_BATCH: Final = msgspec.json.Decoder(_Batch)
_READ_SINGLE: Final = msgspec.json.Decoder(_Single)
_READ_SHAPE: Final = msgspec.json.Decoder(_Shape)
_READ_MEMBERS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])


def inflated(body: bytes, largest: int) -> bytes:
    """Return a body without its compression, which its first bytes tell, whatever headers say.

    Raises Unreadable: `too_large` as soon as there is more than `largest`, `not_compressed` where it breaks off.
    """
    if body[:2] == _GZIP or body[:2] in _ZLIB:
        body = _inflated(body, largest)
    if len(body) > largest:
        raise Unreadable("too_large")
    return body


def batch(body: bytes) -> Request:
    """Return the events of a batch; raises Unreadable where the body is no batch."""
    try:
        found = _READ_BATCH.decode(body)
        _ = body.isascii() or body.decode()
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return _batch_by_hand(body)
    events = [bytes(event) for event in found.batch]
    if b"\\u0000" in body or not {event[:1] for event in events} <= {b"{"} or _is_odd(events):
        return _judged(events, found.sent_at)
    if b"\n" in body or b"\r" in body:  # between values: within one it would be no JSON
        events = [event.replace(b"\n", b" ").replace(b"\r", b" ") for event in events]
    if body.count(b'"writeKey"') > 1:
        events = [_without_key(event) for event in events]
    return Request(events, _time(found.sent_at))


def keys_in(body: bytes) -> list[str]:
    """Return what may be the write key of a body, found without reading it: who has none costs no reading."""
    found = dict.fromkeys(key[1].decode(errors="replace") for key in islice(_KEY.finditer(body), MOST_KEYS))
    return list(found)


def single(body: bytes) -> Request:
    """Return the one event of a call such as /v1/track; raises Unreadable where the body is none, or too large."""
    body = body.removeprefix(_BOM).strip()
    try:
        event, marks = cleaned(body, LARGEST_EVENT)
    except Unusable as unusable:
        raise Unreadable(unusable.reason) from None
    found = _READ_SINGLE.decode(event)
    return Request([_without_key(event)], _time(found.sent_at), marks=[(0, mark) for mark in marks])


def faults(events: Iterable[bytes]) -> list[str | None]:
    """Return for each event what keeps it from being counted, or None: the bulk door tells its callers at once."""
    return [_fault(event) for event in events]


def _inflated(body: bytes, largest: int) -> bytes:
    parts, room = [], largest + 1
    while body and room > 0:  # a gzip file may consist of several
        stream = zlib.decompressobj(zlib.MAX_WBITS | 32)
        try:
            part = stream.decompress(body, room)
        except zlib.error:
            raise Unreadable("not_compressed") from None
        parts.append(part)
        room -= len(part)
        if room > 0 and not stream.eof:
            raise Unreadable("not_compressed")
        body = stream.unused_data if stream.unused_data[:2] == _GZIP else b""
    return b"".join(parts)


def _batch_by_hand(body: bytes) -> Request:
    members = _members(body.removeprefix(_BOM).strip())
    listed = members.get("batch", b"")
    if listed[:1] != b"[":
        raise Unreadable("not_a_batch")
    return _judged(_parts(listed), members.get("sentAt", _NULL))


def _is_odd(events: list[bytes]) -> bool:
    """Tell whether an event is too large, or may be too deep; most batches hold small ones only."""
    return max(map(len, events), default=0) > 2 * DEEPEST and any(
        len(event) > LARGEST_EVENT or may_be_deep(event) for event in events
    )


def _judged(events: Iterable[bytes], sent_at: Any) -> Request:
    request = Request([], _time(sent_at))
    for index, event in enumerate(events):
        try:
            clean, marks = cleaned(event, LARGEST_EVENT)
        except Unusable as unusable:
            kept = event[:KEPT_OF_BAD].decode(errors="replace").replace("\0", "\ufffd")
            request.bad.append(Bad(index, unusable.reason, kept))
            continue
        request.marks += [(len(request.events), mark) for mark in marks]
        request.events.append(_without_key(clean))
    return request


def _members(text: bytes) -> dict[str, bytes]:
    """Return the values of an object by their names, as text; whatever is wrong inside of them stays there."""
    if text[:1] != b"{":
        raise Unreadable("not_json")
    members = {}
    for part in _parts(text):
        name = _MEMBER.match(part)
        if name is None:
            raise Unreadable("not_json")
        members[name[1][1:-1].decode(errors="replace")] = part[name.end() :].strip()
    return members


def _parts(text: bytes) -> list[bytes]:
    """Return what stands between the commas of the outermost brackets."""
    parts, depth, begins = [], 0, 0
    for token in _TOKENS.finditer(text):
        sign = token[0][:1]
        if sign in b"{[":
            depth += 1
            begins = token.end() if depth == 1 else begins
        elif sign in b"}]":
            depth -= 1
        if depth == 0 or (depth == 1 and sign == b","):
            parts.append(text[begins : token.start()].strip())
            begins = token.end()
        if depth == 0:
            break
    if not parts or depth or text[begins:].strip():
        raise Unreadable("not_json")
    return parts if parts != [b""] else []


def _without_key(event: bytes) -> bytes:
    """Return an event without the write key that some clients put into it: a key is no data."""
    if b'"writeKey"' not in event:
        return event
    members = _READ_MEMBERS.decode(event)
    members.pop("writeKey", None)
    return msgspec.json.encode(members)


def _time(value: Any) -> bytes:
    text = bytes(value)
    # A client's text; who reads the spool reads it as a time, or not.
    return text if text[:1] == b'"' and len(text) <= _LONGEST_TIME and _read(text) is not None else _NULL


def _read(text: bytes) -> object:
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _fault(event: bytes) -> str | None:
    try:
        shape = _READ_SHAPE.decode(event)
    except (msgspec.MsgspecError, RecursionError):
        return NOT_AN_OBJECT
    checks: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("unknown_type", lambda: isinstance(shape.type, str) and shape.type in TYPES),
        ("no_person", lambda: any(map(_is_id, (shape.user_id, shape.anonymous_id, shape.previous_id)))),
        ("no_event_name", lambda: shape.type != "track" or (isinstance(shape.event, str) and bool(shape.event))),
        ("no_group", lambda: shape.type != "group" or _is_id(shape.group_id)),
    )
    return next((code for code, holds in checks if not holds()), None)


def _is_id(value: object) -> bool:
    return (isinstance(value, str) and bool(value)) or (isinstance(value, int | float) and not isinstance(value, bool))
