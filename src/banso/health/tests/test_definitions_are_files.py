"""Definitions go out as YAML and come back the same; what is wrong is named with its line and a remedy."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.health.rules import TEMPLATES, Count, Line, Words, WrongDefinition, changes_of, lines_of, read, written
from banso.health.rules.definition import AGAINST, COMPARED, COUNTED_FOR, FACTS, USAGE_KINDS
from banso.health.rules.lines import LETTERS_AT_MOST

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20).filter(
    str.strip
)
keys = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
counts = st.builds(
    Count,
    key=keys,
    label=st.builds(Words, ja=texts, en=texts),
    kind=st.sampled_from(sorted(set(USAGE_KINDS) - {"adoption", "people_share"})),
    window_days=st.integers(1, 3660),
    of=st.sampled_from(COMPARED),
    against=st.sampled_from(AGAINST),
    events=st.lists(texts, max_size=3).map(tuple),
    per=st.sampled_from(["", *FACTS]),
    level=st.sampled_from(COUNTED_FOR),
)
ACTIVE = Count(key="active", label=Words("利用者数", "Active people"), kind="active_people")
TEXT = """\
measures:
  active:
    label: {ja: 利用者数, en: Active people}
    kind: active_people
    window_days: 28
"""


@given(st.lists(counts, max_size=4, unique_by=lambda one: one.key), st.sampled_from([None, *TEMPLATES]))
def test_what_is_written_is_read_as_the_same(measures: list[Count], template: str | None) -> None:
    card = TEMPLATES[template].definition if template else None
    said = read(written(measures, card))
    assert list(said.measures) == sorted(measures, key=lambda one: one.key)
    assert said.scorecard == card
    assert changes_of({one.key: one for one in measures}, card, said, prune=True) == []


@pytest.mark.parametrize(
    ("text", "line", "remedy"),
    [
        (TEXT.replace("window_days", "window_day"), 5, "There is no field window_day. Did you mean window_days?"),
        (TEXT.replace("window_days", "zzz"), 5, "There is no field zzz. Choose one of: label, kind,"),
        (TEXT.replace("28", "0"), 5, "The window is 0 days. Write a number from 1 to 3660."),
        (TEXT.replace("28", "four"), 5, "Write a whole number in window_days, such as 28."),
        (TEXT.replace("28", "2.5"), 5, "Write a whole number in window_days"),
        (TEXT.replace("active_people", "people"), 4, "people cannot be measured. Choose one of: events, active_people"),
        (TEXT.replace("    kind: active_people\n", ""), 2, "kind is missing. Add it."),
        (TEXT.replace(", en: Active people", ""), 3, "one for each language"),
        (TEXT.replace("active_people", "adoption"), 2, "none is chosen. List at least one."),
        (TEXT.replace("  active:", "  Active:"), 2, "Active cannot be a key. Write small letters"),
        (TEXT + "    events: [1]\n", 6, "Write a list of texts in events"),
        (TEXT + "    level: team\n", 6, "Nothing is counted for team. Choose one of: account, tree."),
        (TEXT + "    per: floor\n", 6, "A count cannot be divided by floor."),
        (TEXT + "    against: never\n", 6, "A change against never cannot be measured."),
        (TEXT + "  active:\n    label: x\n", 6, "active stands here twice, first on line 2. Remove one of them."),
        (TEXT.replace("    kind: a", "   kind: a"), 4, "This is no YAML"),
        (TEXT.replace("active:", "active: &a"), 2, "Anchors (&) and aliases (*) are not read."),
        ("measures: 3", 1, "Write names with their values in measures"),
        ("measure: {}", 1, "Did you mean measures?"),
        ("measures: {a: 3}", 1, "Write names with their values in measures.a"),
        ("- a", 1, "Write names with their values in file"),
        ("", 1, "Write names with their values in file"),
        ("a: \x07", 1, "Save the file as UTF-8 text."),
        ("[" * 30, 1, "nested too deeply"),
        ("#" * (LETTERS_AT_MOST + 1), 1, "longer than a million letters"),
        ("a: 2026-99-99", 1, "This is no YAML"),
    ],
)
def test_a_fault_names_its_line_and_the_remedy(text: str, line: int, remedy: str) -> None:
    with pytest.raises(WrongDefinition) as caught:
        read(text)
    assert any(fault.line == line and remedy in str(fault) for fault in caught.value.faults), [
        (fault.line, str(fault)) for fault in caught.value.faults
    ]


@pytest.mark.parametrize(
    ("old", "new", "place", "remedy"),
    [
        ("group: rhythm", "group: rythm", "scorecard.measures.active_days", "There is no group rythm."),
        ("weight: 25", "weight: heavy", "scorecard.measures.0", "Write a number in weight"),
        ("- [4, 40]", "- [4]", "scorecard.measures.0", "Write pairs of numbers in points"),
        ("- [4, 40]", "- [4, 400]", "scorecard.measures.active_days.points", "The curve is crooked."),
        ("levels: [30, 50, 70]", "levels: [30, 20, 70]", "scorecard.levels", "must rise between 0 and 100"),
        ("good_from: 70", "good_form: 70", "scorecard.cuts", "Did you mean good_from?"),
        ("good_from: 70", "good_from: 10", "scorecard.cuts", "normal the lower"),
        ("missing: scale_up", "missing: maybe", "scorecard.definition", "cannot be read"),
        (
            "missing: scale_up",
            "overrides:\n  - {weights: {recency: 1}}",
            "scorecard.overrides.1",
            "name no segment and no stage",
        ),
    ],
)
def test_a_scorecard_is_checked_to_the_line_too(old: str, new: str, place: str, remedy: str) -> None:
    text = written((), TEMPLATES["usage_led"].definition)
    assert old in text
    wrong = text.replace(old, new, 1)
    with pytest.raises(WrongDefinition) as caught:
        read(wrong)
    [fault] = caught.value.faults
    assert (fault.place, remedy in str(fault)) == (place, True), str(fault)
    if fault.place != "scorecard.definition":
        around = wrong.splitlines()[max(fault.line - 2, 0) : fault.line + 3]
        assert any(new.splitlines()[0] in one or "points:" in one for one in around), around


def test_one_name_serves_both_languages() -> None:
    said = read(TEXT.replace("{ja: 利用者数, en: Active people}", "Active people"))
    assert said.measures[0].label == Words("Active people", "Active people")


def test_changes_are_shown_line_by_line() -> None:
    longer = replace(ACTIVE, window_days=56)
    assert list(lines_of(ACTIVE, longer)) == [
        Line(" ", "label: {ja: 利用者数, en: Active people}"),
        Line(" ", "kind: active_people"),
        Line("-", "window_days: 28"),
        Line("+", "window_days: 56"),
    ]
    before = {"active": longer, "gone": replace(ACTIVE, key="gone")}
    found = changes_of(before, None, read(TEXT + "  fresh: {label: x, kind: events}\n"))
    assert [(one.key, one.sort) for one in found] == [("active", "changed"), ("fresh", "added")]
    assert [one.key for one in changes_of(before, None, read(TEXT), prune=True) if one.sort == "retired"] == ["gone"]


def test_counts_of_another_name_are_the_same_count() -> None:
    assert ACTIVE.expression == replace(ACTIVE, key="b", label=Words("x", "x"), against="year_ago").expression
    assert ACTIVE.expression != replace(ACTIVE, window_days=7).expression
    streak = replace(ACTIVE, kind="streak_weeks")
    assert streak.expression == replace(streak, window_days=7).expression
