"""What is asked on the way of a file: the file and its kind, what each column is, and what is done with bad rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.accounts import queries as accounts
from banso.intake.models import Kind
from banso.intake.queries.wording import label_of
from banso.intake.rules import guessing, mapping
from banso.intake.rules.encodings import KNOWN
from banso.intake.rules.mapping import Column, Map
from banso.intake.rules.targets import FIELD, KINDS, PROPERTY, target_of

WORDS_LENGTH: Final = 200
DATE_ORDERS: Final = (
    ("", _("As written (year first, or clear)")),
    ("ymd", _("Year, month, day")),
    ("mdy", _("Month, day, year")),
    ("dmy", _("Day, month, year")),
)
DELIMITERS: Final = (
    ("", _("Find out")),
    (",", _("Comma")),
    ("\t", _("Tab")),
    (";", _("Semicolon")),
    ("|", _("Vertical bar")),
)


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is in the file"), required=False)
    file = forms.FileField(label=_("File"), allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Find out from the columns")), *Kind.choices]
        self.fields["kind"] = forms.ChoiceField(label=_("What is in the file"), required=False, choices=choices)


class ReadingForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is in the file"), choices=Kind.choices)
    encoding = forms.ChoiceField(label=_("Character encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Delimiter"), required=False, choices=DELIMITERS)
    sheet = forms.ChoiceField(label=_("Sheet"))

    def __init__(self, *args: Any, sheets: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"] = forms.ChoiceField(label=_("Sheet"), choices=[(name, name) for name in sheets])
        choices = [("", _("Find out")), *((name, name.upper()) for name in KNOWN)]
        self.fields["encoding"] = forms.ChoiceField(label=_("Character encoding"), required=False, choices=choices)
        for name in ("encoding", "delimiter") if sheets else ("sheet",):
            del self.fields[name]


class StartForm(forms.Form):
    bad_rows = forms.ChoiceField(
        label=_("When a row is refused"),
        widget=forms.RadioSelect,
        choices=[
            ("refuse", _("Save nothing (all or nothing)")),
            ("skip", _("Leave the row out and save the others")),
        ],
        initial="refuse",
    )
    is_dry_run = forms.BooleanField(label=_("Dry run: check everything, save nothing"), required=False)


class ColumnsForm(forms.Form):
    """For each column of the file, the fact it holds and how it is written; for each fact perhaps a fixed value."""

    def __init__(self, *args: Any, current: Map, columns: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current, self.names = current, columns
        by_source = {column.source: column for column in current.columns if column.source and not column.lookup}
        fixed = {column.to: column for column in current.columns if not column.source}
        own = self._own_fields()
        for place, name in enumerate(columns):
            self._add_column(place, name, by_source.get(name), own)
        for target in KINDS[current.kind]:
            column = fixed.get(target.key)
            self.fields[f"fixed_{target.key}"] = forms.CharField(
                label=label_of(current.kind, target.key),
                required=False,
                max_length=WORDS_LENGTH,
                initial=(column.value or column.template) if column else "",
            )
        self.fields["source"] = forms.CharField(
            label=_("Name of the source"), required=False, max_length=100, initial=current.source
        )
        self.fields["rest"] = forms.BooleanField(
            label=_("Keep all other columns as properties of the events"),
            required=False,
            initial=current.rest == "properties",
        )
        if current.kind != "usage":
            del self.fields["rest"]

    def rows(self) -> list[dict[str, Any]]:
        """Return the fields of each column of the file, for the table of the page."""
        return [
            {
                "place": place,
                "name": name,
                "to": self[f"to_{place}"],
                "options": [self[f"{part}_{place}"] for part in ("dates", "times", "minor", "yes", "no")],
            }
            for place, name in enumerate(self.names)
        ]

    def fixed(self) -> list[forms.BoundField]:
        """Return the fields for fixed values."""
        return [self[name] for name in self.fields if name.startswith("fixed_")]

    def chosen(self) -> Map:
        """Return the map that was chosen; what pages cannot say (words, lookups) is kept from the map before."""
        before = {(column.to, column.source): column for column in self.current.columns}
        columns: list[Column] = []
        for place, name in enumerate(self.names):
            to = self.cleaned_data[f"to_{place}"]
            if to:
                column = before.get((to, name), Column(to=to, source=name))
                columns.append(self._with_options(column, place))
        columns += [column for column in self.current.columns if column.lookup and column.source]
        for target in KINDS[self.current.kind]:
            value = self.cleaned_data[f"fixed_{target.key}"].strip()
            if value:
                is_template = bool(mapping.template_names(value))
                columns.append(
                    Column(to=target.key, template=value) if is_template else Column(to=target.key, value=value)
                )
        rest = "properties" if self.cleaned_data.get("rest") else "ignore"
        return replace(self.current, columns=tuple(columns), source=self.cleaned_data["source"].strip(), rest=rest)

    def _with_options(self, column: Column, place: int) -> Column:
        data = self.cleaned_data
        return replace(
            column,
            dates=data[f"dates_{place}"],
            times=data[f"times_{place}"].strip(),
            is_minor=data[f"minor_{place}"],
            yes=_words(data[f"yes_{place}"]),
            no=_words(data[f"no_{place}"]),
        )

    def _own_fields(self) -> list[tuple[str, str]]:
        if self.current.kind != "accounts":
            return []
        return [(FIELD + field.key, field.label) for field in accounts.custom_fields()]

    def _add_column(self, place: int, name: str, column: Column | None, own: list[tuple[str, str]]) -> None:
        kind = self.current.kind
        choices: list[tuple[str, Any]] = [("", _("Do not import"))]
        choices += [(target.key, label_of(kind, target.key)) for target in KINDS[kind]]
        choices += own
        new = {"accounts": FIELD + guessing.slug(name), "usage": PROPERTY + name}.get(kind)
        for key in (new, column.to if column else None):
            if key and key not in dict(choices) and target_of(kind, key):
                choices.append((key, label_of(kind, key, name)))
        self.fields[f"to_{place}"] = forms.ChoiceField(
            label=name, required=False, choices=choices, initial=column.to if column else ""
        )
        column = column or Column(to="")
        self.fields[f"dates_{place}"] = forms.ChoiceField(
            label=_("Order of dates"), required=False, choices=DATE_ORDERS, initial=column.dates
        )
        self.fields[f"times_{place}"] = forms.CharField(
            label=_("Multiply by"), required=False, max_length=20, initial=column.times
        )
        self.fields[f"minor_{place}"] = forms.BooleanField(
            label=_("Amounts are in the smallest unit (cents)"), required=False, initial=column.is_minor
        )
        for part, label, words in (("yes", _("Words for yes"), column.yes), ("no", _("Words for no"), column.no)):
            self.fields[f"{part}_{place}"] = forms.CharField(
                label=label, required=False, max_length=WORDS_LENGTH, initial=", ".join(words)
            )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("、", ",").split(",") if word.strip())
