"""The door for writing health: scorecards are published, scores computed, pulses recorded."""

from banso.health.actions.publishing import UnknownTemplate, from_template, publish, start
from banso.health.actions.pulsing import NotTheirs, UnknownPulse, WrongRating, record_pulse, withdraw_pulse
from banso.health.actions.recomputing import Recomputed, recompute
from banso.health.rules import WrongDefinition

__all__ = [
    "NotTheirs",
    "Recomputed",
    "UnknownPulse",
    "UnknownTemplate",
    "WrongDefinition",
    "WrongRating",
    "from_template",
    "publish",
    "recompute",
    "record_pulse",
    "start",
    "withdraw_pulse",
]
