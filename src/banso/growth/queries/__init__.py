"""The door for reading growth: where quantities stand against their limits, and how good the forecasts were."""

from banso.growth.queries.drawing import charts_of
from banso.growth.queries.freshness import needs_refreshing
from banso.growth.queries.limits import (
    DEFAULT_SORT,
    NEWS_DAYS,
    TABS,
    Asked,
    LimitLine,
    LimitPage,
    limit_page,
    limits_of,
    passing,
    shown,
)
from banso.growth.queries.linking import LinkRow, link_of
from banso.growth.queries.record import Record, record
from banso.growth.queries.sheets import sheet

__all__ = [
    "DEFAULT_SORT",
    "NEWS_DAYS",
    "TABS",
    "Asked",
    "LimitLine",
    "LimitPage",
    "LinkRow",
    "Record",
    "charts_of",
    "limit_page",
    "limits_of",
    "link_of",
    "needs_refreshing",
    "passing",
    "record",
    "sheet",
    "shown",
]
