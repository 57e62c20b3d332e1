"""The calendar that deadlines of contracts are counted by."""

from banso.people.queries import CompanyRow
from banso.shared.businessdays import Calendar, calendar_of


def calendar(company: CompanyRow) -> Calendar:
    """Return the company's working days: national holidays of its country and its own closures."""
    return calendar_of(company.country, company.closures)
