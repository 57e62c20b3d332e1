"""Accounts are watched: alerts are raised, kept up to date and closed; people snooze and resolve them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import numpy as np
from django.db import transaction

from banso.accounts import queries as accounts
from banso.health.models import Alert, Closing, Outlook, Snooze, Watching
from banso.health.queries.watching import WEEK, Watched, alarms_a_year, watched
from banso.journal.actions import News, write, write_many
from banso.people import queries as people
from banso.people.access import Actor
from banso.science import months, warning
from banso.science.basis import NotEnough
from banso.science.courses import courses

DROP: Final = "drop"
USE: Final = "use"
# A drop seen longer ago than this is no news any more, though it may still last.
NEWS_WEEKS: Final = 13
WEEKS_SHOWN: Final = 52
SEED: Final = 20_240_401
LEAST_RATE, MOST_RATE = Decimal("0.05"), Decimal("6.00")
_UPDATED: Final = ("size", "low", "high", "usual", "latest", "course", "as_of_on")


class UnknownAlert(Exception):
    """There is no such alert, or it is closed."""


class WrongDay(ValueError):
    """An alert rests until a day in the future, within a year."""


class NoReason(ValueError):
    """Whoever lets an alert rest says why."""


class WrongRate(ValueError):
    """False alarms are asked for between .05 and 6 a year."""


@dataclass(frozen=True)
class Done:
    """What watching did: accounts watched, alerts raised, and alerts that ended by themselves."""

    watched: int
    raised: int
    ended: int


def watch(*, on: date, by: Actor, now: datetime) -> Done | None:
    """Watch all accounts up to the last whole week before a day; None where no whole week of use is there yet.

    An alert is open once for each account, kind and reason: while it is open, or after somebody resolved it, the same
    drop raises no other. All reading comes before the one transaction.
    """
    found = watched(on, people.company())
    if found is None:
        return None
    rate = alarms_a_year()
    seen = warning.watch(found.volumes, alarms_a_year=rate, seed=SEED)
    outlook = _outlook(found, rate, on=on, now=now)
    if isinstance(seen, NotEnough):
        outlook.quiet_weeks = seen.have["account_weeks"]
        outlook.needed_weeks = seen.needed["account_weeks"]
        return _keep(outlook, {}, frozenset(), by=by, now=now)
    outlook.quiet_weeks = seen.limits.quiet_weeks
    outlook.outages = [[found.mondays[week].isoformat(), round(share, 4)] for week, share in seen.outages]
    is_there = np.isfinite(seen.courses.ratio[:, -1])
    still = frozenset(pk for pk, is_so in zip(found.ids, is_there, strict=True) if is_so)
    return _keep(outlook, dict(_lasting(found, seen, on=on)), still, by=by, now=now)


@transaction.atomic
def snooze(*, alert_id: int, until_on: date, reason: str, by: Actor, now: datetime, today: date) -> None:
    """Let an alert rest until a day. Raises UnknownAlert, WrongDay and NoReason."""
    alert = _open(alert_id)
    if not today < until_on <= today + timedelta(days=366):
        raise WrongDay(until_on)
    if not reason.strip():
        raise NoReason
    Snooze.objects.filter(alert=alert, ended_at__isnull=True).update(ended_at=now)
    Snooze.objects.create(alert=alert, until_on=until_on, reason=reason.strip(), made_at=now, made_by_id=by.user_id)
    write(_news("alert.snoozed", alert, reason=reason.strip(), to=until_on.isoformat()), by=by, now=now)


@transaction.atomic
def wake(*, alert_id: int, by: Actor, now: datetime) -> None:
    """End the rest of an alert before its day; raises UnknownAlert where it is closed."""
    alert = _open(alert_id)
    if Snooze.objects.filter(alert=alert, ended_at__isnull=True).update(ended_at=now):
        write(_news("alert.woken", alert), by=by, now=now)


@transaction.atomic
def resolve(*, alert_id: int, note: str, by: Actor, now: datetime) -> None:
    """Close an alert: it was looked at, and the same drop is not told again. Raises UnknownAlert."""
    alert = _open(alert_id)
    alert.closed_at, alert.closing, alert.closed_by_id, alert.note = now, Closing.RESOLVED, by.user_id, note.strip()
    alert.save(update_fields=["closed_at", "closing", "closed_by", "note"])
    write(_news("alert.resolved", alert, note=note.strip()), by=by, now=now)


@transaction.atomic
def reopen(*, alert_id: int, by: Actor, now: datetime) -> None:
    """Open an alert again that somebody resolved. Raises UnknownAlert, also where another is open meanwhile."""
    alert = Alert.objects.select_for_update().filter(pk=alert_id, closing=Closing.RESOLVED).first()
    if alert is None or Alert.objects.filter(**_key(alert), closed_at__isnull=True).exists():
        raise UnknownAlert(alert_id)
    alert.closed_at, alert.closing, alert.closed_by_id, alert.note = None, "", None, ""
    alert.save(update_fields=["closed_at", "closing", "closed_by", "note"])
    write(_news("alert.reopened", alert), by=by, now=now)


@transaction.atomic
def ask_for(*, rate: Decimal, by: Actor, now: datetime) -> None:
    """Ask for so many false alarms a year, for each account; the next watching goes by it. Raises WrongRate."""
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise WrongRate(rate)
    before = alarms_a_year()
    Watching.objects.create(alarms_a_year=rate, set_at=now, set_by_id=by.user_id)
    details = {"from": before, "to": float(rate)}
    write(News("alert.rate_set", subject_kind="watching", details=details), by=by, now=now)


@transaction.atomic
def _keep(
    outlook: Outlook, lasting: Mapping[int, dict[str, Any]], still: frozenset[int], *, by: Actor, now: datetime
) -> Done:
    """Bring alerts in line with the drops that last, by account; `still`: whose last week was watched."""
    open_now = {
        one.account_id: one
        for one in Alert.objects.select_for_update()
        .filter(kind=DROP, reason=USE, closed_at__isnull=True)
        .order_by("account_id", "pk")
    }
    ended = [alert for pk, alert in open_now.items() if pk not in lasting] if not outlook.needed_weeks else []
    for alert in ended:
        alert.closed_at = now
        alert.closing = Closing.BACK if alert.account_id in still else Closing.LEFT
    Alert.objects.bulk_update(ended, ["closed_at", "closing"], batch_size=500)
    kept = [alert for pk, alert in open_now.items() if pk in lasting]
    for alert in kept:
        for name in _UPDATED:
            setattr(alert, name, lasting[alert.account_id][name])
    Alert.objects.bulk_update(kept, _UPDATED, batch_size=500)
    raised = list(_raised(lasting, open_now, outlook.as_of_on, now))
    Alert.objects.bulk_create(raised, batch_size=500)
    write_many(_told("alert.raised", raised), by=by, now=now)
    write_many(_told("alert.ended", ended), by=by, now=now)
    Outlook.objects.all().delete()
    outlook.save()
    return Done(outlook.watched, len(raised), len(ended))


def _raised(
    lasting: Mapping[int, dict[str, Any]], open_now: Mapping[int, Alert], on: date, now: datetime
) -> Iterator[Alert]:
    """Yield alerts for drops that are news: not open, not dealt with before, and seen a short while ago."""
    closed = Alert.objects.filter(kind=DROP, reason=USE, closed_at__isnull=False).order_by("as_of_on", "pk")
    dealt_with = dict(closed.values_list("account_id", "as_of_on"))
    for pk, said in sorted(lasting.items()):
        is_known = pk in dealt_with and said["seen_on"] <= dealt_with[pk]
        if pk not in open_now and not is_known and on - said["seen_on"] <= NEWS_WEEKS * WEEK:
            yield Alert(account_id=pk, kind=DROP, reason=USE, raised_at=now, **said)


def _lasting(found: Watched, seen: warning.Watch, *, on: date) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield what there is to say of each drop that lasts, by account."""
    low, high = seen.courses.band()
    weekly, expected, drops = found.volumes.weekly, seen.courses.expected, seen.drops
    for at in np.flatnonzero(drops.ended < 0):
        account, last = int(drops.account[at]), len(found.mondays) - 1
        if not np.isfinite(expected[account, last]) or not np.isfinite(weekly[account, last]):
            continue
        shown = range(max(0, last + 1 - WEEKS_SHOWN), last + 1)
        rows = (
            (weekly[account, week], expected[account, week], low[account, week], high[account, week]) for week in shown
        )
        yield (
            found.ids[account],
            {
                "since_on": found.mondays[drops.since[at]],
                "seen_on": found.mondays[drops.seen[at]] + WEEK,
                "size": float(drops.size[at]),
                "low": float(drops.low[at]),
                "high": float(drops.high[at]),
                "usual": float(expected[account, last]),
                "latest": float(weekly[account, last]),
                "course": [
                    [found.mondays[week].isoformat(), *map(_figure, row)] for week, row in zip(shown, rows, strict=True)
                ],
                "as_of_on": on,
            },
        )


