"""The door for speaking JSON: what an area's rest.py is made of. docs/api.md shows one."""

from ninja import Query, Router, Schema, Status

from banso.api.access.batches import (
    BATCH_RESPONSES,
    Batch,
    BatchResult,
    ItemResult,
    Outcome,
    Record,
    save_batch,
)
from banso.api.access.guard import requires
from banso.api.access.paging import Page, Paging, paged
from banso.api.access.problems import Conflict, FieldError, Invalid, NotThere, Problem
from banso.api.access.requests import ApiRequest

__all__ = [
    "BATCH_RESPONSES",
    "ApiRequest",
    "Batch",
    "BatchResult",
    "Conflict",
    "FieldError",
    "Invalid",
    "ItemResult",
    "NotThere",
    "Outcome",
    "Page",
    "Paging",
    "Problem",
    "Query",
    "Record",
    "Router",
    "Schema",
    "Status",
    "paged",
    "requires",
    "save_batch",
]
