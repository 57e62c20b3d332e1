"""What is decided about health without looking anything up."""

from banso.health.rules.changes import Change, Line, changes_of, lines_of
from banso.health.rules.checking import Fault, WrongDefinition, checked, faults_of, faults_of_count
from banso.health.rules.definition import Count, Cuts, Definition, Group, Measure, Override, Words
from banso.health.rules.plain import from_plain, to_plain
from banso.health.rules.reasons import Reason, disagrees, reason_for
from banso.health.rules.scoring import Move, Part, Rows, Scored, change_of, moves_of, parts_of, scored
from banso.health.rules.starting import TEMPLATES, Available, Template, fitted, suggest_template
from banso.health.rules.writing import Written, count_from, plain_of, read, written
from banso.science.scorecard import Missing

__all__ = [
    "TEMPLATES",
    "Available",
    "Change",
    "Count",
    "Cuts",
    "Definition",
    "Fault",
    "Group",
    "Line",
    "Measure",
    "Missing",
    "Move",
    "Override",
    "Part",
    "Reason",
    "Rows",
    "Scored",
    "Template",
    "Words",
    "Written",
    "WrongDefinition",
    "change_of",
    "changes_of",
    "checked",
    "count_from",
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
