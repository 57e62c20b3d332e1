"""Each type of cell, as people write it; what is doubtful is refused with its code."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from banso.intake.queries.wording import CHOICES
from banso.intake.rules import cells
from banso.intake.rules.mapping import Column
from banso.intake.rules.targets import KINDS, Target, meant_by

GOOD = [
    ("date", "令和8年4月1日", {}, date(2026, 4, 1)),
    ("date", "46113", {}, date(2026, 4, 1)),
    ("date", "03/04/2026", {"dates": "mdy"}, date(2026, 3, 4)),
    ("date", "03/04/2026", {"dates": "dmy", "plus_days": 1}, date(2026, 4, 4)),
    ("number", "△１，２３４．５", {}, -1234.5),
    ("number", "12", {"times": "1000"}, 12_000.0),
    ("money", "4,800万円", {}, "48000000"),
    ("money", "12.34", {"times": "100"}, "1234.00"),
    ("whole", "１２席".removesuffix("席"), {}, 12),
    ("yes_no", "あり", {}, True),
    ("yes_no", "FALSE", {}, False),
    ("yes_no", "済み", {"yes": ("済み",), "no": ("まだ",)}, True),
    ("email", " Saito@Example.JP ", {}, "saito@example.jp"),
    ("choice", "決裁者", {}, "decider"),
]
BAD = [
    ("date", "03/04/2026", "doubtful_order"),
    ("date", "2026-02-30", "no_such_day"),
    ("date", "昭和99年1月1日", "outside_era"),
    ("date", "0005-01-01", "date_out_of_range"),
    ("date", "soon", "not_a_date"),
    ("number", "1,23", "doubtful_commas"),
    ("number", "many", "not_a_number"),
    ("money", "-5", "negative_amount"),
    ("money", "1e20", "number_out_of_range"),
    ("whole", "1.5", "not_whole"),
    ("whole", "-1", "number_out_of_range"),
    ("yes_no", "maybe", "not_yes_no"),
    ("email", "nobody", "not_an_email"),
    ("choice", "king", "not_a_choice"),
]


def target(kind: str) -> Target:
    return Target("x", kind, choices=("champion", "decider"))  # type: ignore[arg-type]  # one of the known types


@pytest.mark.parametrize(("kind", "text", "options", "wanted"), GOOD)
def test_a_cell_is_read(kind: str, text: str, options: dict[str, object], wanted: object) -> None:
    column = Column(to="x", source="x", **options)  # type: ignore[arg-type]  # by name
    assert cells.reader(target(kind), column)(text) == wanted


@pytest.mark.parametrize(("kind", "text", "code"), BAD)
def test_a_cell_that_is_not_what_it_should_be_is_named(kind: str, text: str, code: str) -> None:
    with pytest.raises(cells.NotUnderstood) as caught:
        cells.reader(target(kind), Column(to="x", source="x"))(text)
    assert caught.value.code == code


def test_text_is_cleaned_and_measured() -> None:
    assert cells.text(" 株式会社\u3000 アクメ\u202e ", 20) == "株式会社 アクメ"
    with pytest.raises(cells.NotUnderstood) as caught:
        cells.text("x" * 21, 20)
    assert caught.value.code == "too_long"


@pytest.mark.parametrize(
    ("text", "order", "wanted"),
    [
        ("2026/4/1 9:05", "", datetime(2026, 4, 1, 0, 5, tzinfo=UTC)),
        ("2026年4月1日 午後1時", "", datetime(2026, 4, 1, 4, 0, tzinfo=UTC)),
        ("01/04/2026 09:00", "dmy", datetime(2026, 4, 1, 0, 0, tzinfo=UTC)),
        ("1775001600", "", datetime(2026, 4, 1, 0, 0, tzinfo=UTC)),
        ("1775001600500", "", datetime(2026, 4, 1, 0, 0, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_its_zone(text: str, order: str, wanted: datetime) -> None:
    assert cells.moment(text, order, "Asia/Tokyo") == wanted


def test_a_moment_that_is_none_is_named() -> None:
    with pytest.raises(cells.NotUnderstood) as caught:
        cells.moment("2026-04-01 25:00", "", "Asia/Tokyo")
    assert caught.value.code == "no_such_time"


@given(st.integers(0, 10**14), st.integers(0, 99))
def test_an_amount_is_exact(major: int, cents: int) -> None:
    assert cells.money(f"{major:,}.{cents:02}", "") == f"{major}.{cents:02}"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_choice_is_understood_by_the_word_that_pages_show_for_it(language: str) -> None:
    targets = [target for kind in KINDS.values() for target in kind if target.choices]
    with translation.override(language):
        for target in targets:
            words = {choice: str(CHOICES[choice]) for choice in target.choices}
            assert {meant_by(word, target.choices): word for word in words.values()} == words
