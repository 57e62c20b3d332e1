"""The event API, as Segment's clients speak it: `/v1/track` and its like, `/v1/batch`, and our own bulk door.

It stands before Django, so that an event costs no middleware; docs/decisions say why. Clients throw a whole batch away
at any 4xx but 429, so what they could not help is answered by 429 or 503, and what one event did wrong by 200.
"""

import base64
import binascii
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec
import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from banso.intake.actions.events import spooling
from banso.intake.rest.keys import WriteKeys
from banso.intake.rules.events import spool, wire
from banso.people.access import by_write_key

type Headers = list[tuple[str, str]]
type Answer = tuple[str, Headers, bytes]

PREFIXES: Final = ("/v1/", "//v1/")  # clients whose host was set with a slash at its end send two
SINGLE: Final = {
    "identify": "identify",
    "i": "identify",
    "track": "track",
    "t": "track",
    "page": "page",
    "p": "page",
    "screen": "screen",
    "s": "screen",
    "group": "group",
    "g": "group",
    "alias": "alias",
    "a": "alias",
}
BATCH: Final = {"batch": "batch", "b": "batch", "import": "batch", "bulk": "bulk"}
CALLS: Final = SINGLE | BATCH
STATUSES: Final = {
    200: "200 OK",
    204: "204 No Content",
    400: "400 Bad Request",
    401: "401 Unauthorized",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    413: "413 Content Too Large",
    415: "415 Unsupported Media Type",
    429: "429 Too Many Requests",
    500: "500 Internal Server Error",
    503: "503 Service Unavailable",
}
# Read and thrown away before a body is refused for its size: who is cut off while sending sees no answer.
DRAINED_BYTES: Final = 8 * 1024 * 1024
KEYS: Final = WriteKeys()

_JSON: Final = ("Content-Type", "application/json")
_ANYWHERE: Final = ("Access-Control-Allow-Origin", "*")
_SUCCESS: Final = b'{"success": true}'
_SUCCESS_HEADERS: Final = [_JSON, _ANYWHERE, ("Content-Length", str(len(_SUCCESS)))]
_PREFLIGHT: Final = [
    _ANYWHERE,
    ("Access-Control-Allow-Methods", "POST, OPTIONS"),
    ("Access-Control-Allow-Headers", "authorization, content-type, content-encoding"),
    ("Access-Control-Max-Age", "86400"),
]
_SENTENCES: Final = {
    "not_json": "The body is not JSON.",
    "not_an_object": "The body must be a JSON object.",
    "not_a_batch": "The body must be a JSON object with a list named “batch”.",
    "not_compressed": "The body cannot be decompressed.",
    "not_complete": "The body is shorter than its Content-Length.",
    "too_deep": "The event is nested too deeply.",
    "too_large": "The body is too large: 32 KB for an event, 500 KB for a batch, 4 MB for /v1/bulk.",
    "too_many": "At most 5,000 events fit into one call of /v1/bulk.",
    "wrong_encoding": "Bodies may be plain or compressed by gzip.",
    "no_key": "Send a write key as the user name of Basic authentication, or as “writeKey” in the body.",
    "wrong_key": "This write key is unknown, revoked, expired, or not of the scope “events”.",
    "not_found": "There is no such call.",
    "wrong_method": "Only POST is answered here.",
    "busy": "Too much is waiting to be written. Send this again a little later.",
    "not_writable": "Events cannot be written at the moment. Send this again later.",
    "no_database": "Write keys cannot be looked up at the moment. Send this again later.",
    "broken": "Something went wrong on our side. Send this again later.",
    "unknown_type": "“type” must be identify, track, page, screen, group or alias.",
    "no_person": "“userId” or “anonymousId” is required.",
    "no_event_name": "“event” is required for track.",
    "no_group": "“groupId” is required for group.",
    "not_utf8": "The event is not UTF-8.",
}
_STATUS_OF: Final = {"too_large": 413, "too_many": 413, "wrong_encoding": 415}
log = structlog.get_logger(__name__)


class Refused(Exception):
    """A request that is not taken."""

    def __init__(self, status: int, code: str, *headers: tuple[str, str]) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.headers = headers


def is_for_us(path: str) -> bool:
    """Tell whether a path belongs to the event API."""
    return path.startswith(PREFIXES)


def application(environ: dict[str, Any], start_response: Callable[[str, Headers], object]) -> Iterable[bytes]:
    """Answer a request (WSGI)."""
    status, headers, body = answered(environ)
    start_response(status, headers)
    return [body]


@csrf_exempt
@by_write_key
def door(request: HttpRequest, call: str) -> HttpResponse:  # noqa: ARG001  # the path is read from the environment
    """Answer the same where a request reached Django."""
    status, headers, body = answered(request.environ)  # type: ignore[attr-defined]  # of WSGIRequest
    return HttpResponse(body, status=int(status[:3]), headers=dict(headers))


def answered(environ: dict[str, Any]) -> Answer:
    """Return status, headers and body for a request."""
    try:
        return _answer(environ)
    except Refused as refused:
        return _refusal(refused)
    except Exception:
        log.exception("an event request failed")
        return _refusal(Refused(500, "broken", ("Retry-After", "5")))


