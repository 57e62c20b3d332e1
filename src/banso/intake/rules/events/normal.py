"""One event as a client sent it, made what is counted: who did what, when, where; or what is told of people."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from banso.intake.rules.events.times import WrongTime, happened, moment

LONGEST_ID: Final = 200
LONGEST_NAME: Final = 200
# Under these names usage is kept that came without an account; a client may not use them.
RESERVED: Final = ("~user:", "~anonymous:", "~several:")
COUNTED: Final = frozenset({"track", "page", "screen"})
TOLD: Final = frozenset({"identify", "group", "alias"})

_LARGEST_FLOAT: Final = 1e308


class Unkept(ValueError):
    """An event that cannot be counted; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Normal:
    """Something that somebody did; times in µs since 1970, `group` as the client calls the account, if it does."""

    message_id: str
    at_us: int
    received_us: int
    name: str
    user: str | None
    anonymous: str | None
    group: str | None
    value: float | None
    properties: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """What a client says of a person: who they are, which account they are in, what they were called before."""

    kind: Literal["identify", "group", "alias"]
    user: str | None
    anonymous: str | None
    previous: str | None
    group: str | None
    name: str
    email: str


class _Event(msgspec.Struct):
    type: Any = None
    event: Any = None
    name: Any = None
    user_id: Any = msgspec.field(name="userId", default=None)
    anonymous_id: Any = msgspec.field(name="anonymousId", default=None)
    group_id: Any = msgspec.field(name="groupId", default=None)
    previous_id: Any = msgspec.field(name="previousId", default=None)
    message_id: Any = msgspec.field(name="messageId", default=None)
    timestamp: Any = None
    original: Any = msgspec.field(name="originalTimestamp", default=None)
    context: Any = None
    properties: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b""))
    traits: Any = None


_READ: Final = msgspec.json.Decoder(_Event)


def normal(
    event: bytes | str, *, place: str, received_us: int, sent_us: int | None, marks: Sequence[str] = (), path: str = ""
) -> Normal | Told:
    """Return what an event counts as, or tells; raises Unkept.

    `place` names it where it has no message id of its own, `path` its kind where it does not say, `marks` what was
    changed about it on its way.
    """
    found = _read(event)
    kind = found.type if isinstance(found.type, str) else path
    context = found.context if isinstance(found.context, dict) else {}
    user, anonymous = _id(found.user_id, "person_too_long"), _id(found.anonymous_id, "person_too_long")
    group = _id(found.group_id, "account_too_long") or _id(context.get("groupId"), "account_too_long")
    if group is not None and group.startswith(RESERVED):
        raise Unkept("reserved_name")
    if kind in TOLD:
        return _told(found, kind, context, user=user, anonymous=anonymous, group=group)
    if kind not in COUNTED:
        raise Unkept("unknown_type")
    if user is None and anonymous is None:
        raise Unkept("no_person")
    at_us, changed = _happened(found, received_us=received_us, sent_us=sent_us)
    properties = _properties(found.properties)
    return Normal(
        message_id=_message_id(found.message_id) or place,
        at_us=at_us,
        received_us=received_us,
        name=_name(found, kind, properties),
        user=user,
        anonymous=anonymous,
        group=group,
        value=_value(properties),
        properties=_kept(bytes(found.properties), properties, [*marks, *changed]),
    )


def sent(value: object) -> int | None:
    """Return when a client says that it sent, in µs since 1970; None where it does not say so readably."""
    try:
        return None if value is None else moment(value)[0]
    except WrongTime:
        return None


def _read(event: bytes | str) -> _Event:
    try:
        return _READ.decode(event)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        pass
    try:  # what msgspec refuses and JSON allows: numbers past all bounds, halves of characters
        plain = json.loads(event)
        text = json.dumps(_finite(plain)).encode()
        return _READ.decode(text)
    except (ValueError, RecursionError, msgspec.MsgspecError):
        raise Unkept("not_json") from None


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if abs(value) < _LARGEST_FLOAT else None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "�")
    if isinstance(value, list):
        return [_finite(one) for one in value]
    if isinstance(value, dict):
        return {_finite(name): _finite(one) for name, one in value.items()}
    return value


def _told(
    found: _Event, kind: Any, context: dict[str, Any], *, user: str | None, anonymous: str | None, group: str | None
) -> Told:
    previous = _id(found.previous_id, "person_too_long")
    if user is None and (anonymous is None or kind == "alias"):
        raise Unkept("no_person")
    if kind == "group" and group is None:
        raise Unkept("no_group")
    if kind == "alias" and previous is None:
        raise Unkept("no_previous")
    traits = found.traits if isinstance(found.traits, dict) else context.get("traits")
    said = traits if isinstance(traits, dict) and kind == "identify" else {}
    return Told(kind, user, anonymous, previous, group, name=_full_name(said), email=_text(said.get("email")))


def _happened(found: _Event, *, received_us: int, sent_us: int | None) -> tuple[int, list[str]]:
    said = found.timestamp if found.timestamp is not None else found.original
    try:
        at, mark = moment(said) if said is not None else (None, None)
        at_us, marks = happened(at, sent_us=sent_us, received_us=received_us)
    except WrongTime as wrong:
        raise Unkept(wrong.reason) from None
    return at_us, [*([mark] if mark else []), *marks]


def _id(value: object, too_long: str) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = _text(int(value) if isinstance(value, float) and value.is_integer() else value)
    if len(text) > LONGEST_ID:
        raise Unkept(too_long)
    return text or None


def _message_id(value: object) -> str | None:
    """Return a client's message id; one that is too long to be kept in every file, by its digest."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = _text(value)
    return text if len(text) <= LONGEST_ID else f"sha256-{hashlib.sha256(text.encode()).hexdigest()}"


def _name(found: _Event, kind: str, properties: dict[str, Any] | None) -> str:
    """Return an event's name; pages and screens are called as Segment's destinations call them."""
    if kind == "track":
        name = _text(found.event) if isinstance(found.event, str | int) else ""
        if not name:
            raise Unkept("no_event_name")
    else:
        given = found.name if isinstance(found.name, str) else (properties or {}).get("name")
        shown = _text(given) if isinstance(given, str) else ""
        word = "Page" if kind == "page" else "Screen"
        name = f"Viewed {shown} {word}" if shown else f"Loaded a {word}"
    if len(name) > LONGEST_NAME:
        raise Unkept("name_too_long")
    return name


def _properties(raw: msgspec.Raw) -> dict[str, Any] | None:
    text = bytes(raw)
    if not text or text == b"null":
        return None
    try:
        found = msgspec.json.decode(text)
    except msgspec.MsgspecError:
        found = _finite(json.loads(text))
    return found if isinstance(found, dict) else {"properties": found}


def _value(properties: dict[str, Any] | None) -> float | None:
    for name in ("value", "revenue"):
        value = (properties or {}).get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST_FLOAT:
            return float(value)
    return None


def _kept(text: bytes, properties: dict[str, Any] | None, marks: list[str]) -> str | None:
    """Return properties as JSON to the letter; where something was changed about the event, with that in `$marks`."""
    if properties is None and not marks:
        return None
    if not marks and text[:1] == b"{":
        return text.decode()
    if marks:
        properties = {**(properties or {}), "$marks": sorted(set(marks))}
    return msgspec.json.encode(properties).decode()


def _full_name(traits: dict[str, Any]) -> str:
    name = _text(traits.get("name"))
    # Family name first, as it is said here; a client that wants another order sends `name`.
    return name or " ".join(filter(None, (_text(traits.get("lastName")), _text(traits.get("firstName")))))


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
