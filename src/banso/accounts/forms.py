"""What staff fill in about accounts, people, notes, views and settings; checked here, saved by actions."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.accounts.actions import AccountInput, Fault, PersonInput, sentence
from banso.accounts.models import AccountKind, FieldKind, PersonRole
from banso.accounts.queries import AccountRow, FieldRow, PersonRow, SortRow
from banso.people.queries import StaffRow
from banso.ui.forms import DayField

NAME_LENGTH: Final = 200
CUSTOM: Final = "field_"
# The names of faults that differ from those of the form's fields.
_FIELD_OF: Final = {"account": "", "parent": "parent_external_id"}


class RefusableForm(forms.Form):
    """A form that shows what an action refused beside the field that it is about."""

    def refuse(self, faults: Sequence[Fault]) -> None:
        """Show faults of the one row that the form saved."""
        for fault in faults:
            name = _FIELD_OF.get(fault.field, fault.field.replace("fields.", CUSTOM, 1))
            self.add_error(name if name in self.fields else None, sentence(fault))


class AccountForm(RefusableForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_LENGTH)
    reading = forms.CharField(
        label=gettext_lazy("Reading"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=gettext_lazy("In kana. Lists are sorted by it."),
    )
    external_id = forms.CharField(
        label=gettext_lazy("ID"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=gettext_lazy("What your other systems call this account. Left empty, Banso makes one."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=AccountKind.choices)
    parent_external_id = forms.CharField(
        label=gettext_lazy("ID of the account above"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=gettext_lazy("For a department or a subsidiary."),
    )
    segment = forms.ChoiceField(label=gettext_lazy("Segment"), required=False)
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    customer_since_on = DayField(label=gettext_lazy("Customer since"), required=False)
    left_on = DayField(label=gettext_lazy("Left on"), required=False)

    def __init__(
        self,
        *args: Any,
        segments: Sequence[SortRow],
        stages: Sequence[SortRow],
        staff: Sequence[StaffRow],
        custom: Sequence[FieldRow],
        may_assign: bool,
        is_new: bool,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.custom = custom
        self.is_new = is_new
        nothing = [("", _("None"))]
        self._choose("segment", nothing + [(one.name, one.name) for one in segments])
        self._choose("stage", nothing + [(one.name, one.name) for one in stages])
        self._choose("owner", nothing + [(one.email, one.name) for one in staff])
        if not may_assign:
            del self.fields["owner"]
        if not is_new:
            del self.fields["external_id"]
        for spec in custom:
            self.fields[f"{CUSTOM}{spec.key}"] = _custom_field(spec)
        for name in self.fields:
            self._keep_what_is_gone(name)

    def row(self, external_id: str) -> AccountInput:
        """Return what the form says, for the action; of an account that is there, only what it changes."""
        given = self.cleaned_data if self.is_new else {name: self.cleaned_data[name] for name in self.changed_data}
        fields = {spec.key: given[CUSTOM + spec.key] for spec in self.custom if CUSTOM + spec.key in given}
        said = {name: value for name, value in given.items() if name in self.base_fields and name != "external_id"}
        if "owner" in said:
            said["owner_email"] = said.pop("owner") or None
        return AccountInput(external_id, **said, fields=fields)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def _keep_what_is_gone(self, name: str) -> None:
        """Offer what the account has, though it is no choice any more: a former colleague as owner, an old choice."""
        field, has = self.fields[name], self.initial.get(name)
        if isinstance(field, forms.ChoiceField) and has and not field.valid_value(str(has)):
            offered: Any = field.choices
            field.choices = [*offered, (str(has), self.initial.get(f"{name}_name", has))]


class PersonForm(RefusableForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_LENGTH)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    title = forms.CharField(label=gettext_lazy("Job title"), max_length=NAME_LENGTH, required=False)
    department = forms.CharField(label=gettext_lazy("Department"), max_length=NAME_LENGTH, required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("Role at the customer"), choices=PersonRole.choices, initial=PersonRole.USER
    )
    external_id = forms.CharField(
        label=gettext_lazy("ID"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=gettext_lazy("As in your usage events. Left empty, it is the e-mail address."),
    )
    left_on = DayField(label=gettext_lazy("Left on"), required=False)

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["left_on" if is_new else "external_id"]

    def row(self, account_external_id: str, external_id: str) -> PersonInput:
        """Return what the form says, for the action."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "external_id"}
        return PersonInput(account_external_id, external_id, **said)


class NoteForm(forms.Form):
    body = forms.CharField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea(attrs={"rows": 10, "maxlength": 20_000}),
        help_text=gettext_lazy("Markdown: **bold**, - lists, [links](https://example.com)."),
    )


class ViewForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the view"), max_length=100)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    is_shared = forms.BooleanField(label=gettext_lazy("Show it to everyone"), required=False)

    def __init__(self, *args: Any, may_share: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_share:
            del self.fields["is_shared"]


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)


class FieldForm(forms.Form):
    label = forms.CharField(label=gettext_lazy("Label"), max_length=100)
    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=60,
        help_text=gettext_lazy("Small letters, digits and _. Imports and the API use it. It cannot be changed later."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=FieldKind.choices)
    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        help_text=gettext_lazy("One on each line. Only for the kind “Choice”."),
    )

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not is_new:
            del self.fields["key"], self.fields["kind"]

    def clean_choices(self) -> list[str]:
        return str(self.cleaned_data["choices"]).splitlines()


def initial_of(row: AccountRow, custom: Sequence[FieldRow]) -> dict[str, Any]:
    """Return what an account's form shows at first."""
    values = {f"{CUSTOM}{spec.key}": row.fields.get(spec.key) for spec in custom}
    return {**vars(row), "owner": row.owner_email, "owner_name": row.owner, **values}


def initial_of_person(row: PersonRow) -> dict[str, Any]:
    """Return what a person's form shows at first."""
    return dict(vars(row))


def _custom_field(spec: FieldRow) -> forms.Field:
    if spec.kind == FieldKind.BOOLEAN:
        return forms.ChoiceField(
            label=spec.label, required=False, choices=[("", _("Not set")), ("True", _("Yes")), ("False", _("No"))]
        )
    if spec.kind == FieldKind.CHOICE:
        choices = [("", _("Not set")), *((choice, choice) for choice in spec.choices)]
        return forms.ChoiceField(label=spec.label, required=False, choices=choices)
    if spec.kind == FieldKind.DATE:
        return DayField(label=spec.label, required=False)
    return forms.CharField(label=spec.label, required=False, max_length=2000)
