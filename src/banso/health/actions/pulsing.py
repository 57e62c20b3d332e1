"""What staff think of an account is kept beside the score; the newest counts."""

from datetime import datetime

from django.db import transaction

from banso.health.models import Pulse
from banso.health.queries import PulseRow, pulses
from banso.journal.actions import News, write
from banso.people.access import Actor

RATINGS = range(1, 6)


class WrongRating(ValueError):
    """A pulse is a whole number from 1 to 5."""


class NotTheirs(Exception):
    """A pulse is taken back by the one who gave it."""


class UnknownPulse(Exception):
    """There is no such pulse, or it was taken back already."""


@transaction.atomic
def record_pulse(*, account_id: int, rating: int, reason: str, by: Actor, now: datetime) -> PulseRow:
    """Keep what somebody thinks of an account, 1 (will leave) to 5 (thriving); raises WrongRating."""
    if rating not in RATINGS:
        raise WrongRating(rating)
    made = Pulse.objects.create(
        account_id=account_id,
        rating=rating,
        reason=reason.strip(),
        given_by_id=by.user_id,
        given_at=now,
    )
    write(_news("health.pulse_recorded", made), by=by, now=now)
    return next(row for row in pulses([account_id]) if row.id == made.pk)


@transaction.atomic
def withdraw_pulse(*, pulse_id: int, by: Actor, now: datetime) -> None:
    """Take a pulse back: it no longer counts, but is kept. Raises UnknownPulse, and NotTheirs for somebody else's."""
    found = Pulse.objects.select_for_update().filter(pk=pulse_id, withdrawn_at__isnull=True).first()
    if found is None:
        raise UnknownPulse(pulse_id)
    if by.kind != "user" or found.given_by_id != by.id:
        raise NotTheirs(pulse_id)
    found.withdrawn_at = now
    found.save(update_fields=["withdrawn_at"])
    write(_news("health.pulse_withdrawn", found), by=by, now=now)


def _news(verb: str, pulse: Pulse) -> News:
    return News(
        verb,
        account_id=pulse.account_id,
        subject_kind="pulse",
        subject_id=pulse.pk,
        details={"rating": pulse.rating, "reason": pulse.reason},
    )
