"""What staff fill in about a contract, its lines and a rate; checked here, saved by actions."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.contracts.actions import LineInput
from banso.contracts.models import Counting, LineKind, NoticeRoll, NoticeUnit, Period
from banso.contracts.queries import ContractRow, LineRow
from banso.contracts.rules.revenue import RECURRING_KINDS
from banso.shared.money import major, minor_digits, parse_money
from banso.shared.numbers import NotANumber, parse_number
from banso.ui.forms import DayField

EMPTY_LINES: Final = 2
MOST_LINES: Final = 200
AS_USUAL: Final = ("", _("As usual for the kind"))
# What says how a line's use is held against its limit.
LINK: Final = ("meter", "counting", "period")
TERM_UNITS: Final = (("months", _("months")), ("days", _("days")))


class WholeNumber(forms.IntegerField):
    """A whole number, also in full-width digits and with commas."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            number = parse_number(str(value))
        except NotANumber as refused:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from refused
        return super().to_python(str(int(number)) if number == int(number) else str(number))


class ContractForm(forms.Form):
    """A contract without its lines."""

    name = forms.CharField(label=_("Name of the contract"), max_length=200, required=False)
    external_id = forms.CharField(label=_("Contract ID"), max_length=200)
    currency = forms.RegexField(
        "^[A-Z]{3}$",
        label=_("Currency"),
        help_text=_("A code of three letters, such as JPY."),
        error_messages={"invalid": _("This is not a currency. Enter its code of three letters, such as JPY.")},
    )
    is_trial = forms.BooleanField(label=_("This is a trial, without revenue"), required=False)
    starts_on = DayField(label=_("Starts on"))
    ends_on = DayField(
        label=_("Ends on"),
        required=False,
        help_text=_("The first day without the contract. Leave it empty while it runs on."),
    )
    renews_on = DayField(
        label=_("Renews next on"), required=False, help_text=_("The day on which the next term would start.")
    )
    renewal_months = WholeNumber(label=_("Months of the next term"), required=False, min_value=1, max_value=1200)
    is_auto_renewing = forms.BooleanField(label=_("Renews itself unless notice is given"), required=False)
    notice_count = WholeNumber(label=_("Notice before the renewal"), min_value=0, max_value=3650)
    notice_unit = forms.ChoiceField(label=_("Counted in"), choices=NoticeUnit.choices)
    notice_is_end_of_month = forms.BooleanField(label=_("By the end of a month"), required=False)
    notice_roll = forms.ChoiceField(label=_("Where the deadline is no business day"), choices=NoticeRoll.choices)

    def basics(self) -> list[forms.BoundField]:
        """Return what the contract is."""
        return [self[name] for name in ("name", "external_id", "currency", "starts_on", "ends_on", "is_trial")]

    def renewal(self) -> list[forms.BoundField]:
        """Return how it renews, and by when notice must be given."""
        first = ("renews_on", "renewal_months", "is_auto_renewing")
        return [self[name] for name in (*first, "notice_count", "notice_unit", "notice_roll", "notice_is_end_of_month")]

    @classmethod
    def initial_of(cls, row: ContractRow) -> dict[str, Any]:
        """Return what the form shows of a contract."""
        return {name: getattr(row, name) for name in cls.base_fields}


