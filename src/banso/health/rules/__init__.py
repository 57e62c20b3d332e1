"""What is decided about health without looking anything up."""

from banso.health.rules.adjusting import Adjusted, Places, adjusted, days_of
from banso.health.rules.changes import Change, Line, changes_of, lines_of
from banso.health.rules.checking import Fault, WrongDefinition, checked, faults_of, faults_of_count
from banso.health.rules.definition import Count, Cuts, Definition, ExceptionRule, Group, Measure, Override, Scale, Words
from banso.health.rules.plain import from_plain, to_plain
from banso.health.rules.reasons import Reason, disagrees, reason_for
from banso.health.rules.scoring import (
    STEPS,
    Adjustment,
    Move,
    Part,
    Rows,
    Scored,
    Side,
    adjustments_of,
    alone,
    change_of,
    moves_of,
    parts_of,
    scored,
)
from banso.health.rules.starting import TEMPLATES, Available, Template, fitted, suggest_template
from banso.health.rules.writing import Written, count_from, plain_of, read, written
from banso.science.scorecard import Missing

__all__ = [
    "STEPS",
    "TEMPLATES",
    "Adjusted",
    "Adjustment",
    "Available",
    "Change",
    "Count",
    "Cuts",
    "Definition",
    "ExceptionRule",
    "Fault",
    "Group",
    "Line",
    "Measure",
    "Missing",
    "Move",
    "Override",
    "Part",
    "Places",
    "Reason",
    "Rows",
    "Scale",
    "Scored",
    "Side",
    "Template",
    "Words",
    "Written",
    "WrongDefinition",
    "adjusted",
    "adjustments_of",
    "alone",
    "change_of",
    "changes_of",
    "checked",
    "count_from",
    "days_of",
    "disagrees",
    "faults_of",
    "faults_of_count",
    "fitted",
    "from_plain",
    "lines_of",
    "moves_of",
    "parts_of",
    "plain_of",
    "read",
    "reason_for",
    "scored",
    "suggest_template",
    "to_plain",
    "written",
]
