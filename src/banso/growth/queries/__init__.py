"""The door for reading growth: where quantities stand against their limits, and how good the forecasts were."""

from banso.growth.queries.drawing import charts_of
from banso.growth.queries.freshness import needs_refreshing
from banso.growth.queries.limits import (
    DEFAULT_SORT,
    TABS,
    Asked,
    LimitLine,
    LimitPage,
    crosses_column,
    every_limit,
    limit_page,
    limits_of,
    shown,
    soonest_of,
)
from banso.growth.queries.linking import LinkRow, link_of
from banso.growth.queries.record import Record, record

__all__ = [
    "DEFAULT_SORT",
    "TABS",
    "Asked",
    "LimitLine",
    "LimitPage",
    "LinkRow",
    "Record",
    "charts_of",
    "crosses_column",
    "every_limit",
    "limit_page",
    "limits_of",
    "link_of",
    "needs_refreshing",
    "record",
    "shown",
    "soonest_of",
]
