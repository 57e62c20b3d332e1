"""What is said when a call cannot be answered: RFC 9457 problems, in the reader's language, with what to do."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.errors import HttpError, ValidationError

log = logging.getLogger(__name__)


class FieldError(Schema):
    """What is wrong with one value; `pointer` is a JSON pointer into the body, or the name of a parameter."""

    pointer: str
    code: str
    message: str


class ProblemOut(Schema):
    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldError] | None = None


class Problem(Exception):
    """A call that is refused; areas raise it (or a subclass) from their rest.py with a sentence for the reader."""

    status = 400
    code = "bad-request"

    def __init__(
        self,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.detail = detail or self.sentence()
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        super().__init__(self.detail)

    def sentence(self) -> str:
        """Say what is wrong and what to do."""
        return _("The request cannot be understood. Check that its body is JSON as the documentation describes.")


class NoKey(Problem):
    status = 401
    code = "no-key"

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer realm="Banso"'})

    def sentence(self) -> str:
        return _("A valid API key is needed. Send it as “Authorization: Bearer <key>”.")


class NotAllowed(Problem):
    status = 403
    code = "not-allowed"

    def __init__(self, permission: str) -> None:
        super().__init__(
            _("This API key may not do this: its scope does not include “%(permission)s”.") % {"permission": permission}
        )


class NotThere(Problem):
    status = 404
    code = "not-found"

    def sentence(self) -> str:
        return _("There is nothing at this address. Check the address and the ids in it.")


class WrongMethod(Problem):
    status = 405
    code = "wrong-method"

    def sentence(self) -> str:
        return _("This address does not take this method. The Allow header lists those it takes.")


class Conflict(Problem):
    """Something that stands in the way of a write; areas say what in their own sentence."""

    status = 409
    code = "conflict"

    def sentence(self) -> str:
        return _("This conflicts with what is stored. Read it again and repeat the change.")


class InProgress(Conflict):
    code = "in-progress"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "2"})

    def sentence(self) -> str:
        return _("A request with this Idempotency-Key is still at work. Send it again a little later.")


class TooLarge(Problem):
    status = 413
    code = "too-large"

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("The body is larger than %(limit)s bytes. Send it in several requests.") % {"limit": f"{limit:,}"}
        )


class Invalid(Problem):
    """Values that cannot be taken, each named in `errors`."""

    status = 422
    code = "invalid"

    def sentence(self) -> str:
        return _("Some values cannot be used. See “errors” for each of them.")


class KeyReused(Problem):
    status = 422
    code = "idempotency-key-reused"

    def sentence(self) -> str:
        return _("This Idempotency-Key was used for a different request. Use a new one.")


class TooMany(Problem):
    status = 429
    code = "too-many-requests"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            _("Too many requests in this minute. Go on in %(seconds)s seconds.") % {"seconds": seconds},
            headers={"Retry-After": str(seconds)},
        )


class Broken(Problem):
    status = 500
    code = "broken"

    def sentence(self) -> str:
        return _("Something went wrong on our side, and nothing was changed. Try again later.")


def titles() -> dict[str, str]:
    """Return the short name of every problem by its code, in the reader's language."""
    return {
        "bad-request": _("Request not understood"),
        "no-key": _("No valid API key"),
        "not-allowed": _("Not allowed"),
        "not-found": _("Not found"),
        "wrong-method": _("Method not allowed"),
        "conflict": _("Conflict"),
        "in-progress": _("Request still at work"),
        "too-large": _("Request too large"),
        "invalid": _("Values not usable"),
        "idempotency-key-reused": _("Idempotency-Key already used"),
        "too-many-requests": _("Too many requests"),
        "broken": _("Server error"),
    }


def answer(problem: Problem) -> HttpResponse:
    """Return a problem as application/problem+json."""
    body: dict[str, Any] = {
        "type": f"/api/v1/docs#{problem.code}",
        "title": titles()[problem.code],
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = [error.model_dump() for error in problem.errors]
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=problem.status, content_type="application/problem+json", headers=problem.headers)


def from_exception(_request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Answer whatever was raised below an operation; what nobody foresaw is logged and says nothing of the inside."""
    match error:
        case Problem():
            return answer(error)
        case Http404():
            return answer(NotThere())
        case ValidationError():
            return answer(Invalid(errors=[field_error(one) for one in error.errors]))
        case HttpError(status_code=400):
            return answer(Problem())
    log.error("An API call failed", exc_info=error if isinstance(error, Exception) else None)
    return answer(Broken())


def field_error(error: Mapping[str, Any], *, below: Sequence[object] = ()) -> FieldError:
    """Return one of pydantic's errors in the reader's language; `below` is the path to the value that it looked at."""
    source, *path = error["loc"] if not below else ("body", *error["loc"])
    if source == "body":
        # ninja names the argument that takes the body, which the sender cannot know.
        path = list(below) + path if below else path[1:]
        pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
    else:
        pointer = ".".join(map(str, path))
    return FieldError(pointer=pointer, code=error["type"], message=_message(error["type"], error.get("ctx", {})))


def _message(code: str, context: Mapping[str, Any]) -> str:
    family = code.partition("_")[0]
    sentences = {
        "missing": _("This value is required."),
        "extra": _("This name is not known. Check its spelling."),
        "string": _("Text is needed here."),
        "int": _("A whole number is needed here."),
        "float": _("A number is needed here."),
        "decimal": _("A number is needed here."),
        "finite": _("A number is needed here."),
        "bool": _("true or false is needed here."),
        "date": _("A date such as 2026-11-24 is needed here."),
        "datetime": _("A time such as 2026-11-24T09:00:00+09:00 is needed here."),
        "list": _("A list is needed here."),
        "dict": _("An object is needed here."),
        "model": _("An object is needed here."),
        "timezone": _("A time such as 2026-11-24T09:00:00+09:00 is needed here."),
    }
    exact = {
        "string_too_long": _("At most %(max_length)s characters fit here."),
        "string_too_short": _("At least %(min_length)s characters are needed here."),
        "too_long": _("At most %(max_length)s items fit here."),
        "too_short": _("At least %(min_length)s items are needed here."),
        "greater_than": _("The value must be greater than %(gt)s."),
        "greater_than_equal": _("The value must be %(ge)s or more."),
        "less_than": _("The value must be less than %(lt)s."),
        "less_than_equal": _("The value must be %(le)s or less."),
        "literal_error": _("The value must be one of: %(expected)s."),
        "enum": _("The value must be one of: %(expected)s."),
    }
    if code in exact:
        return exact[code] % context
    return sentences.get(family, _("This value cannot be used."))
