"""Decisions about accounts and their people: what a row may say, what it changes, where it may stand in the tree."""

from banso.accounts.rules.checking import Checked, FieldSpec, Known, check_account, check_person, field_value
from banso.accounts.rules.inputs import UNSET, AccountInput, Fault, Given, PersonInput, Unset, is_set
from banso.accounts.rules.trees import DEEPEST, tree_faults

__all__ = [
    "DEEPEST",
    "UNSET",
    "AccountInput",
    "Checked",
    "Fault",
    "FieldSpec",
    "Given",
    "Known",
    "PersonInput",
    "Unset",
    "check_account",
    "check_person",
    "field_value",
    "is_set",
    "tree_faults",
]
