"""Pure decisions of the API: where a page ends, how much a key may still ask, what a valid value is."""

import base64
import binascii
import hashlib
import hmac
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

MOST_ITEMS: Final = 5_000
MOST_ON_A_PAGE: Final = 200
WINDOW_SECONDS: Final = 60
REMEMBERED_HOURS: Final = 24
# After this long without an answer, whoever had begun a call is taken to be dead, and the call may be made again.
GIVEN_UP_MINUTES: Final = 5
_TAG_BYTES: Final = 12


class BadCursor(ValueError):
    """A cursor that we did not give out, or gave out for another list."""


@dataclass(frozen=True)
class Allowance:
    """What a key may ask in the running minute: `used` counts this call too; `resets_in` is in seconds."""

    limit: int
    used: int
    resets_in: int

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def is_spent(self) -> bool:
        return self.used > self.limit


@dataclass(frozen=True)
class Column:
    """One column that a list is ordered by."""

    name: str
    is_descending: bool


def window_of(now: datetime) -> tuple[int, int]:
    """Return the number of the minute that a moment falls into, and the seconds until the next, rounded up."""
    seconds = now.timestamp()
    minute = int(seconds // WINDOW_SECONDS)
    return minute, max(1, math.ceil((minute + 1) * WINDOW_SECONDS - seconds))


def columns_of(order: Sequence[str]) -> tuple[Column, ...]:
    """Return an order such as ("-score", "name") as columns, made total by `pk` at its end."""
    columns = tuple(Column(name.removeprefix("-"), name.startswith("-")) for name in order)
    return columns if columns and columns[-1].name in {"pk", "id"} else (*columns, Column("pk", is_descending=False))


def write_cursor(values: Sequence[object], *, of: str, secret: bytes) -> str:
    """Return an opaque, signed text that says after which row a list goes on; `of` names the list and its order."""
    body = json.dumps([_tagged(value) for value in values], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_tag(body, of, secret) + body).decode().rstrip("=")


def read_cursor(text: str, *, of: str, secret: bytes) -> list[Any]:
    """Return the values of a cursor that `write_cursor` gave out for the same list; raises BadCursor."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadCursor from error
    tag, body = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
    if not hmac.compare_digest(tag, _tag(body, of, secret)):
        raise BadCursor
    return [_untagged(value) for value in json.loads(body)]


def fingerprint(*parts: bytes) -> str:
    """Return a digest under which two requests are the same only if all their parts are."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()


def has_nul(value: object) -> bool:
    """Return whether a JSON value has the character U+0000 anywhere, which PostgreSQL cannot keep."""
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, str) and "\0" in one:
            return True
        if isinstance(one, Mapping):
            pending += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            pending += one
    return False


def repeats(ids: Sequence[str | None]) -> dict[int, int]:
    """Return {place: first place} for each id that stood in the list before; places without an id repeat nothing."""
    first: dict[str, int] = {}
    found: dict[int, int] = {}
    for place, one in enumerate(ids):
        if one is not None and first.setdefault(one, place) != place:
            found[place] = first[one]
    return found


def batch_status(statuses: Sequence[int]) -> Literal[200, 207]:
    """Return 200 where every item went well, and 207 where the reader must look at each."""
    return 200 if all(status < 400 for status in statuses) else 207  # noqa: PLR2004  # HTTP's own border


def _tag(body: bytes, of: str, secret: bytes) -> bytes:
    return hmac.digest(secret, of.encode() + b"\0" + body, "sha256")[:_TAG_BYTES]


def _tagged(value: object) -> object:
    match value:
        case datetime():
            return ["at", value.isoformat()]
        case date():
            return ["on", value.isoformat()]
        case Decimal():
            return ["n", str(value)]
        case str() | int() | float():
            return value
        case _:
            raise TypeError(f"A list cannot be ordered by {type(value).__name__}; its columns must not be null.")


def _untagged(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    # Signed by ourselves, so it is one of these.
    readers: dict[str, Callable[[str], object]] = {
        "at": datetime.fromisoformat,
        "on": date.fromisoformat,
        "n": Decimal,
    }
    kind, text = value
    return readers[kind](text)
