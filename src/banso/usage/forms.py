"""What is typed in about usage: a release, an account to attach it to."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.ui.forms import DayField


class ReleaseForm(forms.Form):
    """Name, day, features, and the plans and options that include them (none: everyone has them)."""

    name = forms.CharField(label=_("Name"), max_length=100)
    released_on = DayField(label=_("Released on"))
    features = forms.MultipleChoiceField(
        label=_("Features"), widget=forms.CheckboxSelectMultiple, help_text=_("What came with this release.")
    )
    included_in = forms.CharField(
        label=_("Included in"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Plans or options that these features are part of, one on each line. Empty: every customer has them."
        ),
    )

    def __init__(self, *args: Any, names: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["features"].choices = list(names)  # type: ignore[attr-defined]  # a choice field

    def plans(self) -> list[str]:
        """Return the plans and options, without empty lines."""
        return [line.strip() for line in self.cleaned_data["included_in"].splitlines() if line.strip()]


class SoughtAccountForm(forms.Form):
    """An account that is looked for, and the one that was found."""

    q = forms.CharField(required=False, max_length=200)
    account = forms.IntegerField(required=False, min_value=1)


class MomentForm(forms.Form):
    """The moment at which something was done, for undoing it."""

    made_at = forms.DateTimeField(required=False)
