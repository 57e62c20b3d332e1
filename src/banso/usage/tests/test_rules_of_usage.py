from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.usage.rules import days, measures, names
from banso.usage.rules.measures import Measure, WrongMeasure
from banso.usage.rules.names import NameRule


@given(st.dates())
def test_a_day_and_its_number_name_each_other(day: date) -> None:
    number = days.number_of(day)
    assert number >= 0
    assert days.day_of(number) == day
    assert number % 7 == day.weekday()


@given(st.dates(date(2, 1, 1), date(9000, 1, 1)), st.integers(0, 400))
def test_the_months_touched_are_those_of_the_days_between(first: date, length: int) -> None:
    every_day = [first + timedelta(days=nr) for nr in range(length + 1)]
    assert days.months_touched(first, every_day[-1]) == sorted({days.month_of(day) for day in every_day})


@given(
    st.dates(date(1950, 2, 1), date(2100, 1, 1)),
    st.sampled_from(["Asia/Tokyo", "America/New_York", "Pacific/Kiritimati"]),
)
def test_a_month_of_the_company_lies_in_the_months_beside_it(day: date, zone: str) -> None:
    month = days.month_of(day)
    first_at, end_at = days.month_bounds(month, ZoneInfo(zone))
    assert first_at.astimezone(ZoneInfo(zone)).date() == day.replace(day=1)
    assert {days.month_of(at.date()) for at in (first_at, end_at - timedelta(seconds=1))} <= set(days.neighbours(month))
    assert first_at.tzinfo is UTC


def test_a_december_is_followed_by_a_january() -> None:
    assert days.neighbours("2025-12") == ("2025-11", "2025-12", "2026-01")
    assert days.month_bounds("2025-12", ZoneInfo("UTC"))[1] == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "known", "kind"),
    [
        ("report.opened", 0, "feature"),
        ("Ticket.Opened", 0, "moment"),
        ("churn.noticed", 5000, "moment"),
        ("report.opened", names.FEATURES_AT_MOST, "ignored"),
    ],
)
def test_a_new_name_stands_for_what_its_prefix_says(name: str, known: int, kind: str) -> None:
    assert names.default_kind(name, known=known) == kind


@given(st.sets(st.integers(0, 255)))
def test_mask_words_hold_each_bit_once(bits: set[int]) -> None:
    words = [names.word_of(bits, word) for word in range(4)]
    assert all(-(2**63) <= word < 2**63 for word in words)
    assert {64 * nr + bit for nr, word in enumerate(words) for bit in range(64) if word >> bit & 1} == bits


def test_there_are_as_many_words_as_the_highest_feature_needs() -> None:
    assert names.words_for({}) == 1
    assert names.words_for({"a": NameRule(63, "feature"), "b": NameRule(500, "moment")}) == 1
    assert names.words_for({"a": NameRule(64, "feature")}) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "weather"},
        {"kind": "events", "window_days": 0},
        {"kind": "events", "window_days": 4000},
        {"kind": "adoption"},
        {"kind": "people_share"},
        {"kind": "change", "of": "adoption"},
    ],
)
def test_a_measure_that_cannot_be_counted_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(WrongMeasure, match="odd"):
        Measure("odd", **wrong)  # type: ignore[arg-type]


def test_measures_share_the_numbers_they_are_composed_of() -> None:
    asked = [
        Measure("a", "events"),
        Measure("b", "change"),
        Measure("c", "events", events=()),
        Measure("d", "active_people"),
    ]
    atoms = measures.all_atoms(asked)
    assert len(atoms) == len(set(atoms)) == 5
    assert atoms[0] == measures.SEEN