class LineForm(forms.Form):
    """One line; money in whole units of the contract's currency."""

    external_id = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=LineKind.choices)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    amount = forms.CharField(label=_("Amount of one term"), max_length=60, required=False)
    term = WholeNumber(label=_("Length of one term"), required=False, min_value=1, max_value=36_525)
    term_unit = forms.ChoiceField(label=_("Term counted in"), choices=TERM_UNITS)
    quantity = WholeNumber(label=_("Quantity"), required=False, min_value=0, max_value=2**31 - 1)
    limit = WholeNumber(label=_("Limit"), required=False, min_value=0, max_value=10**15)
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False)
    meter = forms.CharField(
        label=_("Counted event"),
        max_length=100,
        required=False,
        help_text=_("The name of the event that is held against the limit."),
    )
    counting = forms.ChoiceField(label=_("Counted by"), choices=[AS_USUAL, *Counting.choices], required=False)
    period = forms.ChoiceField(label=_("Adds up within"), choices=[AS_USUAL, *Period.choices], required=False)
    starts_on = DayField(label=_("Starts on"), required=False, help_text=_("Where it differs from the contract."))
    ends_on = DayField(label=_("Ends on"), required=False)
    is_gone = forms.BooleanField(label=_("Remove this line"), required=False)

    def main(self) -> list[forms.BoundField]:
        """Return what every line says."""
        return [self[name] for name in ("kind", "name", "amount", "quantity", "term", "term_unit")]

    def more(self) -> list[forms.BoundField]:
        """Return what some lines say."""
        told = [self[name] for name in ("limit", "unit", *LINK, "starts_on", "ends_on")]
        return [*told, self["is_gone"]] if self.initial else told

    def has_more(self) -> bool:
        """Return whether the second part is worth opening."""
        return any(field.value() or field.errors for field in self.more())

    @property
    def is_told(self) -> bool:
        """Return whether the line says anything and stays."""
        telling = ("external_id", "name", "amount", "quantity", "limit", "meter")
        said = any(self.cleaned_data.get(name) for name in telling)
        return said and not self.cleaned_data.get("is_gone")

    def read(self, *, currency: str, external_id: str) -> LineInput | None:
        """Return the line in minor units; None, with errors at the fields, where it cannot be read."""
        facts = self.cleaned_data
        amount = 0
        try:
            amount = parse_money(facts["amount"], currency).minor if facts["amount"] else 0
        except NotANumber:
            self.add_error("amount", _("This is no amount in the contract's currency. Enter digits, such as 48,000."))
        recurs = facts["kind"] in RECURRING_KINDS
        if recurs and not facts["term"]:
            self.add_error("term", _("Say how long one term is: either in months or in days."))
        if self.errors:
            return None
        term = facts["term"] if recurs else None
        return LineInput(
            external_id=external_id,
            kind=facts["kind"],
            name=facts["name"],
            amount_minor=amount,
            term_months=term if facts["term_unit"] == "months" else None,
            term_days=term if facts["term_unit"] == "days" else None,
            **{name: facts[name] for name in ("quantity", "limit", "unit", *LINK, "starts_on", "ends_on")},
        )

    @staticmethod
    def initial_of(line: LineRow, currency: str) -> dict[str, Any]:
        """Return what the form shows of a line."""
        same = ("external_id", "kind", "name", "quantity", "limit", "unit", *LINK, "starts_on", "ends_on")
        return {
            **{name: getattr(line, name) for name in same},
            "amount": f"{major(line.amount_minor, currency):,f}",
            "term": line.term_months or line.term_days,
            "term_unit": "days" if line.term_days else "months",
        }


LineForms = forms.formset_factory(LineForm, extra=EMPTY_LINES, max_num=MOST_LINES, validate_max=True)


def lines_of(forms_of_lines: "forms.BaseFormSet[LineForm]", currency: str) -> list[LineInput] | None:
    """Return all lines that stay, in order; None where one cannot be read. New ones get an id of their own."""
    told = [form for form in forms_of_lines if form.is_told]
    used = {form.cleaned_data["external_id"] for form in told}
    free = (name for number in range(1, len(used) + len(told) + 1) if (name := f"line-{number}") not in used)
    lines = [form.read(currency=currency, external_id=form.cleaned_data["external_id"] or next(free)) for form in told]
    return None if None in lines else [line for line in lines if line is not None]


class DayForm(forms.Form):
    """A day on which something happens to a contract."""

    on = DayField(label=_("Notice was given on"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class RateForm(forms.Form):
    """What one unit of another currency is worth in the company's, from a day on."""

    currency = forms.RegexField(
        "^[A-Z]{3}$",
        label=_("Currency"),
        error_messages={"invalid": _("This is not a currency. Enter its code of three letters, such as JPY.")},
    )
    on = DayField(label=_("Valid from"))
    rate = forms.DecimalField(label=_("Worth of one unit"), min_value=0, max_digits=18, decimal_places=8)


def rate_in_minor(rate: Decimal, currency: str, into: str) -> Decimal:
    """Return a rate of whole units as one of minor units: 150 yen for a dollar are 1.5 yen for a cent."""
    return rate.scaleb(minor_digits(into) - minor_digits(currency))


def rate_in_units(rate: Decimal, currency: str, into: str) -> Decimal:
    """Return a rate of minor units as one of whole units."""
    return rate.scaleb(minor_digits(currency) - minor_digits(into))
