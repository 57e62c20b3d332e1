"""Custom fields as columns of a list: narrowed and put in order by the database, each by its type."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Case, CharField, Field, FloatField, Func, IntegerField, QuerySet, Value, When
from django.db.models.functions import Lower
from django.db.models.lookups import Exact, IsNull
from django.db.models.sql.compiler import SQLCompiler

from banso.accounts.models import Account, CustomField
from banso.accounts.rules import FieldCondition, FieldSpec, Way

type _Params = tuple[str | int, ...]

_OUTPUTS: Final[Mapping[str, type[Field[Any, Any]]]] = {"number": FloatField, "boolean": BooleanField}
# A value of another type, left from a field that had the same key before, counts as none.
_SQLITE: Final = {
    "number": "CASE WHEN JSON_TYPE({0}, %s) IN ('integer', 'real') THEN JSON_EXTRACT({0}, %s) END",
    "boolean": "CASE WHEN JSON_TYPE({0}, %s) IN ('true', 'false') THEN JSON_EXTRACT({0}, %s) END",
    "date": "CASE WHEN JSON_EXTRACT({0}, %s) LIKE '____-__-__' THEN JSON_EXTRACT({0}, %s) END",
    "text": "CASE WHEN JSON_TYPE({0}, %s) = 'text' THEN JSON_EXTRACT({0}, %s) END",
}
_POSTGRESQL: Final = {
    "number": "CASE WHEN jsonb_typeof({0} -> %s::text) = 'number' THEN ({0} ->> %s::text)::double precision END",
    "boolean": "CASE WHEN jsonb_typeof({0} -> %s::text) = 'boolean' THEN ({0} ->> %s::text)::boolean END",
    "date": "CASE WHEN {0} ->> %s::text LIKE '____-__-__' THEN {0} ->> %s::text END",
    "text": "CASE WHEN jsonb_typeof({0} -> %s::text) = 'string' THEN {0} ->> %s::text END",
}
_LOOKUPS: Final[Mapping[Way, str]] = {"is": "in", "contains": "icontains", "from": "gte", "to": "lte"}


@dataclass(frozen=True)
class FieldRow:
    """A custom field."""

    id: int
    key: str
    label: str
    kind: str
    choices: tuple[str, ...]
    position: int

    @property
    def spec(self) -> FieldSpec:
        """Return the definition that values are checked against."""
        return FieldSpec(self.key, self.label, self.kind, self.choices)


def custom_fields() -> list[FieldRow]:
    """Return the custom fields in their order."""
    return [
        FieldRow(one.pk, one.key, one.label, one.kind, tuple(one.choices), one.position)
        for one in CustomField.objects.order_by("position", "pk")
    ]


def meeting(found: QuerySet[Account], conditions: Iterable[FieldCondition]) -> QuerySet[Account]:
    """Return the accounts that meet all conditions; several values of one field are one of them."""
    values: dict[tuple[FieldSpec, Way], list[Any]] = {}
    for one in conditions:
        values.setdefault((one.field, one.way), []).append(one.value)
    for place, ((spec, way), some) in enumerate(values.items()):
        found = found.alias(**{f"custom{place}": _FieldValue(spec.key, spec.kind)})
        for wanted in [some] if way == "is" else some:
            found = found.filter(**{f"custom{place}__{_LOOKUPS[way]}": wanted})
    return found


def field_order(spec: FieldSpec) -> Func | Case:
    """Lend what a custom field sorts by: numbers by size, choices as the company lists them, no before yes.

    What is no choice any more comes after the choices; what has no value is null.
    """
    value = _FieldValue(spec.key, spec.kind)
    if spec.kind == "choice":
        places = [When(Exact(value, choice), then=Value(place)) for place, choice in enumerate(spec.choices)]
        other = When(IsNull(value, False), then=Value(len(spec.choices)))
        return Case(*places, other, output_field=IntegerField())
    return _ByCharacters(Lower(value)) if spec.kind == "text" else value


class _FieldValue(Func):
    """The value of a custom field in the type that the field has."""

    def __init__(self, key: str, kind: str) -> None:
        super().__init__("fields", output_field=_OUTPUTS.get(kind, CharField)())
        self.key, self.kind = key, kind if kind != "choice" else "text"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, _Params]:  # noqa: ARG002  # Django's signature
        return self._sql(compiler, _SQLITE, f'$."{self.key}"')

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, _Params]:  # noqa: ARG002  # likewise
        return self._sql(compiler, _POSTGRESQL, self.key)

    def _sql(self, compiler: SQLCompiler, templates: Mapping[str, str], place: str) -> tuple[str, _Params]:
        column, _none = compiler.compile(self.source_expressions[0])
        return templates[self.kind].format(column), (place, place)


class _ByCharacters(Func):
    """A text that sorts by its characters' numbers on every database."""

    arity = 1
    template = "%(expressions)s"

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"')
