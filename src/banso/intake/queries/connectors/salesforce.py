"""Salesforce: records by SOQL in the order of their last change, those deleted and merged with them."""

from collections.abc import Generator, Iterator, Mapping
from typing import Any, Final

import httpx

from banso.intake.queries.connectors import web
from banso.intake.queries.connectors.reading import FETCHED, Wanted, from_when
from banso.intake.queries.connectors.service import Service, told
from banso.intake.queries.tables import as_text
from banso.intake.rules import statements
from banso.intake.rules.crm import GONE, GONE_ON, OBJECTS, PARENT, CrmObject
from banso.intake.rules.sourcing import Batch, SourceProblem

VERSION: Final = "v62.0"
HAVE_MASTERS: Final = frozenset({"Account", "Contact"})


def read(settings: Mapping[str, Any], secrets: Mapping[str, str], wanted: Wanted) -> Generator[Batch]:
    """Yield the records of an object that were changed since the last time; raises SourceProblem."""
    one = OBJECTS["salesforce"][wanted.what]
    with web.client(str(settings["address"])) as client:

        def sign_in(opened: httpx.Client) -> str:
            asked = {
                "grant_type": "client_credentials",
                "client_id": settings["client_id"],
                "client_secret": secrets.get("client_secret", ""),
            }
            return str(told(opened.post("/services/oauth2/token", data=asked)).get("access_token", ""))

        rows = _rows(Service(client, sign_in), one, wanted)
        columns = [*one.fields, one.cursor, GONE, GONE_ON, PARENT]
        yield from statements.batches(columns, rows, one.cursor, FETCHED)


def soql(one: CrmObject, wanted: Wanted) -> str:
    """Return the query for what is new; a first time leaves out what is deleted, as nobody knows it here."""
    fields = [*one.fields, one.cursor, *(["IsDeleted"] if "IsDeleted" not in one.fields else [])]
    fields += ["MasterRecordId"] if one.name in HAVE_MASTERS else []
    since = from_when(wanted, one.overlap)
    clauses = [one.where, f"{one.cursor} {since.sign} {since.at:%Y-%m-%dT%H:%M:%S.%fZ}" if since else ""]
    clauses += [f"{one.cursor} <= {wanted.now:%Y-%m-%dT%H:%M:%SZ}" if one.is_of_the_past else ""]
    clauses += ["IsDeleted = false" if not since and "IsDeleted" not in one.where else ""]
    where = " AND ".join(clause for clause in clauses if clause)
    return f"SELECT {', '.join(dict.fromkeys(fields))} FROM {one.name}{' WHERE ' if where else ''}{where} ORDER BY {one.cursor}, Id"  # noqa: S608, E501  # our own words and a time


def _rows(service: Service, one: CrmObject, wanted: Wanted) -> Iterator[list[str]]:
    page = service.ask("GET", f"/services/data/{VERSION}/queryAll", params={"q": soql(one, wanted)})
    while True:
        for record in page.get("records", []):
            yield _row(record, one)
        following = page.get("nextRecordsUrl")
        if page.get("done", True) or not following:
            return
        if not str(following).startswith("/services/data/"):
            raise SourceProblem("service_refused", value="Salesforce", reason=str(following)[:100])
        page = service.ask("GET", str(following))


def _row(record: Mapping[str, Any], one: CrmObject) -> list[str]:
    is_gone = bool(record.get("IsDeleted"))
    changed = as_text(record.get(one.cursor))
    parent = record.get("MasterRecordId") or record.get("ParentId")
    cells = [as_text(_field(record, name)) for name in one.fields]
    return [*cells, changed, "true" if is_gone else "", changed[:10] if is_gone else "", as_text(parent)]


def _field(record: Mapping[str, Any], name: str) -> object:
    """Return a field, also one of a record that is related: `Owner.Email`."""
    value: Any = record
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
