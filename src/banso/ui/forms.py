"""Fields of the kit that Django's own do not give."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from banso.shared.dates import NotADate, parse_date
from banso.shared.text import one_line


class DayInput(forms.TextInput):
    """Typed, or chosen from a calendar. Browsers' own field speaks their language, not that of the page."""


class DayField(forms.Field):
    """A day as people type it: 2026/4/1, 2026年4月1日, 令和8年4月1日, 全角 digits."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=DayInput(attrs={"maxlength": 40, "autocomplete": "off"}), **options)

    def to_python(self, value: Any) -> date | None:
        """Return the day that was typed."""
        text = one_line(str(value or ""))
        if not text:
            return None
        try:
            return parse_date(text)
        except NotADate:
            raise ValidationError(
                _("“%(value)s” is not a date. Enter it as 2026/04/01."), code="date", params={"value": text[:40]}
            ) from None

    def prepare_value(self, value: Any) -> Any:
        """Return a day as it is typed."""
        return f"{value:%Y/%m/%d}" if isinstance(value, date) else value
