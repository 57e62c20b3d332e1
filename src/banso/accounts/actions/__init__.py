"""The door for writing accounts, their people, notes, and how they are sorted."""

from banso.accounts.actions.fields import change_field, define_field, remove_field
from banso.accounts.actions.holding import hold
from banso.accounts.actions.moving import Column, Moved, assign_owner, move, move_to_segment, move_to_stage, put_back
from banso.accounts.actions.notes import bring_note_back, change_note, remove_note, write_note
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
    StillKnown,
    sentence,
)
from banso.accounts.actions.saving import SavedRow, SaveResult, save_accounts
from banso.accounts.actions.saving_people import save_people
from banso.accounts.actions.single import (
    account_left,
    add_account,
    add_person,
    link_external_id,
    person_left,
    save_account,
    save_person,
)
from banso.accounts.actions.sorting import Kind, create, create_segment, create_stage, remove, rename, reorder
from banso.accounts.actions.undoing import sealed, unsealed
from banso.accounts.actions.views import delete_view, save_view
from banso.accounts.actions.withdrawing import withdraw_account
from banso.accounts.rules import UNSET, AccountInput, Fault, Given, PersonInput, is_set

__all__ = [
    "UNSET",
    "AccountInput",
    "AccountsRefusal",
    "Column",
    "Fault",
    "FieldRefused",
    "Given",
    "InUse",
    "Kind",
    "Moved",
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
    "StillKnown",
    "account_left",
    "add_account",
    "add_person",
    "assign_owner",
    "bring_note_back",
    "change_field",
    "change_note",
    "create",
    "create_segment",
    "create_stage",
    "define_field",
    "delete_view",
    "hold",
    "is_set",
    "link_external_id",
    "move",
    "move_to_segment",
    "move_to_stage",
    "person_left",
    "put_back",
    "remove",
    "remove_field",
    "remove_note",
    "rename",
    "reorder",
    "save_account",
    "save_accounts",
    "save_people",
    "save_person",
    "save_view",
    "sealed",
    "sentence",
    "unsealed",
    "withdraw_account",
    "write_note",
]
