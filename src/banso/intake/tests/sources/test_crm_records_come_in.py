"""Records of Salesforce and HubSpot come in: page by page, within limits, what is deleted and merged with them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from banso.accounts import queries as accounts
from banso.intake import actions
from banso.intake.actions.sources import keeping, pulling
from banso.intake.models import Feed, Source
from banso.intake.queries import sources
from banso.intake.queries.known import Everyone
from banso.intake.rules.crm import OBJECTS
from banso.intake.testing import A_MOMENT, pulled
from banso.intake.tests.sources.vendors import Vendor, vendor
from banso.people.testing import AN_ACTOR
from banso.usage import queries as usage

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    settings.SOURCE_HOSTS = ("127.0.0.1",)
    monkeypatch.setattr("banso.intake.queries.connectors.service.rest", RESTS.append)
    RESTS.clear()
    with vendor() as one:
        yield one


RESTS: list[float] = []


def at(minutes: int) -> str:
    return (A_MOMENT - timedelta(days=20) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def a_source(there: Vendor, kind: str, *names: str, is_trusted: bool = True) -> Source:
    secrets = {"client_secret": "right" if is_trusted else "canary"} | (
        {"refresh_token": "again"} if kind == "hubspot" else {}
    )
    settings = {"address": there.address, "client_id": "banso"}
    source = keeping.add(
        kind=kind, name="CRM", settings=settings, secrets=secrets, every_minutes=60, by=AN_ACTOR, now=A_MOMENT
    )
    for name in names:
        one = OBJECTS[kind][name]
        feed = keeping.add_feed(source_id=source.pk, kind=one.kind, what=name, by=AN_ACTOR, now=A_MOMENT)
        Feed.objects.filter(pk=feed.pk).update(mapping=one.mapping())
    return source


def an_account(number: int, minutes: int = 0, **said: Any) -> dict[str, Any]:
    facts = {"Id": f"001{number}", "Name": f"No. {number}", "ParentId": None, "IsDeleted": False}
    return {**facts, "MasterRecordId": None, "SystemModstamp": at(minutes), "Owner": None, **said}


def a_company(number: int, minutes: int = 0, **said: Any) -> dict[str, Any]:
    facts = {"hs_object_id": str(number), "name": f"No. {number}", "hs_lastmodifieddate": at(minutes), **said}
    return {"id": str(number), "properties": facts, "updatedAt": at(minutes)}


def names() -> dict[str, str]:
    return dict(accounts.visible_to(Everyone()).values_list("external_id", "name"))


def parents() -> dict[str, str]:
    found = accounts.visible_to(Everyone()).filter(parent__isnull=False)
    return dict(found.values_list("external_id", "parent__external_id"))


@pytest.mark.parametrize("kind", ["salesforce", "hubspot"])
def test_pages_come_in_whole_and_only_what_changed_comes_again(there: Vendor, kind: str) -> None:
    name, make = ("Account", an_account) if kind == "salesforce" else ("companies", a_company)
    there.records[name] = [make(number, number) for number in range(7)]
    source = a_source(there, kind, name)
    assert pulled(source, A_MOMENT).added == 7
    assert pulled(source, A_MOMENT).files == 0
    there.records[name][3] = make(3, 60, **({"Name": "New"} if kind == "salesforce" else {"name": "New"}))
    run = pulled(source, A_MOMENT)
    assert (run.read, run.changed) == (1, 1)


def test_what_is_saved_late_with_an_earlier_time_is_not_missed(there: Vendor) -> None:
    there.records["Account"] = [an_account(1, 10)]
    source = a_source(there, "salesforce", "Account")
    soon = datetime.fromisoformat(at(12))
    assert pulled(source, soon).added == 1
    there.records["Account"].append(an_account(2, 9))
    assert pulled(source, soon).added == 1
    assert pulled(source, A_MOMENT).files == 0


@pytest.mark.parametrize("kind", ["salesforce", "hubspot"])
def test_limits_are_kept_and_a_service_that_stumbles_is_asked_again(there: Vendor, kind: str) -> None:
    name, make = ("Account", an_account) if kind == "salesforce" else ("companies", a_company)
    there.records[name] = [make(number, number) for number in range(3)]
    source = a_source(there, kind, name)
    there.faults += ["429", "503", "cut"]
    assert pulled(source, A_MOMENT).added == 3
    assert RESTS == [3.0, 4.0, 8.0]


def test_a_token_that_runs_out_is_renewed_in_the_middle(there: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    there.records["Account"] = [an_account(number, number) for number in range(5)]
    source = a_source(there, "salesforce", "Account")
    monkeypatch.setattr("banso.intake.queries.connectors.salesforce._row", running_out(there))
    assert pulled(source, A_MOMENT).added == 5
    assert there.asked.count("/services/oauth2/token") == 2


def running_out(there: Vendor) -> Any:
    from banso.intake.queries.connectors import salesforce  # noqa: PLC0415  # before it is replaced

    real, calls = salesforce._row, []

    def row(*said: Any) -> list[str]:
        calls.append(1)
        if len(calls) == 2:
            there.run_out()
        return real(*said)

    return row


def test_the_limit_of_a_day_ends_the_run_and_what_came_stays(there: Vendor) -> None:
    there.records["Account"] = [an_account(1)]
    there.records["Contact"] = []
    source = a_source(there, "salesforce", "Account", "Contact")
    there.faults += ["", "limit"]
    run = pulled(source, A_MOMENT)
    assert (run.state, run.added) == ("failed", 1)
    assert run.failure is not None
    assert run.failure.code == "limit_reached"
    assert names() == {"0011": "No. 1"}


@pytest.mark.parametrize("kind", ["salesforce", "hubspot"])
def test_a_sign_in_that_is_refused_is_said_without_the_secret(there: Vendor, kind: str) -> None:
    source = a_source(there, kind, "Account" if kind == "salesforce" else "companies", is_trusted=False)
    run = pulled(source, A_MOMENT)
    assert run.failure is not None
    assert run.failure.code == "sign_in_refused"
    assert "canary" not in str(run.failure)


def test_a_service_that_stays_cut_off_is_said(there: Vendor) -> None:
    there.records["Account"] = [an_account(1)]
    source = a_source(there, "salesforce", "Account")
    there.faults += ["cut"] * 9
    run = pulled(source, A_MOMENT)
    assert run.failure is not None
    assert run.failure.code == "connection_lost"
    there.faults.clear()
    assert pulled(source, A_MOMENT).added == 1


def test_a_merged_account_of_salesforce_goes_below_its_master_and_unknown_ones_stay_away(there: Vendor) -> None:
    gone = an_account(9, 0, IsDeleted=True)
    there.records["Account"] = [an_account(1), an_account(2), gone]
    source = a_source(there, "salesforce", "Account")
    assert pulled(source, A_MOMENT).added == 2
    there.records["Account"] = [
        an_account(1, 60),
        an_account(2, 60, IsDeleted=True, MasterRecordId="0011"),
        an_account(3, 60, IsDeleted=True),
    ]
    pulled(source, A_MOMENT)
    assert names() == {"0011": "No. 1", "0012": "No. 2"}
    assert parents() == {"0012": "0011"}


def test_a_merged_company_of_hubspot_goes_below_its_winner(there: Vendor) -> None:
    there.records["companies"] = [a_company(1), a_company(2)]
    source = a_source(there, "hubspot", "companies")
    pulled(source, A_MOMENT)
    there.records["companies"] = [a_company(1, 60, hs_merged_object_ids="2;77")]
    pulled(source, A_MOMENT)
    assert set(names()) == {"1", "2"}
    assert parents() == {"2": "1"}


@pytest.mark.parametrize("kind", ["salesforce", "hubspot"])
def test_a_person_who_is_deleted_there_has_left_here(there: Vendor, kind: str) -> None:
    if kind == "salesforce":
        there.records["Account"] = [an_account(1)]
        person = {"Id": "003", "AccountId": "0011", "Name": "山田 花子", "Email": "h@example.jp", "IsDeleted": False}
        there.records["Contact"] = [{**person, "SystemModstamp": at(1)}]
        source = a_source(there, kind, "Account", "Contact")
    else:
        there.records["companies"] = [a_company(11)]
        facts = {"associatedcompanyid": "11", "lastname": "山田", "firstname": "花子", "lastmodifieddate": at(1)}
        there.records["contacts"] = [{"id": "5", "properties": facts, "updatedAt": at(1)}]
        source = a_source(there, kind, "companies", "contacts")
    assert pulled(source, A_MOMENT).added == 2
    if kind == "salesforce":
        there.records["Contact"][0] |= {"IsDeleted": True, "SystemModstamp": at(60)}
    else:
        there.records["contacts"][0]["archivedAt"] = at(60)
    assert pulled(source, A_MOMENT).changed == 1
    [account] = accounts.by_external_ids(["0011", "11"]).values()
    [person_row] = accounts.people_of([account], with_former=True)
    assert person_row.name == "山田 花子"
    assert person_row.left_on == datetime.fromisoformat(at(60)).date()


@pytest.mark.parametrize("kind", ["salesforce", "hubspot"])
def test_meetings_become_moments_once_and_only_when_they_were_held(there: Vendor, kind: str) -> None:
    if kind == "salesforce":
        there.records["Account"] = [an_account(1)]
        there.records["Event"] = [
            {"Id": f"00U{n}", "AccountId": "0011", "Subject": "Review", "StartDateTime": when, "EndDateTime": when,
             "IsDeleted": False}
            for n, when in enumerate((at(0), at(60), "2030-01-01T00:00:00.000+0000"))
        ]  # fmt: skip
        source = a_source(there, kind, "Account", "Event")
    else:
        there.records["companies"] = [a_company(11)]
        there.companies |= {"0": "11", "1": "11", "2": "11"}
        there.records["meetings"] = [
            {"id": str(n), "properties": {"hs_meeting_title": "Review", "hs_meeting_start_time": when}}
            for n, when in enumerate((at(0), at(60), "2030-01-01T00:00:00.000Z"))
        ]
        source = a_source(there, kind, "companies", "meetings")
    assert pulled(source, A_MOMENT).added == 3  # an account and two meetings
    assert pulled(source, A_MOMENT).added == 0
    assert [one.kind for one in usage.event_names() if one.name == "meeting_held"] == ["moment"]


def test_more_than_a_search_shows_is_found_all_the_same(there: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banso.intake.queries.connectors.hubspot.MOST_FOUND", 4)
    there.records["companies"] = [a_company(number, number) for number in range(1, 12)]
    assert pulled(a_source(there, "hubspot", "companies"), A_MOMENT).state == "done"
    assert len(names()) == 11


def test_columns_are_offered_as_the_vendor_names_them(there: Vendor) -> None:
    there.records["Account"] = [an_account(1)]
    source = a_source(there, "salesforce")
    feed = keeping.add_feed(source_id=source.pk, kind="accounts", what="Account", by=AN_ACTOR, now=A_MOMENT)
    draft = pulling.sample(feed_id=feed.pk, by=AN_ACTOR, now=A_MOMENT)
    assert {one["to"]: one["from"] for one in draft.mapping["columns"]} == {
        "external_id": "Id",
        "name": "Name",
        "parent": "Parent",
    }
    actions.start(import_id=draft.pk, skips_bad_rows=True, is_dry_run=False, by=AN_ACTOR, now=A_MOMENT)
    assert actions.run(draft.pk, now=A_MOMENT).rows_added == 1
    assert sources.feeds(source.pk)[0].is_confirmed
    assert A_MOMENT.tzinfo == UTC
