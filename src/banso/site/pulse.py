"""How an installation is: its database, its usage engine, its worker, and what waits for them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

import duckdb
import structlog
from django.db import DatabaseError, connection
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_tasks_db.models import DBTaskResult

from banso.intake.queries import quarantine, spool
from banso.operations import queries as operations
from banso.people import queries as people
from banso.usage import queries as usage

type Status = Literal["ok", "degraded", "down"]

STATUSES: Final[tuple[Status, ...]] = ("ok", "degraded", "down")
# An hour of 100,000 events a second in batches takes more; who has less must look now.
FEW_BYTES: Final = 1024 * 1024 * 1024
LABELS: Final = {
    "database": gettext_noop("Database"),
    "engine": gettext_noop("Usage engine"),
    "worker": gettext_noop("Worker"),
    "spool": gettext_noop("Usage on its way"),
}
FACTS: Final = {
    "kind": gettext_noop("Kind"),
    "seconds_since_seen": gettext_noop("Seconds since it was seen"),
    "jobs_waiting": gettext_noop("Jobs waiting"),
    "lag_seconds": gettext_noop("Seconds that the oldest waits"),
    "segments_waiting": gettext_noop("Segments waiting"),
    "bytes_waiting": gettext_noop("Waiting"),
    "events_refused": gettext_noop("Requests refused for a wrong write key (see API keys)"),
    "events_in_quarantine": gettext_noop("Events in quarantine"),
    "bytes_free": gettext_noop("Free on the disk"),
    "is_behind": gettext_noop("Lacks roll-ups"),
    "trouble": gettext_noop("Events cannot be written"),
}
REMEDIES: Final = {
    "database": gettext_noop("The database does not answer: see whether it runs, and BANSO_DATABASE_URL."),
    "engine": gettext_noop(
        "Usage cannot be counted, roll-ups wait, nothing is lost: see whether the engine runs, and BANSO_ENGINE_URL."
    ),
    "engine.is_behind": gettext_noop(
        "The engine lacks roll-ups. The job that brings them is on its way; at once: “banso engine copy”."
    ),
    "worker": gettext_noop("No worker was seen for a minute: start one with “banso worker”."),
    "spool": gettext_noop(
        "Below 1 GB free, or where the disk cannot be written, events are in danger of being turned away:"
        " make room, and see who may write BANSO_DATA. Clients send again what was turned away."
    ),
}
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Part:
    """One part of the installation, and how it is."""

    name: str
    status: Status
    facts: Mapping[str, object] = field(default_factory=dict)
    # What it says itself; for operators, not for probes.
    reason: str = ""


@dataclass(frozen=True)
class PartRow:
    """One part of the installation in the reader's words: how it is, and what to do where it is not well."""

    label: str
    status: str
    facts: list[tuple[str, object]]
    remedy: str
    reason: str = ""


def take(now: datetime) -> list[Part]:
    """Return how each part is; a part that fails is `down`, and its error stands in the log, not in the answer."""
    return [
        _guarded("database", _database),
        _guarded("engine", _engine),
        _guarded("worker", lambda: _worker(now)),
        _guarded("spool", lambda: _spool(now)),
    ]


def worst(parts: Sequence[Part]) -> Status:
    """Return the status of the whole: that of the part that is worst off."""
    return max((part.status for part in parts), key=STATUSES.index, default="ok")


def in_words(part: Part) -> PartRow:
    """Return a part in the reader's language, as pages and the command line show it."""
    return PartRow(
        label=_(LABELS[part.name]) if part.name in LABELS else part.name,
        status=part.status,
        facts=[(_(FACTS[name]) if name in FACTS else name, _shown(name, value)) for name, value in part.facts.items()],
        remedy=_remedy(part),
        reason=part.reason,
    )


def _guarded(name: str, look: Callable[[], Part]) -> Part:
    try:
        return look()
    except (DatabaseError, duckdb.Error, usage.EngineDown, usage.WrongEngine, OSError) as error:
        log.warning("part is down", part=name, error=str(error))
        return Part(name, "down")


def _database() -> Part:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Part("database", "ok", {"kind": connection.vendor})


def _engine() -> Part:
    kind = usage.engine_kind()
    try:
        usage.answering_engine()
        behind = usage.engine_lacks()
    except usage.EngineDown as down:
        # Pages that count nothing work on, and roll-ups wait: no reason to take the installation away from people.
        log.warning("the engine is down", kind=kind, error=str(down))
        return Part("engine", "degraded", {"kind": kind}, reason=str(down))
    return Part("engine", "degraded" if behind else "ok", {"kind": kind} | ({"is_behind": True} if behind else {}))


def _worker(now: datetime) -> Part:
    last = operations.worker_seen_at()
    silent = None if last is None else max(0.0, (now - last).total_seconds())
    waiting = DBTaskResult.objects.ready().order_by("enqueued_at", "pk")
    oldest = waiting.values_list("enqueued_at", flat=True).first()
    facts = {
        "seconds_since_seen": None if silent is None else round(silent),
        "jobs_waiting": waiting.count(),
        "lag_seconds": 0 if oldest is None else max(0, round((now - oldest).total_seconds())),
    }
    return Part("worker", "ok" if operations.has_worker(now) else "degraded", facts)


def _spool(now: datetime) -> Part:
    waiting = spool.spool_now(now)
    facts: dict[str, object] = {
        "segments_waiting": waiting.segments + usage.segments_waiting(),
        "bytes_waiting": waiting.bytes,
        "lag_seconds": 0 if waiting.oldest_at is None else max(0, round((now - waiting.oldest_at).total_seconds())),
        "events_refused": sum(one.count for one in people.refused_keys()),
        "events_in_quarantine": quarantine.totals().waiting,
        "bytes_free": waiting.bytes_free,
    }
    if waiting.trouble:
        facts["trouble"] = waiting.trouble
    is_well = not waiting.trouble and (waiting.bytes_free is None or waiting.bytes_free >= FEW_BYTES)
    return Part("spool", "ok" if is_well else "degraded", facts)


def _remedy(part: Part) -> str:
    """Return what to do: for what is the matter, where there are words for it, else for the part."""
    special = next((f"{part.name}.{name}" for name in part.facts if f"{part.name}.{name}" in REMEDIES), part.name)
    return _(REMEDIES[special]) if part.status != "ok" and special in REMEDIES else ""


def _shown(name: str, value: object) -> object:
    """Return a fact as it is read: bytes by their unit, and no value without a blank."""
    if value is None:
        return "–"
    if value is True:
        return _("yes")
    return filesizeformat(value) if name.startswith("bytes_") and isinstance(value, int) else value
