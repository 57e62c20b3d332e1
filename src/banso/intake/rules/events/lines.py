"""The lines of a segment, read: events to count, what is told of people, and what can be neither."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from banso.intake.rules.events.normal import Normal, Told, Unkept, normal, sent

LONGEST_KEPT: Final = 40_000


@dataclass(frozen=True, slots=True)
class Bad:
    """An event that cannot be counted, where it stood, and why."""

    place: str
    reason: str
    event: str
    received_us: int
    source: int | None
    path: str
    sent_at: str
    is_whole: bool
    marks: tuple[str, ...] = ()


@dataclass
class Lines:
    """What was read from segments; `raws` are the events as they stood there, in the order of `events`."""

    events: list[Normal] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    raws: list[tuple["_Line", str, bytes]] = field(default_factory=list)

    def as_bad(self, nr: int, reason: str) -> Bad:
        """Return an event of `events` as one that cannot be counted after all."""
        line, place, raw = self.raws[nr]
        return _bad(line, place, reason, raw.decode(errors="replace"))


class _Refused(msgspec.Struct):
    index: int = 0
    reason: str = ""
    event: str = ""


class _Line(msgspec.Struct):
    received_at: int
    source: Any = None
    sent_at: Any = None
    path: str = ""
    events: list[msgspec.Raw] = []
    marks: list[tuple[int, str]] = []
    bad: list[_Refused] = []


_READ: Final = msgspec.json.Decoder(_Line)


def read_segment(content: bytes, name: str, into: Lines, *, now_us: int) -> None:
    """Read a closed segment; `name` is its writer and sequence. Whatever is wrong with a line stops no other.

    `now_us` is when a line came of which not even that can be read.
    """
    for number, text in enumerate(content.splitlines(), start=1):
        if not text.strip():
            continue
        place = f"{name}:{number}"
        try:
            line = _READ.decode(text)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            into.bad.append(_unreadable(text, place, now_us))
            continue
        _read_line(line, place, into)


def _read_line(line: _Line, place: str, into: Lines) -> None:
    sent_us = sent(line.sent_at)
    for index, raw in enumerate(line.events):
        event, here = bytes(raw), f"{place}:{index}"
        marks = [mark for at, mark in line.marks if at == index] if line.marks else []
        try:
            found = normal(
                event, place=here, received_us=line.received_at, sent_us=sent_us, marks=marks, path=line.path
            )
        except Unkept as unkept:
            into.bad.append(_bad(line, here, unkept.reason, event.decode(errors="replace"), marks))
        except Exception:  # noqa: BLE001  # whatever an event does to us, the others go on; it is kept and shown
            into.bad.append(_bad(line, here, "unexpected", event.decode(errors="replace"), marks))
        else:
            if isinstance(found, Normal):
                into.events.append(found)
                into.raws.append((line, here, event))
            else:
                into.told.append(found)
    for one in line.bad:
        into.bad.append(_bad(line, f"{place}:{one.index}!", one.reason, one.event, is_whole=False))


def _bad(line: _Line, place: str, reason: str, event: str, marks: Sequence[str] = (), *, is_whole: bool = True) -> Bad:
    return Bad(
        place=place,
        reason=reason[:30],
        event=event[:LONGEST_KEPT].replace("\0", "�"),
        received_us=line.received_at,
        source=line.source if isinstance(line.source, int) else None,
        path=line.path[:20],
        sent_at=str(line.sent_at or "")[:100],
        is_whole=is_whole and len(event) <= LONGEST_KEPT,
        marks=tuple(marks),
    )


def _unreadable(text: bytes, place: str, now_us: int) -> Bad:
    shown = text[:LONGEST_KEPT].decode(errors="replace").replace("\0", "�")
    return Bad(place, "unreadable_line", shown, now_us, None, "", "", is_whole=False)
