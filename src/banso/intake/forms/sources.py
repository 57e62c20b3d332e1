"""What is asked about a source: its name, where it lies, how often it is read; and about what is read from it."""

from typing import Any, ClassVar, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from banso.intake.models import Kind, SourceKind
from banso.intake.queries.sources import SourceRow
from banso.intake.rules import crm, statements
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

    SECRETS: ClassVar[tuple[str, ...]] = ()

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("For example: CRM export"))

    def __init__(self, *args: Any, row: SourceRow | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {"name": row.name, "every_minutes": row.every_minutes, **row.settings}
        super().__init__(*args, **kwargs)
        self.row = row
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
        """Return what the kind keeps of it, without what is secret."""
        others = {"name", "every_minutes", *self.SECRETS}
        return {name: value for name, value in self.cleaned_data.items() if name not in others}

    def secrets(self) -> dict[str, str]:
        """Return the secrets that were given; those left empty stay as they are."""
        return {name: value for name in self.SECRETS if (value := self.cleaned_data[name])}

    def add_secret(self, name: str, label: Any) -> None:
        """Add a field that is written and never shown."""
        self.fields[name] = forms.CharField(
            label=label,
            required=False,
            max_length=2_000,
            strip=False,
            widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
            help_text=_("Leave it empty to keep the one that is kept. It is never shown again.") if self.row else "",
        )


class FolderForm(SourceForm):
    def add_settings(self) -> None:
        self.fields["folder"] = forms.CharField(label=_("Folder on the server"), max_length=400, help_text=_allowed())


class ServerForm(SourceForm):
    """A server that is asked by its host, with a name and a password."""

    SECRETS = ("password",)
    PORT: ClassVar[int] = 0
    DATABASE: ClassVar[str] = ""

    def add_settings(self) -> None:
        example = _("For example: db.example.jp")
        self.fields["host"] = forms.CharField(label=_("Host"), max_length=253, help_text=example)
        self.fields["port"] = forms.IntegerField(label=_("Port"), min_value=1, max_value=65_535, initial=self.PORT)
        self.fields["database"] = forms.CharField(label=_("Database"), max_length=100, initial=self.DATABASE)
        self.fields["user"] = forms.CharField(
            label=_("User name"), max_length=100, help_text=_("Of one who may only read, and only what is needed")
        )
        self.add_secret("password", _("Password"))


class PostgresForm(ServerForm):
    PORT = 5432

    def add_settings(self) -> None:
        super().add_settings()
        self.fields["tls"] = forms.ChoiceField(
            label=_("Encryption"),
            initial="require",
            choices=[
                ("verify-full", _("Encrypted, and the certificate is checked")),
                ("require", _("Encrypted")),
                ("disable", _("Not encrypted (inside one’s own network only)")),
            ],
        )


class ClickHouseForm(ServerForm):
    PORT = 8443
    DATABASE = "default"

    def add_settings(self) -> None:
        super().add_settings()
        self.fields["tls"] = forms.BooleanField(label=_("Encrypted (HTTPS)"), required=False, initial=True)


class DuckForm(SourceForm):
    def add_settings(self) -> None:
        self.fields["database"] = forms.CharField(
            label=_("Database file"),
            required=False,
            max_length=400,
            help_text=_("Empty: files are named in the statement, such as read_parquet('/…/*.parquet')."),
        )


class SalesforceForm(SourceForm):
    SECRETS = ("client_secret",)

    def add_settings(self) -> None:
        self.fields["address"] = forms.CharField(
            label=_("Address of your organisation"),
            max_length=300,
            help_text=_("My Domain, for example: https://acme.my.salesforce.com"),
        )
        self.fields["client_id"] = forms.CharField(
            label=_("Consumer key"),
            max_length=300,
            help_text=_("Of a connected app with the client credentials flow, run as a user who may only read"),
        )
        self.add_secret("client_secret", _("Consumer secret"))


class HubSpotForm(SourceForm):
    SECRETS = ("token", "client_secret", "refresh_token")

    def add_settings(self) -> None:
        self.fields["address"] = forms.CharField(label=_("Address"), max_length=300, initial="https://api.hubapi.com")
        self.add_secret("token", _("Access token of a private app"))
        self.fields["client_id"] = forms.CharField(
            label=_("Client ID"),
            required=False,
            max_length=300,
            help_text=_("Instead of a token: of a public app, with the next two"),
        )
        self.add_secret("client_secret", _("Client secret"))
        self.add_secret("refresh_token", _("Refresh token"))


class ObjectForm(forms.Form):
    """Which kind of records of a CRM is read; the kind says what they become."""

    OBJECTS: ClassVar[dict[str, crm.CrmObject]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.name, f"{one.name} → {Kind(one.kind).label}") for one in self.OBJECTS.values()]
        self.fields["what"] = forms.ChoiceField(label=_("Records"), choices=choices)

    def clean(self) -> dict[str, Any]:
        """Add what the records become."""
        data = super().clean() or self.cleaned_data
        if data.get("what"):
            data["kind"] = self.OBJECTS[data["what"]].kind
        return data


class SalesforceObjectForm(ObjectForm):
    OBJECTS = crm.OBJECTS["salesforce"]


class HubSpotObjectForm(ObjectForm):
    OBJECTS = crm.OBJECTS["hubspot"]


class FilesForm(forms.Form):
    """Which files of a folder are read, and what is in them."""

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
            raise ValidationError(gettext("Name files of this folder only, without “/”."))
        return what


class StatementForm(forms.Form):
    """Which rows of a warehouse are read, and from where on."""

    kind = forms.ChoiceField(label=_("What the rows are"), choices=Kind.choices)
    what = forms.CharField(
        label=_("Statement (SQL)"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "One SELECT. With :cursor in it, each run goes on where the last one ended: "
            "SELECT id, name, updated_at FROM customers WHERE updated_at > :cursor"
        ),
    )
    cursor_column = forms.CharField(
        label=_("Column to go on from"),
        required=False,
        max_length=200,
        help_text=_("A column that only grows, such as updated_at or id. Empty: all rows are read each time."),
    )
    starts_at = forms.CharField(
        label=_("First value of :cursor"), required=False, max_length=200, initial="1970-01-01 00:00:00"
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a place for the cursor without its column, and the other way round."""
        data = super().clean() or self.cleaned_data
        if statements.has_cursor(data.get("what", "")) != bool(data.get("cursor_column")):
            why = gettext("Name the column to go on from, and write :cursor into the statement; or neither.")
            self.add_error("cursor_column", why)
        if not data.get("cursor_column"):
            data["starts_at"] = ""
        return data


FORMS: Final[dict[str, type[SourceForm]]] = {
    SourceKind.FOLDER: FolderForm,
    SourceKind.POSTGRESQL: PostgresForm,
    SourceKind.CLICKHOUSE: ClickHouseForm,
    SourceKind.DUCKDB: DuckForm,
    SourceKind.SALESFORCE: SalesforceForm,
    SourceKind.HUBSPOT: HubSpotForm,
}
FEEDS: Final[dict[str, type[forms.Form]]] = {
    SourceKind.FOLDER: FilesForm,
    SourceKind.SALESFORCE: SalesforceObjectForm,
    SourceKind.HUBSPOT: HubSpotObjectForm,
}


def feed_form(kind: str) -> type[forms.Form]:
    """Return what is asked about what is read from a source of a kind."""
    return FEEDS.get(kind, StatementForm)


def _allowed() -> str:
    folders = ", ".join(str(folder) for folder in settings.SOURCE_FOLDERS)
    return gettext("Files are read where they lie. Allowed, with all folders below: %(folders)s") % {"folders": folders}
