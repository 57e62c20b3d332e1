"""Decisions about accounts and their people: what a row may say, what it changes, where it may stand in the tree."""

from banso.accounts.rules.checking import Checked, FieldSpec, Known, check_account, check_person, field_value
from banso.accounts.rules.filtering import PREFIX, FieldCondition, FilterFault, Way, gone_fields, read_conditions
from banso.accounts.rules.inputs import UNSET, AccountInput, Fault, Given, PersonInput, Unset, is_set
from banso.accounts.rules.trees import DEEPEST, tree_faults

__all__ = [
    "DEEPEST",
    "PREFIX",
    "UNSET",
    "AccountInput",
    "Checked",
    "Fault",
    "FieldCondition",
    "FieldSpec",
    "FilterFault",
    "Given",
    "Known",
    "PersonInput",
    "Unset",
    "Way",
    "check_account",
    "check_person",
    "field_value",
    "gone_fields",
    "is_set",
    "read_conditions",
    "tree_faults",
]
