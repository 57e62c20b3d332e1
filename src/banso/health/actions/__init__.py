"""The door for writing health: measures are defined, scorecards are published, scores computed, pulses recorded."""

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

__all__ = [
    "Applied",
    "Count",
    "Done",
    "NoReason",
    "NotTheirs",
    "Recomputed",
    "UnknownAlert",
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
    "publish",
    "publish_again",
    "recompute",
    "record_pulse",
    "reopen",
    "resolve",
    "retire",
    "roll_back",
    "snooze",
    "start",
    "wake",
    "watch",
    "withdraw_pulse",
]