def _outlook(found: Watched, rate: float, *, on: date, now: datetime) -> Outlook:
    is_current = np.isfinite(found.volumes.weekly[:, -1])
    is_small = courses(found.volumes).group < 0
    small = np.flatnonzero(is_current & is_small)
    table = months.months(found.volumes.weekly[small], found.volumes.calendar)
    columns = (table.last, table.usual, table.ratio, table.low, table.high)
    rows = [
        [found.ids[account], *(_figure(column[place], 3) for column in columns)] for place, account in enumerate(small)
    ]
    return Outlook(
        as_of_on=on,
        computed_at=now,
        alarms_a_year=Decimal(str(rate)),
        watched=int((is_current & ~is_small).sum()),
        small=len(small),
        quiet_weeks=0,
        months=sorted(rows, key=lambda row: (row[3] is None, row[3], row[0])),
    )


def _figure(value: float, digits: int = 1) -> float | None:
    return round(float(value), digits) if np.isfinite(value) else None


def _told(verb: str, alerts: Iterable[Alert]) -> list[News]:
    every = list(alerts)
    names = accounts.names_of(one.account_id for one in every)
    return [_news(verb, one, name=names.get(one.account_id, "")) for one in every]


def _news(verb: str, alert: Alert, *, name: str = "", **details: str) -> News:
    said = {"change_percent": round(100 * alert.size), **{key: value for key, value in details.items() if value}}
    label = name or accounts.names_of([alert.account_id]).get(alert.account_id, "")
    return News(
        verb,
        account_id=alert.account_id,
        subject_kind="alert",
        subject_id=alert.pk,
        subject_label=label,
        details=said,
    )


def _open(alert_id: int) -> Alert:
    alert = Alert.objects.select_for_update().filter(pk=alert_id, closed_at__isnull=True).first()
    if alert is None:
        raise UnknownAlert(alert_id)
    return alert


def _key(alert: Alert) -> dict[str, Any]:
    return {"account_id": alert.account_id, "kind": alert.kind, "reason": alert.reason}
