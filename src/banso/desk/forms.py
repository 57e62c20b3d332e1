"""What is typed in on pages across areas: what the name of an event stands for."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class EventForm(forms.Form):
    """What people call an event, what it counts as, and whether it is the same as another."""

    label = forms.CharField(
        label=_("Display name"), max_length=200, required=False, help_text=_("Empty: the name as it comes.")
    )
    kind = forms.ChoiceField(
        label=_("Counts as"),
        choices=[
            ("feature", _("Feature: use of the product")),
            ("meter", _("Meter: its values are summed against a limit")),
            ("moment", _("Moment: shown on the timeline, no use")),
            ("ignored", _("Ignored: kept, and counted nowhere")),
        ],
    )
    counts_as = forms.ChoiceField(
        label=_("The same as"),
        required=False,
        help_text=_(
            "Two names of one feature are counted together under the name chosen here; it can be separated again."
        ),
    )

    def __init__(self, *args: Any, others: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("No other: it counts for itself")), *((str(pk), name) for pk, name in others)]
        self.fields["counts_as"].choices = choices  # type: ignore[attr-defined]  # a choice field
