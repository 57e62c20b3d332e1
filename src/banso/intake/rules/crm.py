"""Objects of Salesforce and HubSpot: which of their fields are read, and what these become unless somebody says else.

The names are those of the vendors' published schemas. `Gone`, `GoneOn` and `Parent` are worked out by the connectors.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

GONE: Final = "Gone"  # "true" for a record that was deleted or merged into another
GONE_ON: Final = "GoneOn"  # the day of that
PARENT: Final = "Parent"  # what a record was merged into, else what it belongs to
COMPANY: Final = "CompanyId"  # the company of a record, where it is asked for apart
OVERLAP: Final = timedelta(minutes=10)  # what is saved there late has an earlier time than what was read
LATE: Final = timedelta(days=7)  # meetings are written down afterwards


@dataclass(frozen=True)
class CrmObject:
    """One kind of record: how the vendor calls it and what is read of it, in the order of its cursor."""

    name: str
    kind: str
    fields: tuple[str, ...]
    becomes: tuple[tuple[str, str], ...]  # (fact, field)
    cursor: str
    where: str = ""
    fixed: tuple[tuple[str, str], ...] = ()  # (fact, value)
    overlap: timedelta = OVERLAP
    is_of_the_past: bool = False  # only what lies behind us is read

    def mapping(self) -> dict[str, Any]:
        """Return how its columns are read unless somebody says else."""
        columns = [{"to": fact, "from": field} for fact, field in self.becomes]
        columns += [{"to": fact, "value": value} for fact, value in self.fixed]
        return {"kind": self.kind, "columns": columns}


MEETING: Final = "meeting_held"  # a moment in the timeline: no use of the product

SALESFORCE: Final = (
    CrmObject(
        "Account",
        "accounts",
        ("Id", "Name", "ParentId", "Type", "Industry", "BillingCountry", "Owner.Email", "CreatedDate"),
        (("external_id", "Id"), ("name", "Name"), ("parent", PARENT)),
        "SystemModstamp",
    ),
    CrmObject(
        "Contract",
        "contracts",
        ("Id", "AccountId", "ContractNumber", "StartDate", "EndDate", "ContractTerm", "Status"),
        (
            ("external_id", "Id"),
            ("account", "AccountId"),
            ("name", "ContractNumber"),
            ("starts_on", "StartDate"),
            ("last_on", "EndDate"),
        ),
        "SystemModstamp",
        where="StartDate != null AND Status = 'Activated'",
    ),
    CrmObject(
        "Opportunity",
        "contracts",
        ("Id", "AccountId", "Name", "Amount", "CloseDate", "StageName"),
        (
            ("external_id", "Id"),
            ("account", "AccountId"),
            ("name", "Name"),
            ("starts_on", "CloseDate"),
            ("amount", "Amount"),
        ),
        "SystemModstamp",
        where="AccountId != null AND IsWon = true",
        fixed=(("term_months", "12"),),
    ),
    CrmObject(
        "Contact",
        "people",
        ("Id", "AccountId", "Name", "Email", "Title", "Department"),
        (
            ("external_id", "Id"),
            ("account", "AccountId"),
            ("name", "Name"),
            ("email", "Email"),
            ("title", "Title"),
            ("department", "Department"),
            ("left_on", GONE_ON),
        ),
        "SystemModstamp",
        where="AccountId != null",
    ),
    CrmObject(
        "Event",
        "usage",
        ("Id", "AccountId", "Subject", "StartDateTime"),
        (("message_id", "Id"), ("account", "AccountId"), ("at", "StartDateTime"), ("property:subject", "Subject")),
        "EndDateTime",
        where="AccountId != null AND IsDeleted = false",
        fixed=(("name", MEETING),),
        overlap=LATE,
        is_of_the_past=True,
    ),
)
HUBSPOT: Final = (
    CrmObject(
        "companies",
        "accounts",
        ("hs_object_id", "name", "domain", "industry", "country", "hs_parent_company_id", "hs_merged_object_ids"),
        (("external_id", "hs_object_id"), ("name", "name"), ("parent", PARENT)),
        "hs_lastmodifieddate",
    ),
    CrmObject(
        "deals",
        "contracts",
        ("hs_object_id", "dealname", "amount", "closedate", "hs_primary_associated_company", "hs_is_closed_won"),
        (
            ("external_id", "hs_object_id"),
            ("account", "hs_primary_associated_company"),
            ("name", "dealname"),
            ("starts_on", "closedate"),
            ("amount", "amount"),
        ),
        "hs_lastmodifieddate",
        where="hs_is_closed_won",
        fixed=(("term_months", "12"),),
    ),
    CrmObject(
        "contacts",
        "people",
        ("hs_object_id", "associatedcompanyid", "firstname", "lastname", "email", "jobtitle", "hs_merged_object_ids"),
        (
            ("external_id", "hs_object_id"),
            ("account", "associatedcompanyid"),
            ("name", "FullName"),
            ("email", "email"),
            ("title", "jobtitle"),
            ("left_on", GONE_ON),
        ),
        "lastmodifieddate",
        where="associatedcompanyid",
    ),
    CrmObject(
        "meetings",
        "usage",
        ("hs_object_id", "hs_meeting_title", "hs_meeting_start_time"),
        (
            ("message_id", "hs_object_id"),
            ("account", COMPANY),
            ("at", "hs_meeting_start_time"),
            ("property:subject", "hs_meeting_title"),
        ),
        "hs_meeting_start_time",
        fixed=(("name", MEETING),),
        overlap=LATE,
        is_of_the_past=True,
    ),
)
OBJECTS: Final[dict[str, dict[str, CrmObject]]] = {
    "salesforce": {one.name: one for one in SALESFORCE},
    "hubspot": {one.name: one for one in HUBSPOT},
}
