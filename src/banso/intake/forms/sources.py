"""What is asked about a source: its name, where it lies, how often it is read; and about what is read from it."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from banso.intake.models import Kind
from banso.intake.queries.sources import SourceRow
from banso.intake.rules.sourcing import EVERY_MINUTES

RHYTHMS: Final = {
    5: _("Every 5 minutes"),
    15: _("Every 15 minutes"),
    60: _("Every hour"),
    360: _("Every 6 hours"),
    1440: _("Every day"),
}
WHAT_LENGTH: Final = 200


class SourceForm(forms.Form):
    """The name and the rhythm of a source; each kind adds where it lies."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("For example: CRM export"))

    def __init__(self, *args: Any, row: SourceRow | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {"name": row.name, "every_minutes": row.every_minutes, **row.settings}
        super().__init__(*args, **kwargs)
        self.add_settings()
        self.fields["every_minutes"] = forms.TypedChoiceField(
            label=_("How often it is read"),
            coerce=int,
            initial=15,
            choices=[(minutes, RHYTHMS[minutes]) for minutes in EVERY_MINUTES],
        )

    def add_settings(self) -> None:
        """Add the fields of the kind."""

    def settings(self) -> dict[str, Any]:
        """Return what the kind keeps of it."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"name", "every_minutes"}}


class FolderForm(SourceForm):
    def add_settings(self) -> None:
        self.fields["folder"] = forms.CharField(label=_("Folder on the server"), max_length=400, help_text=_allowed())


class FeedForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is in the files"), choices=Kind.choices)
    what = forms.CharField(
        label=_("Names of the files"),
        max_length=WHAT_LENGTH,
        initial="*.csv",
        help_text=_("* stands for any letters, ? for one: accounts*.csv, *.parquet, usage-2026-??.xlsx"),
    )

    def clean_what(self) -> str:
        """Refuse names that would lead out of the folder."""
        what = str(self.cleaned_data["what"]).strip()
        if "/" in what or "\\" in what or "\x00" in what:
            raise ValidationError(_now("Name files of this folder only, without “/”."))
        return what


FORMS: Final[dict[str, type[SourceForm]]] = {"folder": FolderForm}


def _allowed() -> str:
    folders = ", ".join(str(folder) for folder in settings.SOURCE_FOLDERS)
    return _now("Files are read where they lie. Allowed, with all folders below: %(folders)s") % {"folders": folders}
