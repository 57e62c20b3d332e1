"""The engine that counts: one of several behind one door, chosen by BANSO_ENGINE_URL."""

from django.conf import settings

from banso.usage.models.engines.clickhouse import ClickHouse
from banso.usage.models.engines.door import Engine, Session, Tell
from banso.usage.models.engines.embedded import Embedded
from banso.usage.models.engines.spark import Spark
from banso.usage.rules.addresses import Address, address_of

__all__ = ["Engine", "Session", "Tell", "current", "engine_at"]


def current() -> Engine:
    """Return the engine of this installation; raises WrongEngine where its address cannot be used."""
    return engine_at(address_of(settings.ENGINE_URL))


def engine_at(address: Address) -> Engine:
    """Return the engine at an address."""
    if address.kind == "duckdb":
        return Embedded()
    if address.kind in {"clickhouse", "chdb"}:  # the latter is the former's twin in the process, for tests
        return ClickHouse(address)
    return Spark(address)
