"""The door for writing accounts, their people, notes, and how they are sorted."""

from banso.accounts.actions.refusals import (
    AccountsRefusal,
    FieldRefused,
    InUse,
    NameMissing,
    NameTaken,
    NoteEmpty,
    NoteTooLong,
    NotFound,
    NotYours,
    RowsRefused,
    sentence,
)
from banso.accounts.actions.saving import SavedRow, SaveResult, save_accounts
from banso.accounts.actions.saving_people import save_people
from banso.accounts.actions.sorting import create_segment, create_stage, remove, rename, reorder
from banso.accounts.rules import UNSET, AccountInput, Fault, Given, PersonInput, Unset, is_set

__all__ = [
    "UNSET",
    "AccountInput",
    "AccountsRefusal",
    "Fault",
    "FieldRefused",
    "Given",
    "InUse",
    "NameMissing",
    "NameTaken",
    "NotFound",
    "NotYours",
    "NoteEmpty",
    "NoteTooLong",
    "PersonInput",
    "RowsRefused",
    "SaveResult",
    "SavedRow",
    "Unset",
    "create_segment",
    "create_stage",
    "is_set",
    "remove",
    "rename",
    "reorder",
    "save_accounts",
    "save_people",
    "sentence",
]
