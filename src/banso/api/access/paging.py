"""Lists, page by page: each page ends with a cursor to the next, and rows added meanwhile shift nothing."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from banso.api.access.problems import FieldError, Invalid
from banso.api.access.requests import ApiRequest
from banso.api.rules import MOST_ON_A_PAGE, BadCursor, Column, columns_of, read_cursor, write_cursor


class Paging(Schema):
    """What a list takes: how many rows at once, and after which."""

    limit: Annotated[int, Field(ge=1, le=MOST_ON_A_PAGE, description="Rows on a page.")] = 50
    cursor: Annotated[
        str | None, Field(max_length=2000, description="`next_cursor` of the page before; leave out for the first.")
    ] = None


class Page[T](Schema):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None


def paged[M: Model, T](
    request: ApiRequest,
    rows: QuerySet[M],
    paging: Paging,
    *,
    by: Sequence[str],
    read: Callable[[list[M]], Sequence[T]],
) -> Page[T]:
    """Return the page that was asked for, and tell its successor in the Link header.

    `by` is the order (`-` for descending, never null; `pk` is added); `read` turns the models of a page into what is
    shown, all at once, so that it needs no query for each. Raises Invalid for a cursor that is not of this list.
    """
    columns = columns_of(by)
    name = f"{request.path} {columns}"
    if paging.cursor is not None:
        rows = rows.filter(_after(columns, _values(paging.cursor, name)))
    ordered = rows.order_by(*(f"-{one.name}" if one.is_descending else one.name for one in columns))
    found = list(ordered[: paging.limit + 1])
    shown = found[: paging.limit]
    cursor = None
    if len(found) > paging.limit:
        last: list[Any] = [getattr(shown[-1], column.name) for column in columns]
        cursor = write_cursor(last, of=name, secret=settings.SECRET_KEY.encode())
    request.next_cursor = cursor
    return Page[T](items=list(read(shown)), next_cursor=cursor)


def _values(cursor: str, name: str) -> list[Any]:
    try:
        return read_cursor(cursor, of=name, secret=settings.SECRET_KEY.encode())
    except BadCursor as error:
        message = _("This cursor does not belong to this list. Start again without one.")
        raise Invalid(errors=[FieldError(pointer="cursor", code="cursor", message=message)]) from error


def _after(columns: Sequence[Column], values: Sequence[Any]) -> Q:
    """Return the rows after a place: further in the first column, or equal there and further in the next."""
    condition = Q()
    same = Q()
    for column, value in zip(columns, values, strict=True):
        further = "lt" if column.is_descending else "gt"
        condition |= same & Q(**{f"{column.name}__{further}": value})
        same &= Q(**{column.name: value})
    return condition
