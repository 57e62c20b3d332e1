"""Every component renders whole, in both languages, and says in words what it shows in colour."""

import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from django import forms
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from banso.ui import pages
from banso.ui.templatetags import ui, ui_forms


def shown(text: str, request: HttpRequest | None = None, **facts: object) -> str:
    with translation.override("en"):
        return Template(text).render(Context({"request": request, **facts}))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_component_page_is_whole(client: Client, language: str) -> None:
    answer = client.get(reverse("ui:gallery"), headers={"accept-language": language})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in page
    assert "<c-" not in page
    assert "{%" not in page
    assert "{{" not in page


def test_the_component_page_has_no_id_twice(client: Client) -> None:
    ids = re.findall(r'\bid="([^"]*)"', client.get(reverse("ui:gallery")).content.decode())
    assert len(ids) == len(set(ids))
    assert "" not in ids


def test_the_component_page_is_open_on_purpose() -> None:
    assert pages.gallery.permission == "public"  # type: ignore[attr-defined]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_comes_with_the_page(client: Client, theme: str) -> None:
    client.cookies["theme"] = theme
    assert f'data-theme="{theme}"' in client.get(reverse("ui:gallery")).content.decode()


def test_a_theme_that_is_not_ours_is_not_written_into_the_page(client: Client) -> None:
    client.cookies["theme"] = "x"
    assert "data-theme=" not in client.get(reverse("ui:gallery")).content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html", "403_csrf.html"])
def test_an_error_page_needs_nothing_of_the_request(name: str) -> None:
    page = render_to_string(name)
    assert 'href="/"' in page
    assert "<c-" not in page


@pytest.mark.django_db
def test_the_sign_in_page_is_ours(client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert "entrance-card" in page
    assert 'autocomplete="current-password"' in page


def test_a_score_says_number_word_direction_and_reason() -> None:
    page = shown("{% score 34 'poor' -12 'Use fell' '/a' %}")
    for part in ("34", "Poor", "−12", "change-down", "Use fell", 'href="/a"'):
        assert part in page
    assert "Change since last week:" in page


def test_a_score_that_is_missing_says_so() -> None:
    assert "No verdict" in shown("{% score None None %}")
    assert "No verdict" in shown("{% level None %}{% condition None %}")
    assert "No data yet" in shown("{% sparkline v %}", v=[None])


def test_what_users_wrote_is_escaped() -> None:
    page = shown(
        "{% score 1 'poor' 1 v v %}{% badge 'poor' v %}{% sparkline n v %}{% column v v %}{% json j %}",
        v="<b>\"'",
        n=[1],
        j=["</script>"],
    )
    assert "<b>" not in page
    assert "</script>" not in page


def test_a_column_keeps_the_query_and_says_its_order() -> None:
    request = RequestFactory().get("/", {"q": "a", "sort": "mrr", "page": "2"})
    page = shown("{% column 'MRR' 'mrr' 'number' 'JPY' %}", request)
    assert 'aria-sort="ascending"' in page
    assert 'href="?q=a&amp;sort=-mrr"' in page
    assert "(JPY)" in page
    assert "<a" not in shown("{% column 'MRR' %}", request)


def test_a_chart_and_its_table_write_dates_for_the_reader() -> None:
    spec = {"x": [date(2026, 11, 2), "10–20"], "series": [{"name": "Score", "values": [1, 2]}]}
    for language, written in (("ja", "2026/11/02"), ("en", "2 Nov 2026")):
        with translation.override(language):
            assert json.loads(ui.chart_facts(spec))["x"] == [written, "10–20"]
            marked = {**spec, "marks": [{"x": date(2026, 11, 2), "label": "Seen"}, {"y": 3, "label": "Limit"}]}
            assert [mark.get("x") for mark in json.loads(ui.chart_facts(marked))["marks"]] == [written, None]
            assert ui.chart_rows(spec) == [(written, [1]), ("10–20", [2])]


def test_a_column_knows_the_order_that_holds_without_a_choice() -> None:
    page = shown("{% column 'Name' 'name' %}", RequestFactory().get("/"), default_sort="-name")
    assert 'aria-sort="descending"' in page


def test_the_main_pages_are_those_that_the_user_may_open() -> None:
    request = RequestFactory().get("/accounts/7/")
    with translation.override("en"):
        assert [page["label"] for page in ui.nav_pages(Context({"request": request})) if page["is_current"]] == [
            "Accounts"
        ]
        deny: Callable[[str], bool] = lambda permission: permission != "intake.import"  # noqa: E731  # one line of a stand-in
        request.user = type("Reader", (), {"may": staticmethod(deny)})()
        assert [page["label"] for page in ui.nav_pages(Context({"request": request}))] == [
            "Today",
            "Accounts",
            "Health",
            "Adoption",
            "Limits",
            "Settings",
        ]
    assert len(ui.nav_pages(Context())) == 7


def test_a_whole_of_nothing_draws_an_empty_bar() -> None:
    assert 'width="0.0"' in shown("{% bar 5 0 %}")


def test_a_field_is_tied_to_its_example_help_and_error() -> None:
    form = pages.SampleForm({"seats": "0"})
    page = Template(_cotton('<c-field :field="form.seats" example="1,200" />')).render(Context({"form": form}))
    assert 'aria-describedby="id_seats_example id_seats_helptext id_seats_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'for="id_seats"' in page


def test_every_kind_of_widget_has_its_shape_and_class() -> None:
    class Odd(forms.Form):
        file = forms.FileField()
        many = forms.MultipleChoiceField(choices=[("1", "one")], widget=forms.CheckboxSelectMultiple)
        hidden = forms.CharField(widget=forms.HiddenInput)
        text = forms.CharField()

    form = Odd()
    assert [ui_forms.shape_of(field) for field in form] == ["plain", "choices", "hidden", "plain"]
    assert [ui_forms.css_of(field.field.widget) for field in form] == ["file-input", "checkbox", "input", "input"]
    page = Template(_cotton("{% for field in form %}<c-field :field='field' />{% endfor %}")).render(
        Context({"form": form})
    )
    assert "<legend" in page


def _cotton(text: str) -> str:
    return str(CottonCompiler().process(text))
