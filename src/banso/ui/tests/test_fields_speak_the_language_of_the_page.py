"""A day and a file are asked for in the language of the page, and a day is read as people write it."""

from datetime import date

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from banso.ui.forms import DayField


class Meeting(forms.Form):
    on = DayField(label="Day")


def shown(text: str, language: str, **facts: object) -> str:
    with translation.override(language):
        return Template(CottonCompiler().process(text)).render(Context(facts))


@pytest.mark.parametrize(
    "typed", ["2026-04-01", "2026/4/1", "2026年4月1日", "令和8年4月1日", "R8.4.1", "２０２６／４／１", " 20260401 "]
)
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    form = Meeting({"on": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"on": date(2026, 4, 1)}


@pytest.mark.parametrize("typed", ["someday", "2026-02-30", "03/04/2026"])
def test_what_is_no_certain_day_is_sent_back_as_it_was_typed(typed: str) -> None:
    form = Meeting({"on": typed})
    with translation.override("en"):
        assert form.errors["on"] == [f"“{typed}” is not a date. Enter it as 2026/04/01."]
    assert form["on"].value() == typed


def test_an_empty_day_is_asked_for_only_where_it_must_be() -> None:
    assert not Meeting({"on": " "}).is_valid()
    assert DayField(required=False).clean("") is None


def test_a_day_that_is_kept_stands_in_the_field() -> None:
    text = shown('<c-field :field="field" />', "ja", field=Meeting(initial={"on": date(2026, 4, 1)})["on"])
    assert 'value="2026/04/01"' in text
    assert 'type="date"' not in text
    assert 'aria-label="Dayをカレンダーから選択"' in text


def test_a_file_is_asked_for_in_the_language_of_the_page() -> None:
    for language, words in (
        ("ja", ("ファイルを選択", "選択されていません")),
        ("en", ("Choose a file", "No file chosen")),
    ):
        text = shown('<c-file-drop name="f" label="L" />', language)
        assert all(one in text for one in words)
        # What is seen on the button is part of what the field is called by.
        assert 'aria-labelledby="id_f_label id_f_choose"' in text


class Order(forms.Form):
    name = forms.CharField()
    size = forms.ChoiceField(choices=[("s", "Small")])
    file = forms.FileField()
    is_read = forms.BooleanField()
    note = forms.CharField(error_messages={"required": "Say why."})
    amount = forms.IntegerField(min_value=1)


@pytest.mark.parametrize(
    ("field", "language", "said"),
    [
        ("name", "ja", "入力されていません。値を入力してください。"),
        ("name", "en", "This is empty. Enter a value."),
        ("size", "ja", "選択されていません。1つ選んでください。"),
        ("file", "ja", "選択されていません。ファイルを選んでください。"),
        ("is_read", "ja", "先へ進むには確認が必要です。チェックを入れてください。"),
        ("note", "ja", "Say why."),
        ("amount", "en", "Ensure this value is greater than or equal to 1."),
    ],
)
def test_what_is_empty_says_what_to_do(field: str, language: str, said: str) -> None:
    form = Order({"amount": "0"})
    page = shown('<c-form-errors :form="form" /><c-field :field="form.' + field + '" />', language, form=form)
    assert page.count(said) == 2
    assert "必須です" not in page
    assert "is required" not in page
