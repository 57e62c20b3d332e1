"""What people enter about health."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.health.queries.matrix_words import AxisChoice
from banso.health.rules import TEMPLATES, Count, Words
from banso.health.rules.definition import source_of
from banso.health.rules.matrices import Asked, WrongCuts, read_cuts
from banso.ui.forms import DayField

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


class OverrideForm(forms.Form):
    """What a person says in place of the computed score."""

    score = forms.DecimalField(
        label=_("Score"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        help_text=_("From 0 to 100. Leave it empty to set the condition alone."),
    )
    condition = forms.ChoiceField(
        label=_("Condition"),
        required=False,
        choices=[
            ("", _("As the score means")),
            ("good", _("Good")),
            ("normal", _("Normal")),
            ("poor", _("Poor")),
        ],
    )
    reason = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("Everybody reads it beside the score, with your name.")
    )
    until_on = DayField(label=_("Last day"), help_text=_("A year ahead at most. It then ends by itself."))

    def say_wrong(self, field: str) -> None:
        """Say what is wrong with a field that only the day of today tells."""
        told = {
            "score": _("Nothing is set. Write a score, or choose a condition."),
            "reason": _("There is no reason. Write why the computed score is wrong."),
            "until_on": _("The last day is past, or more than a year ahead. Choose one in between."),
        }
        self.add_error(field, told.get(field, _("This cannot be chosen. Choose another.")))


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


class MeasureForm(forms.Form):
    """What a measure counts; `count` is it, once the form is valid."""

    label_ja = forms.CharField(label=_("Name in Japanese"), max_length=100)
    label_en = forms.CharField(label=_("Name in English"), max_length=100)
    key = forms.CharField(
        label=_("Key"),
        max_length=50,
        help_text=_("Files and the API call it so: small letters, digits and _. It cannot be changed later."),
    )
    kind = forms.ChoiceField(label=_("What is counted"))
    events = forms.MultipleChoiceField(
        label=_("Features and moments"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all use of the product."),
    )
    window_days = forms.IntegerField(
        label=_("Days before the date"),
        min_value=1,
        max_value=3660,
        initial=28,
        help_text=_("Not read for days since the last use, and for runs of days or weeks."),
    )
    where = forms.CharField(
        label=_("Only events whose properties are so"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "textarea code"}),
    )
    value_of = forms.ChoiceField(label=_("For values: of which property"), required=False)
    of = forms.ChoiceField(label=_("For a change: of what"))
    against = forms.ChoiceField(label=_("For a change: against what"))
    per = forms.ChoiceField(label=_("Divided by"), required=False)
    level = forms.ChoiceField(label=_("Counted for"))
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        help_text=_("Why this change: it stands in the history of versions."),
    )

    def __init__(
        self,
        *args: Any,
        choices: Mapping[str, list[tuple[str, str]]],
        properties: Sequence[str] = (),
        key: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        seen = ", ".join(properties)
        self.fields["where"].help_text = _(
            "A condition on each line, such as “plan = pro”, “plan in (pro, max)”, “rows >= 100” or “error exists”. "
            "Past events are counted anew within minutes after saving. Seen so far: %(properties)s."
        ) % {"properties": seen or "–"}
        for name, pairs in choices.items():
            self.fields[name].choices = pairs  # type: ignore[attr-defined]  # all of them are choice fields
        self.fixed_key = key
        if key:
            del self.fields["key"]

    @property
    def count(self) -> Count:
        """Return the measure that was entered."""
        said = self.cleaned_data
        return Count(
            key=self.fixed_key or said["key"],
            label=Words(ja=said["label_ja"], en=said["label_en"]),
            kind=said["kind"],
            source=source_of(said["kind"]),
            window_days=said["window_days"],
            of=said["of"],
            against=said["against"],
            events=tuple(said["events"]),
            per=said["per"],
            level=said["level"],
            where=tuple(line.strip() for line in said["where"].splitlines() if line.strip()),
            value_of=said["value_of"],
        )


class DefinitionsForm(forms.Form):
    """A file of definitions, as text."""

    text = forms.CharField(
        label=_("Definitions (YAML)"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "textarea code"}),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        help_text=_("Why this change: it stands in the history of versions."),
    )
    prune = forms.BooleanField(label=_("Retire measures that the text does not have"), required=False)


class PublishForm(forms.Form):
    template = forms.ChoiceField(choices=[(key, key) for key in TEMPLATES], widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        help_text=_("Why this change: it stands in the history of versions."),
    )


class SnoozeForm(forms.Form):
    """Until when an alert rests, and why."""

    until_on = DayField(label=_("Snooze until"), help_text=_("On this day it is heard again."))
    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What explains the fall, or what you wait for: the next person reads it."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.fields["until_on"].initial = today + timedelta(days=28)

    def clean_until_on(self) -> date:
        """Return the day, where it lies ahead and within a year."""
        day: date = self.cleaned_data["until_on"]
        if not self._today < day <= self._today + timedelta(days=366):
            raise forms.ValidationError(_("Enter a day after today, within a year."))
        return day


class ResolveForm(forms.Form):
    note = forms.CharField(
        label=_("What came of it"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class RateForm(forms.Form):
    """How many false alarms a year are worth it."""

    rate = forms.DecimalField(
        label=_("False alarms for each account and year"),
        min_value=Decimal("0.05"),
        max_value=Decimal(6),
        max_digits=4,
        decimal_places=2,
        help_text=_(
            "0.5: of 100 accounts with nothing the matter, about 50 raise an alert within a year, one a week. More of"
            " them find falls in use sooner and find smaller ones; fewer leave people alone."
        ),
    )


class MatrixForm(forms.Form):
    """Two axes, where their bands begin, and how far back one looks; `asked` is it, once the form is valid."""

    rows = forms.ChoiceField(label=_("Down"), required=False)
    row_cuts = forms.CharField(label=_("Bands begin at"), required=False, max_length=100)
    columns = forms.ChoiceField(label=_("Across"), required=False)
    column_cuts = forms.CharField(label=_("Bands begin at"), required=False, max_length=100)
    weeks = forms.TypedChoiceField(
        label=_("Compared with"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[
            (4, _("4 weeks ago")),
            (13, _("13 weeks ago")),
            (26, _("26 weeks ago")),
            (52, _("52 weeks ago")),
        ],
    )

    def __init__(self, *args: Any, axes: Sequence[AxisChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._axes = {one.axis.name: one for one in axes}
        choices = [(name, one.label) for name, one in self._axes.items()]
        for name in ("rows", "columns"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # both are choice fields
        for name in ("row_cuts", "column_cuts"):
            self.fields[name].help_text = _("Such as: 2 10. Empty: thirds.")

    @property
    def asked(self) -> Asked:
        """Return what was entered."""
        said = self.cleaned_data
        usual = Asked()
        return Asked(
            replace(self._axes[said["rows"] or usual.rows.name].axis, cuts=said["row_cuts"]),
            replace(self._axes[said["columns"] or usual.columns.name].axis, cuts=said["column_cuts"]),
            said["weeks"] or usual.weeks,
        )

    def clean_row_cuts(self) -> tuple[float, ...]:
        return self._cuts("rows", "row_cuts")

    def clean_column_cuts(self) -> tuple[float, ...]:
        return self._cuts("columns", "column_cuts")

    def _cuts(self, side: str, name: str) -> tuple[float, ...]:
        # The sides are read from what was sent: cleaned fields come in the order in which they stand.
        one = self._axes.get(self.data.get(side, ""))
        if one is None or not one.axis.is_numeric:
            return ()
        try:
            return read_cuts(self.cleaned_data[name], factor=one.factor)
        except WrongCuts as wrong:
            text = _("These are not up to five rising numbers. Write them with a space between, such as 2 10.")
            raise forms.ValidationError(text) from wrong


class KeepMatrixForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)


class CellForm(forms.Form):
    """What is said of a cell of a matrix."""

    note = forms.CharField(
        label=_("How these customers are"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    play = forms.CharField(
        label=_("What we do for them"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("How to talk with them, and the next step that fits this cell."),
    )
