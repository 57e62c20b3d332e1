"""The door for writing health: measures are defined, scorecards are published, scores computed, pulses recorded."""

from banso.health.actions.crossing import (
    UnknownMatrix,
    keep_matrix,
    remove_matrix,
    restore_matrix,
    say_of_cell,
)
from banso.health.actions.defining import (
    Applied,
    UnknownMeasure,
    apply_definitions,
    define,
    define_usual,
    retire,
    roll_back,
)
from banso.health.actions.publishing import (
    UnknownTemplate,
    UnknownVersion,
    from_template,
    publish,
    publish_again,
    start,
)
from banso.health.actions.pulsing import NotTheirs, UnknownPulse, WrongRating, record_pulse, withdraw_pulse
from banso.health.actions.recomputing import Recomputed, recompute
from banso.health.actions.warning import (
    Done,
    NoReason,
    UnknownAlert,
    WrongDay,
    WrongRate,
    ask_for,
    reopen,
    resolve,
    snooze,
    wake,
    watch,
)
from banso.health.rules import Count, Words, WrongDefinition
from banso.health.rules.matrices import Asked, Axis

__all__ = [
    "Applied",
    "Asked",
    "Axis",
    "Count",
    "Done",
    "NoReason",
    "NotTheirs",
    "Recomputed",
    "UnknownAlert",
    "UnknownMatrix",
    "UnknownMeasure",
    "UnknownPulse",
    "UnknownTemplate",
    "UnknownVersion",
    "Words",
    "WrongDay",
    "WrongDefinition",
    "WrongRate",
    "WrongRating",
    "apply_definitions",
    "ask_for",
    "define",
    "define_usual",
    "from_template",
    "keep_matrix",
    "publish",
    "publish_again",
    "recompute",
    "record_pulse",
    "remove_matrix",
    "reopen",
    "resolve",
    "restore_matrix",
    "retire",
    "roll_back",
    "say_of_cell",
    "snooze",
    "start",
    "wake",
    "watch",
    "withdraw_pulse",
]