def _answer(environ: dict[str, Any]) -> Answer:
    method = environ["REQUEST_METHOD"]
    if method == "OPTIONS":
        return STATUSES[204], _PREFLIGHT, b""
    call = CALLS.get(environ["PATH_INFO"].lstrip("/").removeprefix("v1/").removesuffix("/"))
    if call is None:
        raise Refused(404, "not_found")
    if method != "POST":
        raise Refused(405, "wrong_method", ("Allow", "POST, OPTIONS"))
    secret = _secret(environ.get("HTTP_AUTHORIZATION", ""))
    body = _body(environ, wire.LARGEST_BULK if call == "bulk" else settings.EVENTS_BATCH_BYTES)
    source = _source([secret] if secret else wire.keys_in(body))
    try:
        request = wire.batch(body) if call in BATCH else wire.single(body)
    except wire.Unreadable as unreadable:
        raise Refused(_STATUS_OF.get(unreadable.code, 400), unreadable.code) from None
    if call == "bulk":
        return _bulk(request, source)
    _keep(request, source, call)
    return STATUSES[200], _SUCCESS_HEADERS, _SUCCESS


def _bulk(request: wire.Request, source: int) -> Answer:
    """Take what can be counted, and tell of each of the others why it cannot."""
    total = len(request.events) + len(request.bad)
    if total > wire.MOST_IN_BULK:
        raise Refused(413, "too_many")
    refused = {bad.index: bad.reason for bad in request.bad}
    places = [index for index in range(total) if index not in refused]
    faults = wire.faults(request.events)
    refused |= {place: fault for place, fault in zip(places, faults, strict=True) if fault}
    kept = [index for index, fault in enumerate(faults) if not fault]
    new_place = {index: place for place, index in enumerate(kept)}
    request.events = [request.events[index] for index in kept]
    request.marks = [(new_place[index], mark) for index, mark in request.marks if index in new_place]
    request.bad = []
    _keep(request, source, "bulk")
    errors = [
        {"index": index, "code": code, "message": _SENTENCES.get(code, code)} for index, code in sorted(refused.items())
    ]
    body = msgspec.json.encode({"success": True, "accepted": len(kept), "refused": len(errors), "errors": errors})
    return STATUSES[200], [_JSON, _ANYWHERE, ("Content-Length", str(len(body)))], body


def _keep(request: wire.Request, source: int, call: str) -> None:
    if not request.events and not request.bad:
        return
    line = spool.line(request, source=source, path=call, received_us=time.time_ns() // 1000)
    try:
        spooling.spool_line(line)
    except spooling.TooMuchWaiting:
        raise Refused(429, "busy", ("Retry-After", "2")) from None
    except spooling.NotWritten:
        raise Refused(503, "not_writable", ("Retry-After", "10")) from None


def _source(secrets: list[str]) -> int:
    if not secrets:
        raise Refused(401, "no_key")
    try:
        found = next(filter(None, (KEYS.source_of(secret, time.monotonic()) for secret in secrets)), None)
    except DatabaseError as error:
        log.warning("write keys cannot be looked up", error=str(error))
        raise Refused(503, "no_database", ("Retry-After", "10")) from None
    if found is None:
        KEYS.refuse(secrets[0])
        raise Refused(401, "wrong_key")
    return found


def _secret(header: str) -> str:
    """Return the key of an Authorization header: Basic's user name, or Bearer's token."""
    scheme, _space, given = header.partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given.strip() + "==").decode().partition(":")[0].strip()
    except (binascii.Error, UnicodeDecodeError):
        return given.strip()  # a key, but not one of ours: refused as such


def _body(environ: dict[str, Any], largest: int) -> bytes:
    stated = environ.get("CONTENT_LENGTH") or ""
    length = int(stated) if stated.isdigit() else -1
    source = environ["wsgi.input"]
    body: bytes = source.read(largest + 1 if length < 0 else min(length, largest + 1))
    if len(body) > largest:
        _drain(source, length - len(body) if length >= 0 else DRAINED_BYTES)
        raise Refused(413, "too_large")
    if len(body) < length:
        raise Refused(400, "not_complete")
    if environ.get("HTTP_CONTENT_ENCODING", "").strip().lower() in {"br", "zstd", "compress"}:
        raise Refused(415, "wrong_encoding")
    try:
        return wire.inflated(body, largest)
    except wire.Unreadable as unreadable:
        raise Refused(_STATUS_OF.get(unreadable.code, 400), unreadable.code) from None


def _drain(source: Any, left: int) -> None:
    while 0 < left <= DRAINED_BYTES and (part := source.read(min(left, 65_536))):
        left -= len(part)


def _refusal(refused: Refused) -> Answer:
    said = {"success": False, "code": refused.code, "message": _SENTENCES[refused.code]}
    body = msgspec.json.encode(said)
    headers = [_JSON, _ANYWHERE, ("Content-Length", str(len(body))), *refused.headers]
    if refused.status == 401:  # noqa: PLR2004  # asks for the key as the standard wants it asked for
        headers.append(("WWW-Authenticate", 'Basic realm="Banso events"'))
    return STATUSES[refused.status], headers, body
