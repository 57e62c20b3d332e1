"""What is said about an event in quarantine: how it should have been, or that what was discarded is to come back."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CorrectionForm(forms.Form):
    """An event from quarantine, corrected by hand."""

    event = forms.CharField(
        label=_("The event as JSON"),
        max_length=40_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "code", "spellcheck": "false"}),
        help_text=_("What you write here is counted as if the client had sent it, with a mark that it was corrected."),
    )


class DiscardedAtForm(forms.Form):
    """The moment at which events were discarded, for undoing it."""

    discarded_at = forms.DateTimeField()
