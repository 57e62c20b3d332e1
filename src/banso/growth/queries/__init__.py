"""The door for reading growth: where quantities stand against their limits, and how good the forecasts were."""

from banso.growth.queries.freshness import needs_refreshing

__all__ = ["needs_refreshing"]
