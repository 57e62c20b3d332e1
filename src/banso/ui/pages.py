"""The component page: every part of the kit in all its states."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.ui.forms import DayField


@dataclass(frozen=True)
class Part:
    """One share of a score, or of its change."""

    label: str
    points: float
    note: str = ""


@dataclass(frozen=True)
class Line:
    """One account of the sample list."""

    name: str
    note: str
    score: float | None
    condition: str
    change: float | None
    reason: str
    level: int | None
    history: tuple[float | None, ...]
    mrr: int
    renews_on: date
    days: int


class SampleForm(forms.Form):
    """Every kind of field, so that their looks and errors can be seen."""

    name = forms.CharField()
    seats = forms.IntegerField(
        min_value=1, widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-number input-short"})
    )
    day = DayField()
    stage = forms.ChoiceField()
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    kind = forms.ChoiceField(widget=forms.RadioSelect)
    notify = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = {
            "name": _("Account name"),
            "seats": _("Seats"),
            "day": _("Starts on"),
            "stage": _("Stage"),
            "note": _("Note"),
            "kind": _("Kind"),
            "notify": _("Tell the owner by e-mail"),
        }
        for name, text in texts.items():
            self.fields[name].label = text
        self.fields["seats"].help_text = _("Full-width digits and commas are fine too.")
        choices = {"stage": [_("Onboarding"), _("In use"), _("Renewal")], "kind": [_("Company"), _("Department")]}
        for name, offered in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [(str(at), text) for at, text in enumerate(offered)]


def sample_lines() -> list[Line]:
    """Return made-up accounts in every condition, worst first."""
    return [
        Line(
            _("Aoba Logistics"), _("Enterprise"), 34, "poor", -12, _("Weekly users fell from 41 to 18"), 1,
            (71, 70, 66, 61, 58, 49, 46, 34), 4_800_000, date(2026, 12, 4), 12,
        ),
        Line(
            _("Minato Foods"), _("Mid-market"), 58, "normal", -3, _("The reporting feature is not used yet"), 2,
            (60, 62, 61, None, None, 60, 61, 58), 684_120_000, date(2027, 3, 31), 129,
        ),
        Line(
            _("Kita Design"), _("Small business"), 83, "good", 4, _("All invited people signed in this week"), 4,
            (70, 72, 75, 74, 78, 80, 79, 83), 98_000, date(2026, 11, 22), 0,
        ),
        Line(
            _("Sora Medical"), _("Enterprise"), None, "unknown", None,
            _("No use was recorded in the last 30 days"), None, (), 1_250_000, date(2026, 11, 19), -3,
        ),
    ]  # fmt: skip


def sample_chart() -> dict[str, Any]:
    """Return the facts of a chart."""
    return {
        "kind": "line",
        "x": [f"{month}/01" for month in range(1, 13)],
        "x_label": _("Month"),
        "unit": _("people"),
        "series": [
            {"name": _("Weekly users"), "values": [12, 18, 22, 31, 30, 36, 41, 40, 38, 33, 24, 18]},
            {"name": _("Seats"), "values": [20, 20, 20, 40, 40, 40, 50, 50, 50, 50, 50, 50]},
        ],
        "marks": [{"x": "10/01", "label": _("Owner changed")}],
    }


def sample_form() -> SampleForm:
    """Return a form that was sent with faults."""
    return SampleForm({"name": "", "seats": "0", "stage": "1", "kind": "0", "notify": "on"})


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in all its states."""
    context = {
        "lines": sample_lines(),
        "chart": sample_chart(),
        "form": sample_form(),
        "fresh_form": SampleForm(auto_id="fresh_%s"),
        "moves": [
            Part(_("Weekly users"), -9.5, _("41 → 18 people")),
            Part(_("Feature breadth"), -4, _("7 → 5 features")),
            Part(_("Support"), 1.5, _("2 → 1 open tickets")),
        ],
        "today": timezone.localdate(),
        "now": timezone.now(),
        "stages": [("0", _("Onboarding")), ("1", _("In use"))],
    }
    return render(request, "ui/gallery.html", context)


# ui is below people, so it cannot take `public` from there; this is the mark that it sets.
gallery.permission = "public"  # type: ignore[attr-defined]
