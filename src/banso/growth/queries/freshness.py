"""Whether limits must be measured anew."""

from django.db.models import Max

from banso.contracts import queries as contracts
from banso.growth.models import Standing
from banso.usage import queries as usage


def needs_refreshing() -> bool:
    """Return whether usage was counted, or a contract changed, since limits were measured last."""
    measured_at = Standing.objects.aggregate(at=Max("computed_at"))["at"]
    changes = [at for at in (usage.counted_at(), contracts.changed_at()) if at is not None]
    if measured_at is None:
        return contracts.changed_at() is not None and usage.counted_at() is not None
    return any(at > measured_at for at in changes)
