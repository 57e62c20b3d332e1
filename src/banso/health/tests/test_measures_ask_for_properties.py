"""Conditions on properties in files, in the form and in words; a wrong one is named by line, with the remedy."""

import json
from dataclasses import replace

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from banso.accounts.testing import an_account
from banso.health import actions, queries
from banso.health.rules import TEMPLATES, Count, Words, WrongDefinition, count_from, plain_of
from banso.health.testing import a_scorecard
from banso.people.access import SYSTEM
from banso.people.testing import a_manager
from banso.usage import actions as usage_actions
from banso.usage import queries as usage
from banso.usage.testing import NOW, events, recorded

pytestmark = pytest.mark.django_db

PRO = Count(
    key="pro_rows",
    label=Words("行数", "Rows"),
    kind="value_sum",
    window_days=3000,
    events=("export.done",),
    where=("plan = pro", "rows >= 10"),
    value_of="rows",
)
FILE = """\
measures:
  pro_rows:
    label: {ja: 行数, en: Rows}
    kind: value_sum
    window_days: 3000
    events: [export.done]
    where: [plan = pro, rows >= 10]
    value_of: rows
"""


def _exports() -> None:
    """Acme exported 40 and 5 rows in the plan pro, and 100 in another."""
    an_account("acme", name="acme")
    for at, (plan, rows) in enumerate((("pro", 40), ("pro", 5), ("free", 100))):
        frame = events((f"2026-03-0{at + 1}T03:00:00", "acme", "taro", "export.done"))
        recorded(frame.with_columns(pl.lit(json.dumps({"plan": plan, "rows": rows})).alias("properties")))
    usage_actions.describe_events(now=NOW)


def _faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(WrongDefinition) as wrong:
        queries.plan(text)
    with translation.override("en"):
        return [(fault.line, queries.fault_text(fault)) for fault in wrong.value.faults]


def test_a_file_with_conditions_is_applied_and_counts_what_was_before() -> None:
    _exports()
    actions.apply_definitions(FILE, by=SYSTEM, now=NOW)
    assert queries.measures()[0].count == PRO
    assert count_from("pro_rows", plain_of(PRO)) == PRO
    assert "where: [plan = pro, rows >= 10]" in queries.exported()
    [row] = queries.measures()
    assert usage.needs_rolling_up()
    usage_actions.roll_up(NOW, time_zone="Asia/Tokyo")
    client = Client(headers={"accept-language": "en"})
    client.force_login(a_manager())
    shown = client.get(reverse("measures:measure", args=[row.key])).text
    assert "where: plan = pro, rows &gt;= 10; values of: rows" in shown
    assert "acme</a> 40" in shown


@pytest.mark.parametrize(
    ("was", "wrong", "line", "sentence"),
    [
        ("plan = pro", "plan is pro", 7, "“plan is pro” is not a condition. Write it such as “plan = pro”"),
        ("plan = pro", "plam = pro", 7, "with the property plam. Choose one of: plan, rows."),
        ("rows >= 10", "rows >= ten", 7, "“rows >= ten” is not a condition."),
        ("value_of: rows", "value_of: lines", 8, "with the property lines. Choose one of: plan, rows."),
        ("kind: value_sum", "kind: distinct_features", 7, "distinct_features cannot be told apart by properties."),
        ("where: [plan = pro", f"where: [{', '.join(['plan = a'] * 10)}", 7, "There are 11 conditions."),
    ],
)
def test_a_wrong_condition_is_named_by_line_with_the_remedy(was: str, wrong: str, line: int, sentence: str) -> None:
    _exports()
    faults = _faults(FILE.replace(was, wrong))
    assert any(at == line and sentence in text for at, text in faults), faults


def test_the_form_offers_properties_that_were_seen() -> None:
    _exports()
    client = Client(headers={"accept-language": "en"})
    client.force_login(a_manager())
    form = client.get(reverse("measures:add")).text
    assert "Seen so far: plan, rows." in form
    assert '<option value="rows">rows</option>' in form
    said = {
        "key": "pro_rows", "label_ja": "行数", "label_en": "Rows", "kind": "value_sum", "window_days": "3000",
        "events": ["export.done"], "where": "plan = pro\nrows >= 10\n", "value_of": "rows", "of": "events",
        "against": "before", "per": "", "level": "account", "note": "",
    }  # fmt: skip
    refused = client.post(reverse("measures:add"), {**said, "where": "plam = pro"})
    assert "Choose one of: plan, rows." in refused.text
    client.post(reverse("measures:add"), said)
    assert [one.count for one in queries.measures()] == [PRO]
    changed = client.get(reverse("measures:change", args=["pro_rows"])).text
    assert "plan = pro\nrows &gt;= 10" in changed


def test_a_scorecard_that_asks_for_properties_declares_them() -> None:
    _exports()
    assert not usage.needs_rolling_up()
    usual = TEMPLATES["usage_led"].definition
    measures = tuple(
        replace(one, where=("plan = pro",)) if one.kind == "active_days" else one for one in usual.measures
    )
    a_scorecard(replace(usual, measures=measures))
    kept = queries.current_scorecard()
    assert kept is not None
    assert kept.definition.measures == measures
    assert usage.needs_rolling_up()
