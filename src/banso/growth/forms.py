"""What staff fill in to say what counts against a limit."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.contracts.queries import COUNTING_CHOICES, PERIOD_CHOICES
from banso.growth.queries import LinkRow

NEEDS_EVENT: Final = frozenset({"sum", "count", "last"})


class LinkForm(forms.Form):
    """The event, how it is counted, and within what it adds up."""

    meter = forms.ChoiceField(
        label=_("Counted event"), required=False, help_text=_("Those called most like this line come first.")
    )
    counting = forms.ChoiceField(label=_("Counted by"), choices=COUNTING_CHOICES)
    period = forms.ChoiceField(
        label=_("Adds up within"),
        choices=PERIOD_CHOICES,
        help_text=_("People and latest values stand at some height every day: for them this is not read."),
    )

    def __init__(self, *args: Any, found: LinkRow, **kwargs: Any) -> None:
        row = found.row
        initial = {
            "meter": row.meter or ("" if row.is_linked else found.guess),
            "counting": row.counting,
            "period": row.cycle.period or "month",
        }
        super().__init__(*args, **{"initial": initial, **kwargs})
        known = dict(found.events)
        kept = [] if not row.meter or row.meter in known else [(row.meter, row.meter)]
        any_use = [("", _("Any use of the product"))]
        events = [(name, label if label == name else f"{label} ({name})") for name, label in found.events]
        self.fields["meter"].choices = [*any_use, *kept, *events]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("counting") in NEEDS_EVENT and not given.get("meter"):
            self.add_error("meter", _("Nothing can be summed without an event. Choose the event that is counted."))
        return given
