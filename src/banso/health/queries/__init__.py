"""The door for reading health: where accounts stand, why, how they came there, and what their CSMs think."""

from banso.health.queries.columns import (
    change_column,
    condition_column,
    last_used_column,
    level_column,
    pulse_column,
    score_column,
    weeks_column,
    worrying,
)
from banso.health.queries.describing import MeasureRow, Preview, described, preview
from banso.health.queries.explaining import Explanation, MoveRow, PartRow, explanation
from banso.health.queries.gathering import available, needs_computing, needs_refreshing
from banso.health.queries.keeping import WeekRow, history
from banso.health.queries.measures import (
    MeasureVersionRow,
    Plan,
    exported,
    measure_versions,
    measures,
    plan,
)
from banso.health.queries.pulses import PulseRow, latest_pulses, pulse_rows, pulse_with, pulses, pulses_of_visible
from banso.health.queries.scorecards import ScorecardRow, current_scorecard, scorecard_of_version, scorecards
from banso.health.queries.standings import Distribution, StandingRow, distribution, movers, standings, urgent
from banso.health.queries.wording import fault_text, labels_of, points_text, said, value_text

__all__ = [
    "Distribution",
    "Explanation",
    "MeasureRow",
    "MeasureVersionRow",
    "MoveRow",
    "PartRow",
    "Plan",
    "Preview",
    "PulseRow",
    "ScorecardRow",
    "StandingRow",
    "WeekRow",
    "available",
    "change_column",
    "condition_column",
    "current_scorecard",
    "described",
    "distribution",
    "explanation",
    "exported",
    "fault_text",
    "history",
    "labels_of",
    "last_used_column",
    "latest_pulses",
    "level_column",
    "measure_versions",
    "measures",
    "movers",
    "needs_computing",
    "needs_refreshing",
    "plan",
    "points_text",
    "preview",
    "pulse_column",
    "pulse_rows",
    "pulse_with",
    "pulses",
    "pulses_of_visible",
    "said",
    "score_column",
    "scorecard_of_version",
    "scorecards",
    "standings",
    "urgent",
    "value_text",
    "weeks_column",
    "worrying",
]
