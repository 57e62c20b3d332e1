"""Money, dates and signs read as people in each language write them."""

from datetime import UTC, date, datetime

from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

TODAY = date(2026, 11, 22)
AT_MIDNIGHT = datetime(2026, 11, 21, 15, 5, tzinfo=UTC)


def written(text: str, language: str, **facts: object) -> str:
    with translation.override(language), timezone.override("Asia/Tokyo"):
        return Template(text).render(Context(facts))


def test_an_amount_is_written_in_the_words_of_its_language() -> None:
    text = "{% money minor 'JPY' %} {% money minor 'JPY' 'full' %} {% money debt 'USD' %}"
    facts = {"minor": 684_120_000, "debt": -123_450}
    assert written(text, "ja", **facts) == "6億8,412万円 684,120,000円 −$1,235"
    assert written(text, "en", **facts) == "¥684.1M ¥684,120,000 −$1,235"


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
