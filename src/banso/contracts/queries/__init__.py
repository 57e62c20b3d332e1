"""The door for reading contracts: rows for pages, columns for lists, courses for health and reports."""

from banso.contracts.queries.calendars import calendar
from banso.contracts.queries.columns import (
    mrr_column,
    notice_by_column,
    notices_between,
    renews_on_column,
    seats_column,
)
from banso.contracts.queries.contracts import (
    ContractRow,
    LineRow,
    accounts_by_contract,
    accounts_having,
    by_external_ids,
    contract,
    contracts_of,
    plan_names,
    rows_of,
)
from banso.contracts.queries.courses import (
    WEEKLY,
    customer_courses,
    mrr_by_account,
    mrr_by_customer,
    mrr_courses,
    mrr_over_time,
    revenue_movements,
    weekly_facts,
)
from banso.contracts.queries.decisions import decisions
from banso.contracts.queries.endings import Ending, endings, notices_given
from banso.contracts.queries.limits import (
    COUNTING_CHOICES,
    PERIOD_CHOICES,
    LimitRow,
    changed_at,
    limits_on,
    limits_within,
)
from banso.contracts.queries.rates import RateRow, Rates, rate_rows, rates

__all__ = [
    "COUNTING_CHOICES",
    "PERIOD_CHOICES",
    "WEEKLY",
    "ContractRow",
    "Ending",
    "LimitRow",
    "LineRow",
    "RateRow",
    "Rates",
    "accounts_by_contract",
    "accounts_having",
    "by_external_ids",
    "calendar",
    "changed_at",
    "contract",
    "contracts_of",
    "customer_courses",
    "decisions",
    "endings",
    "limits_on",
    "limits_within",
    "mrr_by_account",
    "mrr_by_customer",
    "mrr_column",
    "mrr_courses",
    "mrr_over_time",
    "notice_by_column",
    "notices_between",
    "notices_given",
    "plan_names",
    "rate_rows",
    "rates",
    "renews_on_column",
    "revenue_movements",
    "rows_of",
    "seats_column",
    "weekly_facts",
]
