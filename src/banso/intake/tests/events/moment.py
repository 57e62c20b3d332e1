"""When the segments of tests came."""

from datetime import UTC, datetime

NOW = datetime(2026, 4, 6, 3, 0, tzinfo=UTC)
