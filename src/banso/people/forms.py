"""What people fill in about themselves, their colleagues, keys and the company; checked here, saved by actions."""

import re
from collections.abc import Sequence
from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from banso.people import queries
from banso.people.models import Reach, Role, User
from banso.people.rules import SCOPES, is_day_of_year

COUNTRIES = (("JP", _("Japan")), ("US", _("United States")), ("GB", _("United Kingdom")), ("DE", _("Germany")))
CURRENCIES = ("JPY", "USD", "EUR", "GBP")
MONTHS = (
    (1, _("January")),
    (2, _("February")),
    (3, _("March")),
    (4, _("April")),
    (5, _("May")),
    (6, _("June")),
    (7, _("July")),
    (8, _("August")),
    (9, _("September")),
    (10, _("October")),
    (11, _("November")),
    (12, _("December")),
)
SCOPE_WORDS = {
    "read": _("read: look at everything"),
    "write": _("write: look at everything, change accounts and contracts"),
    "import": _("import: bring files in"),
    "admin": _("admin: all that administrators may do"),
    "events": _("events: send usage events"),
}
USER_FIELDS: Final = ("name", "email", "role", "reach", "teams", "language", "time_zone")
LIFETIMES = ((90, _("90 days")), (365, _("1 year")), (0, _("Does not expire")))


def _languages() -> list[tuple[str, str]]:
    # Each by its own name: who cannot read the page must find theirs.
    return [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


def _zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


def _password(label: Any, *, is_new: bool = True) -> forms.CharField:
    complete = "new-password" if is_new else "current-password"
    return forms.CharField(
        label=label,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": complete}),
    )


class SpokenForm(forms.Form):
    """Language and time zone, of a person or of the company."""

    language = forms.ChoiceField(label=_("Language"), choices=_languages)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones)


class MeForm(SpokenForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    field_order = ("name", "language", "time_zone")


class SessionForm(forms.Form):
    """Which of one's sessions is meant; none: all others."""

    session = forms.IntegerField(required=False, min_value=1)


class PasswordForm(forms.Form):
    """A new password, given by someone who knows the present one."""

    current = _password(_("Present password"), is_new=False)
    new = _password(_("New password"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["new"].help_text = " ".join(password_validators_help_texts())

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.user.check_password(current):
            raise ValidationError(_("This is not your present password. Type it again."))
        return current


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class SetPasswordForm(forms.Form):
    """A new password for a colleague."""

    new = _password(_("New password"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"].help_text = " ".join(password_validators_help_texts())


class UserForm(SpokenForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    reach = forms.ChoiceField(label=_("Sees"), choices=Reach.choices)
    teams = forms.TypedMultipleChoiceField(
        label=_("Teams"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order: Sequence[str] = USER_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = [(team.id, team.name) for team in queries.teams()]
        if teams:
            self.fields["teams"].choices = teams  # type: ignore[attr-defined]  # a choice field
        else:
            del self.fields["teams"]


class AddUserForm(UserForm):
    password = _password(_("First password"))
    field_order: Sequence[str] = (*USER_FIELDS, "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validators_help_texts())


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name of the team"), max_length=100)


class KeyForm(forms.Form):
    name = forms.CharField(label=_("What the key is for"), max_length=100)
    scope = forms.ChoiceField(label=_("Scope"), choices=[(scope, SCOPE_WORDS[scope]) for scope in SCOPES])
    lifetime = forms.TypedChoiceField(label=_("Valid for"), coerce=int, choices=LIFETIMES)


class CompanyForm(SpokenForm):
    name = forms.CharField(label=_("Company name"), max_length=200)
    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=[(code, code) for code in CURRENCIES],
        help_text=_("Choose it before contracts come in: what was valued before is not converted."),
    )
    country = forms.ChoiceField(label=_("Country, for national holidays"), choices=COUNTRIES)
    fiscal_year_starts_in = forms.TypedChoiceField(
        label=_("First month of the fiscal year"), coerce=int, choices=MONTHS
    )
    closures = forms.CharField(
        label=_("Days closed every year"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Beside weekends and national holidays. One day a line, as month-day: 12-29."),
    )
    field_order = ("name", "currency", "country", "fiscal_year_starts_in", "closures", "language", "time_zone")

    def clean_closures(self) -> list[str]:
        days = [_month_day(text) for text in re.split(r"[\s,、]+", self.cleaned_data["closures"].strip()) if text]
        if wrong := [day for day in days if not is_day_of_year(day)]:
            raise ValidationError(_("%(day)s is not a day. Write month-day, such as 12-29."), params={"day": wrong[0]})
        return sorted(set(days))


def _month_day(text: str) -> str:
    found = re.fullmatch(r"(\d{1,2})[-/.月](\d{1,2})日?", text)
    return f"{int(found[1]):02}-{int(found[2]):02}" if found else text
