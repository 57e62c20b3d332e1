"""What people enter about health."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.health.rules import TEMPLATES

RATINGS: list[tuple[int, object]] = [
    (5, _("5 Thriving")),
    (4, _("4 Doing well")),
    (3, _("3 Neither good nor bad")),
    (2, _("2 Worrying")),
    (1, _("1 Likely to leave")),
]


class PulseForm(forms.Form):
    rating = forms.TypedChoiceField(
        label=_("How does this customer seem to you?"), choices=RATINGS, coerce=int, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you saw or heard: the next person reads it."),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class SoughtPulsesForm(forms.Form):
    """Filters of the list of pulses, in the address of the page; what is not understood does not filter."""

    q = forms.CharField(label=_("Account"), required=False, max_length=200, widget=forms.SearchInput)
    rating = forms.TypedChoiceField(
        label=_("Pulse"), choices=[("", _("Any pulse")), *RATINGS], coerce=int, empty_value=None, required=False
    )
    by = forms.TypedChoiceField(label=_("Given by"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, givers: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].choices = [("", _("Anybody")), *givers]  # type: ignore[attr-defined]  # a choice field


class PublishForm(forms.Form):
    template = forms.ChoiceField(choices=[(key, key) for key in TEMPLATES], widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        help_text=_("Why this change: it stands in the history of versions."),
    )
