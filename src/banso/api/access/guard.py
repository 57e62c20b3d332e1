"""What every call passes before it is answered: key, limit, permission, size; and what a call sent twice gets."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from functools import wraps
from typing import Any, Final, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.operation import Operation
from ninja.security import HttpBearer

from banso.api import actions
from banso.api.access.problems import (
    InProgress,
    KeyReused,
    NoKey,
    NotAllowed,
    Problem,
    TooLarge,
    TooMany,
    from_exception,
)
from banso.api.access.requests import ApiRequest
from banso.api.rules import fingerprint
from banso.people import actions as people_actions
from banso.people import queries as people
from banso.people.queries import KeyRow

type Run = Callable[..., HttpResponse]

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST_NAME: Final = 255
_REFUSED: Final = 400


class Key(HttpBearer):
    """Says in the schema how callers show who they are; the guard has found the key already."""

    def __call__(self, request: HttpRequest) -> KeyRow | None:
        return getattr(request, "auth", None)

    def authenticate(self, request: HttpRequest, token: str) -> KeyRow | None:  # noqa: ARG002  # ninja's signature
        return people.key_from_header(token, timezone.now())


def requires[F: Callable[..., Any]](permission: str, *, is_whole: bool = True) -> Callable[[F], F]:
    """Declare what an operation needs of the key's scope; stands below `@router.get(...)` and its like.

    One that is not whole makes its own transactions, and may be repeated where it was cut off: what it keeps outside
    the database must not wait for a commit that could fail.
    """

    def mark(view: F) -> F:
        view.permission = permission  # type: ignore[attr-defined]  # the mark that the guard and the law test read
        view.is_whole = is_whole  # type: ignore[attr-defined]  # read by the guard
        return view

    return mark


def guard(run: Run) -> Run:
    """Wrap an operation of ninja in everything that holds for all of them."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]  # ninja decorates the bound method
    permission: str = operation.view_func.permission  # type: ignore[attr-defined]  # build_api has looked
    is_whole: bool = getattr(operation.view_func, "is_whole", True)

    @wraps(run)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        call = cast("ApiRequest", request)
        call.next_cursor = None
        try:
            _let_in(call, permission, timezone.now())
            response = _once(call, lambda: run(call, *args, **kwargs), is_whole=is_whole)
        except Exception as error:  # noqa: BLE001  # whatever it is, the caller gets a problem
            response = from_exception(call, error)
        return _with_headers(call, response)

    return guarded


def _let_in(request: ApiRequest, permission: str, now: datetime) -> None:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    key = people.key_from_header(secret.strip(), now) if scheme.lower() == "bearer" else None
    if key is None:
        raise NoKey
    people_actions.note_key_use(key, now=now)
    request.auth = key
    request.allowance = actions.count_call(key_id=key.id, limit=settings.API_RATE, now=now)
    if request.allowance.is_spent:
        raise TooMany(request.allowance.resets_in)
    if permission not in key.permissions:
        raise NotAllowed(permission)
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        raise Problem
    try:
        # Read here once, so that a body that is too large is named as such whoever would have read it first.
        _ = request.body
    except RequestDataTooBig as error:
        raise TooLarge(settings.DATA_UPLOAD_MAX_MEMORY_SIZE) from error


def _once(request: ApiRequest, run: Callable[[], HttpResponse], *, is_whole: bool) -> HttpResponse:
    """Do a call; one with an Idempotency-Key at most once, its work and its answer stored in one transaction."""
    name = request.headers.get("Idempotency-Key", "")
    if not name or request.method in SAFE:
        return run()
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise Problem
    try:
        claim = actions.claim(_call(request, name), now=timezone.now())
    except actions.StillAtWork as error:
        raise InProgress from error
    except actions.NameReused as error:
        raise KeyReused from error
    if isinstance(claim, actions.Answer):
        replayed = {"Idempotency-Replayed": "true"}
        return HttpResponse(claim.body, status=claim.status, content_type="application/json", headers=replayed)
    return _do(claim, run, is_whole=is_whole)


def _do(claim: actions.Claim, run: Callable[[], HttpResponse], *, is_whole: bool) -> HttpResponse:
    is_kept = False
    try:
        with transaction.atomic() if is_whole else nullcontext():
            response = run()
            if response.status_code >= _REFUSED:
                if is_whole:
                    transaction.set_rollback(True)
            else:
                actions.keep_answer(claim, status=response.status_code, body=response.text)
                is_kept = True
    except actions.StillAtWork as error:
        raise InProgress from error
    finally:
        if not is_kept:
            actions.give_back(claim)
    return response


def _call(request: ApiRequest, name: str) -> actions.Call:
    return actions.Call(
        key_id=request.auth.id,
        route=f"{request.method} {request.path}"[:300],
        name=name,
        digest=fingerprint(request.body, request.META.get("QUERY_STRING", "").encode()),
    )


def _with_headers(request: ApiRequest, response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    if allowance := getattr(request, "allowance", None):
        response.headers["RateLimit-Limit"] = str(allowance.limit)
        response.headers["RateLimit-Remaining"] = str(allowance.remaining)
        response.headers["RateLimit-Reset"] = str(allowance.resets_in)
    if request.next_cursor is not None:
        query = request.GET.copy()
        query["cursor"] = request.next_cursor
        address = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response
