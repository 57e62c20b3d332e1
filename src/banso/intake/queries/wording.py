"""What codes say in the reader's language: what happened, why, and what to do about it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.accounts import actions as accounts
from banso.contracts import actions as contracts
from banso.intake.queries.reasons import REASONS
from banso.intake.rules.findings import Finding
from banso.intake.rules.mapping import WrongMap
from banso.intake.rules.refusals import Refusal
from banso.intake.rules.targets import FIELD, KINDS, PROPERTY, target_of

type Facts = Mapping[str, Any]

LABELS: Final = {
    "external_id": gettext_lazy("ID"),
    "name": gettext_lazy("Name"),
    "reading": gettext_lazy("Reading (kana)"),
    "parent": gettext_lazy("ID of the parent account"),
    "kind": gettext_lazy("Company or department"),
    "segment": gettext_lazy("Segment"),
    "stage": gettext_lazy("Stage"),
    "owner": gettext_lazy("E-mail of the owner"),
    "customer_since_on": gettext_lazy("Customer since"),
    "left_on": gettext_lazy("Left on"),
    "account": gettext_lazy("Account ID"),
    "account_name": gettext_lazy("Account, found by its name"),
    "contract": gettext_lazy("Account, found by the ID of its contract"),
    "email": gettext_lazy("E-mail"),
    "title": gettext_lazy("Job title"),
    "department": gettext_lazy("Department"),
    "role": gettext_lazy("Role"),
    "currency": gettext_lazy("Currency"),
    "is_trial": gettext_lazy("Trial"),
    "starts_on": gettext_lazy("Starts on"),
    "ends_on": gettext_lazy("Ends on (first day without it)"),
    "last_on": gettext_lazy("Last day"),
    "renews_on": gettext_lazy("Renews on"),
    "is_auto_renewing": gettext_lazy("Renews by itself"),
    "notice_count": gettext_lazy("Notice period"),
    "notice_unit": gettext_lazy("Unit of the notice period"),
    "cancelled_on": gettext_lazy("Notice given on"),
    "amount": gettext_lazy("Amount of one term"),
    "term_months": gettext_lazy("Months of one term"),
    "seats": gettext_lazy("Seats"),
    "line": gettext_lazy("ID of the line"),
    "line_name": gettext_lazy("Plan or item"),
    "line_kind": gettext_lazy("Kind of line"),
    "limit": gettext_lazy("Included quantity"),
    "unit": gettext_lazy("Unit"),
    "meter": gettext_lazy("Metered event"),
    "counting": gettext_lazy("How it is counted"),
    "period": gettext_lazy("Adds up within"),
    "at": gettext_lazy("Date and time"),
    "person": gettext_lazy("Person ID"),
    "value": gettext_lazy("Value"),
    "message_id": gettext_lazy("Event ID"),
    "series": gettext_lazy("Name of the series"),
    "on": gettext_lazy("Day"),
}
EVENT_NAME: Final = gettext_lazy("Event or feature")
PHASES: Final = {
    "checking": gettext_lazy("Checking the rows"),
    "saving": gettext_lazy("Saving"),
}
NEXT: Final = {
    "accounts": gettext_lazy("Next come contracts, then people and usage: they refer to these accounts."),
    "contracts": gettext_lazy("Next come people, then usage."),
    "people": gettext_lazy("Next comes usage. From it the scores are computed."),
    "series": gettext_lazy("Measures of these series can be added now: newest value, mean, sum or change."),
    "usage": gettext_lazy("The scores are being computed. They show on the page Today within minutes."),
}
SEVERITIES: Final = {
    "high": gettext_lazy("High"),
    "medium": gettext_lazy("Medium"),
    "low": gettext_lazy("Low"),
}
DONE: Final = {
    "kept_first": gettext_lazy("The first row was taken, the others left out."),
    "refused": gettext_lazy("These rows were refused."),
    "not_counted": gettext_lazy("Taken; trials do not count in MRR."),
    "understood": gettext_lazy("Understood in every spelling."),
    "left_empty": gettext_lazy("Left empty, not read as 0."),
    "taken": gettext_lazy("Taken as they are."),
}
FINDINGS: Final[Mapping[str, Callable[[Facts], str]]] = {
    "same_id_other_content": lambda facts: (
        _("The same ID stands on rows that say different things (%(column)s)") % facts
    ),
    "repeated_id": lambda facts: _("The same event comes more than once (%(column)s)") % facts,
    "repeated_row": lambda _facts: _("The same row comes more than once"),
    "unknown_account": lambda _facts: _("Rows of accounts that are not known"),
    "person_without_account": lambda _facts: _("People without a known account"),
    "before_contract": lambda _facts: _("Use before the contract began"),
    "after_contract": lambda _facts: _("Use after the contract had ended"),
    "before_sign_up": lambda _facts: _("Events before the account was a customer"),
    "after_leaving": lambda _facts: _("Events after the account had left"),
    "zero_amount_trial": lambda _facts: _("Trials with an amount of 0"),
    "zero_amount_paying": lambda _facts: _("Contracts that are no trials, with an amount of 0"),
    "mixed_spellings": lambda facts: _("Yes and no are written in several ways in %(column)s: %(spellings)s") % facts,
    "other_spellings": lambda facts: (
        _("Yes and no are written %(spellings)s here, and %(there)s in %(file)s of the same source") % facts
    ),
    "blank_numbers": lambda facts: _("Cells without a number in %(column)s") % facts,
    "future_date": lambda facts: _("Dates that have not come yet in %(column)s") % facts,
    "in_the_future": lambda _facts: _("Events that have not happened yet"),
    "ends_before_start": lambda _facts: _("Contracts that end before they start"),
}


CHOICES: Final = {
    "company": gettext_lazy("Company"),
    "department": gettext_lazy("Department"),
    "champion": gettext_lazy("Champion"),
    "decider": gettext_lazy("Decision maker"),
    "administrator": gettext_lazy("Administrator"),
    "user": gettext_lazy("User"),
    "business_days": gettext_lazy("Business days"),
    "calendar_days": gettext_lazy("Calendar days"),
    "months": gettext_lazy("Months"),
    "plan": gettext_lazy("Plan"),
    "option": gettext_lazy("Option"),
    "seats": gettext_lazy("Seats"),
    "metered": gettext_lazy("Metered"),
    "one_off": gettext_lazy("One-off"),
    "sum": gettext_lazy("Total"),
    "count": gettext_lazy("Times"),
    "people": gettext_lazy("People who used it"),
    "assigned": gettext_lazy("Assigned people"),
    "last": gettext_lazy("Latest"),
    "month": gettext_lazy("Calendar month"),
    "billing_month": gettext_lazy("Billing month"),
    "term": gettext_lazy("Contract term"),
}


def label_of(kind: str, key: str, column: str = "") -> str:
    """Return what a fact is called; a custom field that is new is called as its column."""
    if key.startswith(FIELD):
        return _("Custom field: %(name)s") % {"name": column or key.removeprefix(FIELD)}
    if key.startswith(PROPERTY):
        return _("Property: %(name)s") % {"name": key.removeprefix(PROPERTY)}
    return str(EVENT_NAME if (kind, key) == ("usage", "name") else LABELS.get(key, key))


def reason(refusal: Refusal, kind: str = "") -> str:
    """Return why something was refused and what to do, in one or two sentences; column and row stand elsewhere."""
    area, dot, code = refusal.code.partition(".")
    if dot:
        return _of_area(area, code, refusal)
    facts = {"value": refusal.value, "column": refusal.column, "row": refusal.row or "", **refusal.facts}
    if "to" in facts:
        facts["to"] = label_of(kind, str(facts["to"]))
    if refusal.code == "not_a_choice":
        facts["choices"] = " / ".join(str(CHOICES[one]) for one in str(facts["choices"]).split(", "))
    if refusal.code not in REASONS:
        return str(REASONS["unexpected"]({}))
    return REASONS[refusal.code](facts)


def place(refusal: Refusal) -> str:
    """Return where in the file a refusal belongs."""
    facts = {"row": refusal.row, "column": refusal.column}
    if refusal.row and refusal.column:
        return _("Row %(row)s, column %(column)s") % facts
    if refusal.row:
        return _("Row %(row)s") % facts
    return _("Column %(column)s") % facts if refusal.column else ""


def whole(refusal: Refusal, kind: str = "") -> str:
    """Return a refusal as one line: where, why, what to do."""
    where, why = place(refusal), reason(refusal, kind)
    return _("%(where)s: %(why)s") % {"where": where, "why": why} if where else why


def map_problem(problem: WrongMap, kind: str = "") -> str:
    """Return what is wrong with a map and what to do."""
    return reason(Refusal(problem.code, facts=problem.facts), kind)


def finding(found: Finding) -> str:
    """Return what was found about the data."""
    return FINDINGS[found.code]({"column": found.column, **found.facts})


def _of_area(area: str, code: str, refusal: Refusal) -> str:
    params = {name: value for name, value in refusal.facts.items() if name != "field"}
    say = contracts.sentence if area == "contracts" else accounts.sentence
    return say(accounts.Fault(0, "", str(refusal.facts.get("field", "")), code, params))


def with_column(refusal: Refusal, kind: str = "") -> str:
    """Return why a cell was refused, with its column: `seats: “x” is not a number. …`."""
    why = reason(refusal, kind)
    return _("%(column)s: %(why)s") % {"column": refusal.column, "why": why} if refusal.column else why


def needed(kind: str) -> list[str]:
    """Return what the facts are called that a kind cannot do without; with what may stand for them."""
    return [
        " / ".join(
            label_of(kind, key) for key in (target.key, *(one for one in target.instead if target_of(kind, one)))
        )
        for target in KINDS[kind]
        if target.is_required
    ]


def report(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return the data-quality report, a line for each finding."""
    return [
        {
            "severity": one.severity,
            "severity_label": str(SEVERITIES[one.severity]),
            "text": finding(one),
            "count": one.count,
            "total": one.total,
            "share": one.share,
            "rows": ", ".join(str(row) for row in one.rows),
            "done": str(DONE[one.done]),
        }
        for one in findings
    ]


def preview(shown: Any, kind: str) -> dict[str, Any]:
    """Return a preview with its headers and reasons in the reader's language."""
    return {
        "headers": [label_of(kind, key, column) for key, column in shown.facts],
        "rows": [
            {
                "number": row.number,
                "cells": [
                    {
                        "text": _taken(kind, key, cell.text) if cell.refusal is None else cell.text,
                        "reason": reason(cell.refusal, kind) if cell.refusal else "",
                    }
                    for (key, _column), cell in zip(shown.facts, row.cells, strict=True)
                ],
                "others": [with_column(one, kind) for one in row.others],
            }
            for row in shown.rows
        ],
        "looked_at": shown.looked_at,
        "refused": shown.refused,
        "good": shown.looked_at - shown.refused,
        "refusals": [{"place": place(one), "reason": reason(one, kind)} for one in shown.refusals],
    }


def _taken(kind: str, key: str, text: str) -> str:
    target = target_of(kind, key)
    return str(CHOICES.get(text, text)) if target and target.choices else text
