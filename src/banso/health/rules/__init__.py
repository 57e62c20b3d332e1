"""What is decided about health without looking anything up."""

from banso.health.rules.checking import Fault, WrongDefinition, checked, faults_of
from banso.health.rules.definition import Count, Cuts, Definition, Group, Measure, Override, Words
from banso.health.rules.plain import from_plain, to_plain
from banso.health.rules.reasons import Reason, disagrees, reason_for
from banso.health.rules.scoring import Move, Part, Rows, Scored, change_of, moves_of, parts_of, scored
from banso.health.rules.starting import TEMPLATES, Available, Template, fitted, suggest_template
from banso.science.scorecard import Missing

__all__ = [
    "TEMPLATES",
    "Available",
    "Count",
    "Cuts",
    "Definition",
    "Fault",
    "Group",
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
    "WrongDefinition",
    "change_of",
    "checked",
    "disagrees",
    "faults_of",
    "fitted",
    "from_plain",
    "moves_of",
    "parts_of",
    "reason_for",
    "scored",
    "suggest_template",
    "to_plain",
]
