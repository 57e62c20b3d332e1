"""Measures, scorecards, where each account stands today, and what its CSM thinks."""

from banso.health.models.alerts import Alert, Closing, Outlook, Snooze, Watching
from banso.health.models.definitions import MeasureVersion, Scorecard
from banso.health.models.drafts import Draft, DraftRevision
from banso.health.models.markers import Marking
from banso.health.models.matrices import Matrix, MatrixCell
from banso.health.models.overrides import ManualOverride
from banso.health.models.pulses import Pulse
from banso.health.models.risks import Loss, Risk, RiskModel
from banso.health.models.standings import Condition, Standing

__all__ = [
    "Alert",
    "Closing",
    "Condition",
    "Draft",
    "DraftRevision",
    "Loss",
    "ManualOverride",
    "Marking",
    "Matrix",
    "MatrixCell",
    "MeasureVersion",
    "Outlook",
    "Pulse",
    "Risk",
    "RiskModel",
    "Scorecard",
    "Snooze",
    "Standing",
    "Watching",
]
