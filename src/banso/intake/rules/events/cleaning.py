"""One event as a client wrote it, made JSON that everything behind can read; whatever else it says stays as it is.

The text is changed, not decoded and written anew: numbers of any length, names that stand twice and odd characters
are the sender's data, and come through to the letter.
"""

import re
from typing import Final

import msgspec

# What is marked at an event that was changed, and why an event is no event.
NOT_A_NUMBER: Final = "not_a_number"  # NaN and Infinity, which Python's clients send: null
LONE_SURROGATE: Final = "lone_surrogate"  # half a character: U+FFFD
NUL: Final = "nul"  # U+0000, which PostgreSQL cannot keep: U+FFFD
CONTROL: Final = "control_character"  # unescaped in a text: escaped
NOT_UTF8: Final = "not_utf8"  # bytes that are no text: U+FFFD
TOO_LARGE: Final = "too_large"
TOO_DEEP: Final = "too_deep"
NOT_JSON: Final = "not_json"
NOT_AN_OBJECT: Final = "not_an_object"

# Deeper than any program writes, and shallow enough for everything that reads JSON by recursion.
DEEPEST: Final = 500

_WORDS: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|-?\b(?:NaN|Infinity)\b', re.DOTALL)
_ESCAPES: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u([0-9a-fA-F]{4})|\\.|([\x00-\x1f])", re.DOTALL
)
_BRACKETS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_REPLACEMENT: Final = "\\ufffd"
_READ: Final = msgspec.json.Decoder(msgspec.Raw)


class Unusable(Exception):
    """A text that is no event; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def cleaned(event: bytes, largest: int) -> tuple[bytes, tuple[str, ...]]:
    """Return an event as valid JSON on one line, and what was changed about it; raises Unusable."""
    if len(event) > largest:
        raise Unusable(TOO_LARGE)
    if may_be_deep(event) and _depth(event) > DEEPEST:
        raise Unusable(TOO_DEEP)
    marks: set[str] = set()
    text = _WORDS.sub(lambda word: _word(word[0], marks), _text(event, marks))
    clean = text.replace("\n", " ").replace("\r", " ").strip().encode()
    try:
        _READ.decode(clean)
    except msgspec.MsgspecError:
        raise Unusable(NOT_JSON) from None
    if clean[:1] != b"{":
        raise Unusable(NOT_AN_OBJECT)
    return clean, tuple(sorted(marks))


def may_be_deep(event: bytes) -> bool:
    """Tell whether an event has brackets enough to be nested too deeply; quick, and true of few."""
    return len(event) > 2 * DEEPEST and event.count(b"{") + event.count(b"[") > DEEPEST


def _depth(event: bytes) -> int:
    depth = deepest = 0
    for sign in _BRACKETS.findall(event):
        if sign in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in b"]}":
            depth -= 1
    return deepest


def _text(event: bytes, marks: set[str]) -> str:
    try:
        return event.decode()
    except UnicodeDecodeError:
        marks.add(NOT_UTF8)
        return event.decode(errors="replace")


def _word(word: str, marks: set[str]) -> str:
    if word[0] != '"':
        marks.add(NOT_A_NUMBER)
        return "null"
    if "\\u" not in word and word.isprintable():
        return word
    return _ESCAPES.sub(lambda found: _character(found, marks), word)


def _character(found: re.Match[str], marks: set[str]) -> str:
    code = found[1]
    if found[2] == "\0" or code == "0000":
        marks.add(NUL)
        return _REPLACEMENT
    if found[2]:
        marks.add(CONTROL)
        return f"\\u{ord(found[2]):04x}"
    if code and "d800" <= code.lower() <= "dfff":
        marks.add(LONE_SURROGATE)
        return _REPLACEMENT
    return found[0]
