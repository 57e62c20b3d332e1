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
from banso.health.rules import Count, Words, WrongDefinition

__all__ = [
    "Applied",
    "Count",
    "NotTheirs",
    "Recomputed",
    "UnknownMeasure",
    "UnknownPulse",
    "UnknownTemplate",
    "UnknownVersion",
    "Words",
    "WrongDefinition",
    "WrongRating",
    "apply_definitions",
    "define",
    "define_usual",
    "from_template",
    "publish",
    "publish_again",
    "recompute",
    "record_pulse",
    "retire",
    "roll_back",
    "start",
    "withdraw_pulse",
]
