"""Decide about events in quarantine: try them again, correct one, say that some are not to count, bring them back."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from banso.intake.actions.events.placing import placed, say_who
from banso.intake.models import Quarantined
from banso.intake.rules.events.cleaning import Unusable, cleaned
from banso.intake.rules.events.normal import Normal, Told, Unkept, normal, sent
from banso.intake.rules.events.times import since_epoch
from banso.intake.rules.events.wire import LARGEST_EVENT
from banso.journal import actions as journal
from banso.people.access import Actor
from banso.usage import actions as usage

# Of one call; a call for more leaves the rest to the next.
MOST_AT_ONCE: Final = 5_000


class StillWrong(ValueError):
    """An event that cannot be counted as it was corrected; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotThere(LookupError):
    """The event is no longer in quarantine, or not all of it was kept."""


@dataclass(frozen=True)
class Retried:
    """Which events were taken in, why others stay in quarantine, and whether more still wait to be tried."""

    taken_ids: frozenset[int]
    reasons: Mapping[int, str]
    is_more: bool

    @property
    def taken(self) -> int:
        return len(self.taken_ids)

    @property
    def still(self) -> int:
        return len(self.reasons)


@dataclass(frozen=True)
class Mended:
    """How many events were taken in, why others were not, and which are not there (any more), or not whole."""

    taken: int
    reasons: Mapping[int, str]
    missing: frozenset[int]


@dataclass(frozen=True)
class Decided:
    """How many events it was said of, and which of those that were named are not there."""

    count: int
    missing: frozenset[int]


def retry(*, ids: Collection[int] | None = None, reason: str = "", by: Actor, now: datetime) -> Retried:
    """Try quarantined events again, these or all of a reason (none: of all reasons), as if they came now.

    Each that can be counted goes into the lake once, by its message id or its place, and leaves the quarantine; the
    others stay, under the reason of now. Call it outside a transaction.
    """
    found = list(_open(ids, reason).filter(is_whole=True).order_by("pk")[: MOST_AT_ONCE + 1])
    some = found[:MOST_AT_ONCE]
    good: list[tuple[Quarantined, Normal | Told]] = []
    reasons: dict[int, str] = {}
    for one in some:
        try:
            good.append((one, _read(one, one.event, one.marks)))
        except Unkept as unkept:
            reasons[one.pk] = unkept.reason
        except Exception:  # noqa: BLE001  # whatever an event does to us, the others go on
            reasons[one.pk] = "unexpected"
    _take([what for _, what in good], by=by, now=now)
    with transaction.atomic():
        _rename(some, reasons)
        Quarantined.objects.filter(pk__in=[one.pk for one, _ in good]).delete()
        if good:
            _tell("quarantine.retried", len(good), reason, by=by, now=now)
    return Retried(frozenset(one.pk for one, _ in good), reasons, is_more=len(found) > MOST_AT_ONCE)


def mend(*, event_id: int, event: str, by: Actor, now: datetime) -> None:
    """Take an event in as it was corrected. Raises StillWrong, or NotThere. Call it outside a transaction."""
    done = mend_some(events={event_id: event}, by=by, now=now)
    if done.missing:
        raise NotThere(event_id)
    if done.reasons:
        raise StillWrong(done.reasons[event_id])


def mend_some(*, events: Mapping[int, str], by: Actor, now: datetime) -> Mended:
    """Take events in as they were corrected, by id; the others stay as they were. Call it outside a transaction."""
    good: list[tuple[Quarantined, Normal | Told]] = []
    reasons: dict[int, str] = {}
    found = list(_open(events, "").filter(is_whole=True).order_by("pk"))
    for one in found:
        try:
            clean, marks = cleaned(events[one.pk].encode(errors="replace"), LARGEST_EVENT)
            good.append((one, _read(one, clean.decode(), [*marks, "corrected"])))
        except (Unusable, Unkept) as wrong:
            reasons[one.pk] = wrong.reason
    _take([what for _, what in good], by=by, now=now)
    with transaction.atomic():
        Quarantined.objects.filter(pk__in=[one.pk for one, _ in good]).delete()
        for reason, count in sorted(Counter(one.reason for one, _ in good).items()):
            _tell("quarantine.mended", count, reason, by=by, now=now)
    return Mended(len(good), reasons, frozenset(events) - {one.pk for one in found})


@transaction.atomic
def discard(*, ids: Collection[int] | None = None, reason: str = "", by: Actor, now: datetime) -> Decided:
    """Say that quarantined events are not to count, these or all of a reason.

    They are kept for `UPLOAD_DAYS` and can be brought back until then.
    """
    done = _decide(_open(ids, reason), ids, discarded_at=now, discarded_by=by.label[:200] or by.kind)
    if done.count:
        _tell("quarantine.discarded", done.count, reason, by=by, now=now)
    return done


@transaction.atomic
def bring_back(
    *, ids: Collection[int] | None = None, discarded_at: datetime | None = None, by: Actor, now: datetime
) -> Decided:
    """Put discarded events back into quarantine, these or all that were discarded at a moment."""
    found = Quarantined.objects.filter(discarded_at__isnull=False)
    found = found.filter(pk__in=list(ids)) if ids is not None else found.filter(discarded_at=discarded_at)
    done = _decide(found, ids, discarded_at=None, discarded_by="")
    if done.count:
        _tell("quarantine.brought_back", done.count, "", by=by, now=now)
    return done


def forget_old_events(*, now: datetime) -> int:
    """Remove quarantined events that are older than files are kept (`UPLOAD_DAYS`); return how many."""
    before = now - timedelta(days=settings.UPLOAD_DAYS)
    return Quarantined.objects.filter(received_at__lt=before).delete()[0]


def _decide(found: QuerySet[Quarantined], ids: Collection[int] | None, **said: Any) -> Decided:
    missing = (
        frozenset[int]() if ids is None else frozenset(ids) - set(found.order_by("pk").values_list("pk", flat=True))
    )
    return Decided(found.update(**said), missing)


def _open(ids: Collection[int] | None, reason: str) -> QuerySet[Quarantined]:
    found = Quarantined.objects.filter(discarded_at=None)
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    return found.filter(reason=reason) if reason else found


def _read(one: Quarantined, event: str, marks: Sequence[str]) -> Normal | Told:
    return normal(
        event,
        place=one.place,
        received_us=since_epoch(one.received_at),
        sent_us=sent(one.sent_at or None),
        marks=marks,
        path=one.path,
    )


def _take(good: Sequence[Normal | Told], *, by: Actor, now: datetime) -> None:
    say_who([what for what in good if isinstance(what, Told)], now=now)
    events = [what for what in good if isinstance(what, Normal)]
    if events:
        usage.record(placed(events), source="quarantine", by=by, now=now)


def _rename(some: Sequence[Quarantined], reasons: dict[int, str]) -> None:
    changed = [one for one in some if reasons.get(one.pk, one.reason) != one.reason]
    for one in changed:
        one.reason = reasons[one.pk]
    Quarantined.objects.bulk_update(changed, ["reason"], batch_size=500)


def _tell(verb: str, count: int, reason: str, *, by: Actor, now: datetime) -> None:
    details = {"count": count, **({"reason": reason} if reason else {})}
    journal.write(journal.News(verb, subject_kind="quarantine", details=details), by=by, now=now)
