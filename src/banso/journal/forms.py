"""What an administrator looks for in the audit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.ui.forms import DayField


class SoughtForm(forms.Form):
    """Filters of the audit, in the address of the page; what is not understood does not filter."""

    verb = forms.ChoiceField(label=_("What"), required=False)
    who = forms.CharField(label=_("Who"), required=False, max_length=200)
    account = forms.IntegerField(label=_("Account"), required=False, min_value=1, max_value=2**62)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def __init__(self, *args: Any, verbs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", _("Everything")), *verbs]  # type: ignore[attr-defined]  # a choice field
