"""Many records in one call: each is judged by itself, and the answer says of each how it went."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from django.utils.translation import gettext as _
from ninja import Schema, Status
from pydantic import Field, ValidationError, WrapValidator
from pydantic_core import core_schema

from banso.api.access.problems import FieldError, ProblemOut, field_error
from banso.api.rules import MOST_ITEMS, batch_status, repeats

type How = Literal["added", "changed", "same", "refused"]

_STATUS: Final[dict[How, int]] = {
    "added": HTTPStatus.CREATED,
    "changed": HTTPStatus.OK,
    "same": HTTPStatus.OK,
    "refused": HTTPStatus.UNPROCESSABLE_ENTITY,
}


class Record(Schema):
    """A record of a batch, which its sender names; areas add their fields in a subclass."""

    external_id: Annotated[str, Field(min_length=1, max_length=200, description="Your own id of this record.")]


@dataclass(frozen=True)
class Unreadable:
    """An item of a batch that does not even have the right shape."""

    external_id: str | None
    errors: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Outcome:
    """How saving one record went; a refused one says why, by field ("" for the whole record)."""

    how: How
    errors: tuple[tuple[str, str, str], ...] = field(default=())  # (field, code, message)


def _go_on(value: Any, check: core_schema.ValidatorFunctionWrapHandler) -> Any:
    # One bad record must not cost the good ones.
    if not isinstance(value, dict):
        return Unreadable(None, ({"loc": (), "type": "dict_type"},))
    try:
        return check(value)
    except ValidationError as error:
        given = value.get("external_id")
        found = error.errors(include_url=False, include_input=False)
        return Unreadable(given if isinstance(given, str) else None, tuple(dict(one) for one in found))


class Batch[T: Record](Schema):
    """The body of a call that saves many records."""

    items: Annotated[list[Annotated[T, WrapValidator(_go_on)]], Field(min_length=1, max_length=MOST_ITEMS)]


class ItemResult(Schema):
    index: int
    external_id: str | None
    status: int
    outcome: How
    errors: list[FieldError]


class BatchResult(Schema):
    """How it went: in total, and for each item in the order sent."""

    added: int
    changed: int
    same: int
    refused: int
    items: list[ItemResult]


# What such an operation declares: `@router.post("/accounts/batch", response=BATCH_RESPONSES)`.
BATCH_RESPONSES: Final[dict[int, type[Schema]]] = {200: BatchResult, 207: BatchResult, 422: ProblemOut}


def save_batch[T: Record](batch: Batch[T], *, save: Callable[[Sequence[T]], Sequence[Outcome]]) -> Status[BatchResult]:
    """Save the records of a batch that can be read, and answer for each; 200 if all went well, else 207.

    `save` gets the readable records, each external id once, and returns an outcome for each in the same order.
    An id that comes a second time is refused, with the place of the first.
    """
    ids = [item.external_id for item in batch.items]
    twice = repeats(ids)
    results: dict[int, ItemResult] = {}
    good: list[int] = []
    items: Sequence[T | Unreadable] = batch.items
    for index, item in enumerate(items):
        if isinstance(item, Unreadable):
            errors = [field_error(error, below=("items", index)) for error in item.errors]
            results[index] = _result(index, item.external_id, "refused", errors)
        elif index in twice:
            results[index] = _result(index, item.external_id, "refused", [_twice(index, twice[index])])
        else:
            good.append(index)
    outcomes = save([batch.items[index] for index in good]) if good else []
    for index, outcome in zip(good, outcomes, strict=True):
        errors = [_error(index, *error) for error in outcome.errors]
        results[index] = _result(index, ids[index], outcome.how, errors)
    return _summary([results[index] for index in range(len(ids))])


def _summary(items: list[ItemResult]) -> Status[BatchResult]:
    counts = {how: sum(item.outcome == how for item in items) for how in _STATUS}
    return Status(batch_status([item.status for item in items]), BatchResult(**counts, items=items))


def _result(index: int, external_id: str | None, how: How, errors: list[FieldError]) -> ItemResult:
    return ItemResult(index=index, external_id=external_id, status=_STATUS[how], outcome=how, errors=errors)


def _error(index: int, name: str, code: str, message: str) -> FieldError:
    pointer = f"/items/{index}/{name}" if name else f"/items/{index}"
    return FieldError(pointer=pointer, code=code, message=message)


def _twice(index: int, first: int) -> FieldError:
    message = _("This external_id stands in the batch before, at index %(first)s. Send it once.") % {"first": first}
    return _error(index, "external_id", "duplicate", message)
