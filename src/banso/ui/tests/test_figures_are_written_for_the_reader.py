"""Money, dates and signs read as people in each language write them."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from banso.ui import rules

TODAY = date(2026, 11, 22)
AT_MIDNIGHT = datetime(2026, 11, 21, 15, 5, tzinfo=UTC)


def written(text: str, language: str, **facts: object) -> str:
    with translation.override(language), timezone.override("Asia/Tokyo"):
        return Template(text).render(Context(facts))


@pytest.mark.parametrize(
    ("minor", "currency", "language", "form", "expected"),
    [
        (48_000_000, "JPY", "ja", "short", "4,800万円"),
        (684_120_000, "JPY", "ja", "short", "6億8,412万円"),
        (600_000_000, "JPY", "ja", "short", "6億円"),
        (99_999_999, "JPY", "ja", "short", "1億円"),
        (98_000, "JPY", "ja", "short", "98,000円"),
        (-120_000, "JPY", "ja", "short", "−12万円"),
        (48_000_000, "JPY", "ja", "full", "48,000,000円"),
        (48_000_000, "JPY", "en", "short", "¥48.0M"),
        (684_120_000, "JPY", "en", "short", "¥684.1M"),
        (999_999, "JPY", "en", "short", "¥1.0M"),
        (98_000, "JPY", "en", "short", "¥98.0K"),
        (9_800, "JPY", "en", "short", "¥9,800"),
        (123_450, "USD", "en", "full", "$1,234.50"),
        (123_450, "USD", "ja", "short", "$1,235"),
        (5_000_000_000_00, "USD", "en", "short", "$5.0B"),
        (12_345, "KWD", "en", "full", "KWD 12.345"),
        (0, "JPY", "ja", "short", "0円"),
    ],
)
def test_an_amount_is_written_in_the_words_of_its_language(
    minor: int, currency: str, language: str, form: str, expected: str
) -> None:
    assert rules.money(minor, currency, language, form) == expected


@given(st.integers(0, 10**15))
def test_a_debt_is_the_amount_with_a_minus(minor: int) -> None:
    if minor:
        assert rules.money(-minor, "JPY", "ja") == "−" + rules.money(minor, "JPY", "ja")


def test_a_day_and_a_moment_are_those_of_the_readers_zone() -> None:
    text = "{{ today|day }} {{ at|day }} {{ at|moment }}"
    assert written(text, "ja", today=TODAY, at=AT_MIDNIGHT) == "2026/11/22 2026/11/22 2026/11/22 00:05"
    assert written(text, "en", today=TODAY, at=AT_MIDNIGHT) == "22 Nov 2026 22 Nov 2026 22 Nov 2026, 00:05"


def test_a_deadline_is_counted_down() -> None:
    text = "{{ 12|countdown }} {{ 0|countdown }} {{ late|countdown }} {{ 1|countdown }}"
    assert written(text, "ja", late=-3) == "あと12日 今日 3日超過 あと1日"
    assert written(text, "en", late=-3) == "12 days left Today 3 days overdue 1 day left"


def test_numbers_have_commas_signs_and_shares() -> None:
    text = "{{ 1234.5|number:1 }} {{ up|signed }} {{ down|signed:1 }} {{ none|signed }} {{ share|percent:1 }}"
    assert written(text, "en", up=3.4, down=-8, none=-0.2, share=0.4235) == "1,234.5 +3 −8.0 ±0 42.4%"


def test_no_value_is_blank() -> None:
    filters = ("day", "moment", "countdown", "number", "signed", "percent", "filled")
    text = "{% money v 'JPY' %}" + "".join(f"{{{{ v|{name} }}}}" for name in filters)
    assert written(text, "ja", v=None).count("値なし") == len(filters) + 1
    assert written("{{ v|filled }}", "ja", v=0) == "0"


def test_a_link_changes_one_parameter_and_returns_to_the_first_page() -> None:
    request = RequestFactory().get("/", {"q": "a b", "page": "3", "stage": ["1", "2"]})
    text = (
        "{% query_with sort='-mrr' %} {% query_with page=4 %} {% query_with q=None %} {% query_without 'stage' '1' %}"
    )
    found = Template(text).render(Context({"request": request}, autoescape=False)).split()
    assert found == [
        "?q=a+b&stage=1&stage=2&sort=-mrr",
        "?q=a+b&stage=1&stage=2&page=4",
        "?stage=1&stage=2",
        "?q=a+b&stage=2",
    ]
    assert Template("{% query_with page=2 %}").render(Context()) == "?page=2"
