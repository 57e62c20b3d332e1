"""HubSpot: records by its search in the order of their last change; archived and merged ones are asked for apart."""

from collections.abc import Generator, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from banso.intake.queries.connectors import web
from banso.intake.queries.connectors.reading import FETCHED, Since, Wanted, from_when
from banso.intake.queries.connectors.service import Service, told
from banso.intake.queries.tables import as_text
from banso.intake.rules import statements
from banso.intake.rules.crm import COMPANY, GONE, GONE_ON, OBJECTS, PARENT, CrmObject
from banso.intake.rules.sourcing import Batch

PAGE: Final = 100
MOST_FOUND: Final = 10_000  # a search shows no more; then the next one goes on from the last time
NAME: Final = "FullName"

type Record = Mapping[str, Any]


def read(settings: Mapping[str, Any], secrets: Mapping[str, str], wanted: Wanted) -> Generator[Batch]:
    """Yield the records of an object that were changed since the last time; raises SourceProblem."""
    one = OBJECTS["hubspot"][wanted.what]
    with web.client(str(settings["address"])) as client:

        def sign_in(opened: httpx.Client) -> str:
            if not secrets.get("refresh_token"):
                return secrets.get("token", "")
            asked = {
                "grant_type": "refresh_token",
                "client_id": settings.get("client_id", ""),
                "client_secret": secrets.get("client_secret", ""),
                "refresh_token": secrets["refresh_token"],
            }
            return str(told(opened.post("/oauth/v1/token", data=asked)).get("access_token", ""))

        service = Service(client, sign_in)
        columns = [*one.fields, *([one.cursor] if one.cursor not in one.fields else []), NAME, COMPANY]
        columns += [GONE, GONE_ON, PARENT]
        rows = _rows(service, one, wanted, columns)
        yield from statements.batches(columns, rows, one.cursor, FETCHED)


def _rows(service: Service, one: CrmObject, wanted: Wanted, columns: list[str]) -> Iterator[list[str]]:
    since = from_when(wanted, one.overlap)
    if since and one.kind in {"accounts", "people"}:
        # First, so that the cursor, which they do not move, ends where the search ends.
        for record in _archived(service, one, since):
            yield _row(record, one, columns, gone_on=str(record.get("archivedAt") or "")[:10])
    for page in _found(service, one, since, wanted.now):
        companies = _companies(service, page) if one.kind == "usage" else {}
        for record in page:
            if since and one.kind in {"accounts", "people"}:
                yield from (_row(lost, one, columns, gone_on=_day(record)) for lost in _merged(record, one))
            yield _row(record, one, columns, company=companies.get(str(record["id"]), ""))


def _found(service: Service, one: CrmObject, since: Since | None, now: datetime) -> Iterator[list[Record]]:
    """Yield pages of a search; where it has shown as many as it may, another goes on from its last record."""
    lower: tuple[str, str] | None = ("GTE" if since.sign == ">=" else "GT", _millis(since.at)) if since else None
    while True:
        after, count, last = "", 0, ""
        while True:
            asked = _search(one, lower, now) | ({"after": after} if after else {})
            page = service.ask("POST", f"/crm/v3/objects/{one.name}/search", json=asked)
            records: list[Record] = page.get("results", [])
            if records:
                yield records
                last = str(records[-1].get("properties", {}).get(one.cursor) or "")
            count += len(records)
            after = str(page.get("paging", {}).get("next", {}).get("after", ""))
            if not after or count >= MOST_FOUND:
                break
        following = ("GTE", _millis(datetime.fromisoformat(last))) if after and last else None
        if following is None or following == lower:
            return
        lower = following


def _search(one: CrmObject, lower: tuple[str, str] | None, now: datetime) -> dict[str, Any]:
    filters: list[dict[str, str]] = []
    if lower:
        filters.append({"propertyName": one.cursor, "operator": lower[0], "value": lower[1]})
    if one.is_of_the_past:
        filters.append({"propertyName": one.cursor, "operator": "LTE", "value": _millis(now)})
    if one.where:
        is_flag = one.where.startswith("hs_is_")
        filters.append({"propertyName": one.where, "operator": "EQ", "value": "true"} if is_flag else
                       {"propertyName": one.where, "operator": "HAS_PROPERTY"})  # fmt: skip
    return {
        "filterGroups": [{"filters": filters}] if filters else [],
        "sorts": [{"propertyName": one.cursor, "direction": "ASCENDING"}],
        "properties": list(dict.fromkeys([*one.fields, one.cursor])),
        "limit": PAGE,
    }


def _archived(service: Service, one: CrmObject, since: Since) -> Iterator[Record]:
    """Yield what was archived since; the list of archived records has no filter of its own."""
    after = ""
    while True:
        asked = {"archived": "true", "limit": str(PAGE), "properties": ",".join(one.fields)}
        page = service.ask("GET", f"/crm/v3/objects/{one.name}", params=asked | ({"after": after} if after else {}))
        for record in page.get("results", []):
            at = record.get("archivedAt")
            if at and datetime.fromisoformat(at) >= since.at:
                yield record
        after = str(page.get("paging", {}).get("next", {}).get("after", ""))
        if not after:
            return


def _merged(record: Record, one: CrmObject) -> Iterator[Record]:
    """Yield the records that were merged into one: with its facts, their own ids, and below it."""
    facts = dict(record.get("properties", {}))
    for lost in str(facts.get("hs_merged_object_ids") or "").replace(",", ";").split(";"):
        if lost.strip() and lost.strip() != str(record["id"]):
            above = {"hs_parent_company_id": record["id"]} if one.kind == "accounts" else {}
            yield {"id": lost.strip(), "properties": {**facts, **above, "hs_object_id": lost.strip(), one.cursor: ""}}


def _companies(service: Service, page: list[Record]) -> dict[str, str]:
    """Return the company of each record of a page."""
    inputs = [{"id": str(record["id"])} for record in page]
    found = service.ask("POST", "/crm/v4/associations/meetings/companies/batch/read", json={"inputs": inputs})
    return {
        str(one["from"]["id"]): str(one["to"][0]["toObjectId"]) for one in found.get("results", []) if one.get("to")
    }


def _row(record: Record, one: CrmObject, columns: list[str], *, gone_on: str = "", company: str = "") -> list[str]:
    facts: Mapping[str, Any] = record.get("properties", {})
    name = " ".join(part for part in (as_text(facts.get("lastname")), as_text(facts.get("firstname"))) if part)
    worked_out = {
        "hs_object_id": record.get("id"),
        NAME: name or facts.get("email"),
        COMPANY: company,
        GONE: "true" if gone_on else "",
        GONE_ON: gone_on,
        PARENT: facts.get("hs_parent_company_id"),
        # What is gone does not move the cursor: it is found by another way.
        **({one.cursor: ""} if gone_on else {}),
    }
    return [as_text(worked_out.get(column, facts.get(column))) for column in columns]


def _day(record: Record) -> str:
    return str(record.get("updatedAt") or "")[:10]


def _millis(at: datetime) -> str:
    return str(round(at.astimezone(UTC).timestamp() * 1000))
