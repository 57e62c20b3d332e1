"""What an administrator looks for in the audit."""

from datetime import date
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from banso.ui.forms import DayField

# Nothing was written down before, or will be after; and a day more or less, in any time zone, is still a day.
BOUNDS: Final = (MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2200, 1, 1)))


class SoughtForm(forms.Form):
    """Filters of the audit, in the address of the page; what is not understood does not filter."""

    verb = forms.ChoiceField(label=_("What"), required=False)
    who = forms.CharField(label=_("Who"), required=False, max_length=200)
    account = forms.IntegerField(label=_("Account"), required=False, min_value=1, max_value=2**62)
    since = DayField(label=_("From"), required=False, validators=BOUNDS)
    until = DayField(label=_("To"), required=False, validators=BOUNDS)

    def __init__(self, *args: Any, verbs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", _("Everything")), *verbs]  # type: ignore[attr-defined]  # a choice field
