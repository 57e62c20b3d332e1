"""The door for changing contracts and rates. Every change is in the journal with its old and its new value."""

from banso.contracts.actions.ending import (
    UnknownContract,
    WrongDay,
    cancel_contract,
    end_contract,
    withdraw_cancellation,
)
from banso.contracts.actions.keeping import recompute_notices, renew_due
from banso.contracts.actions.linking import UnknownLine, link_line
from banso.contracts.actions.positions import recompute_positions
from banso.contracts.actions.rates import WrongRate, set_rate
from banso.contracts.actions.removing import remove_contract
from banso.contracts.actions.saving import (
    UNSET,
    ContractInput,
    Fault,
    LineInput,
    SavedRow,
    SaveResult,
    save_contracts,
)
from banso.contracts.actions.sentences import sentence

__all__ = [
    "UNSET",
    "ContractInput",
    "Fault",
    "LineInput",
    "SaveResult",
    "SavedRow",
    "UnknownContract",
    "UnknownLine",
    "WrongDay",
    "WrongRate",
    "cancel_contract",
    "end_contract",
    "link_line",
    "recompute_notices",
    "recompute_positions",
    "remove_contract",
    "renew_due",
    "save_contracts",
    "sentence",
    "set_rate",
    "withdraw_cancellation",
]
