"""The door for counting calls, and for remembering answers so that a call sent twice is done once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction

from banso.api.models import Reply, Tally
from banso.api.rules import GIVEN_UP_MINUTES, REMEMBERED_HOURS, Allowance, window_of


class StillAtWork(Exception):
    """The same call is being done at this moment."""


class NameReused(Exception):
    """An Idempotency-Key that was used for another request before."""


@dataclass(frozen=True)
class Call:
    """A writing call that its sender named: who calls what, by which name, and the digest of what was sent."""

    key_id: int
    route: str
    name: str
    digest: str


@dataclass(frozen=True)
class Claim:
    """The right to do a named call; it is ours as long as nobody took it over."""

    id: int
    claimed_at: datetime


@dataclass(frozen=True)
class Answer:
    """What was answered the first time."""

    status: int
    body: str


def count_call(*, key_id: int, limit: int, now: datetime) -> Allowance:
    """Count one call of a key and return what it may still ask in this minute; exact over all server processes."""
    minute, resets_in = window_of(now)
    table = connection.ops.quote_name(Tally._meta.db_table)  # noqa: SLF001  # Django's documented way
    # One statement, because reading and then writing would let two processes count one call together.
    statement = (
        f"INSERT INTO {table} (key_id, minute, calls) VALUES (%s, %s, 1) "  # noqa: S608  # a name of our own
        f"ON CONFLICT (key_id) DO UPDATE SET minute = excluded.minute, "
        f"calls = CASE WHEN {table}.minute = excluded.minute THEN {table}.calls + 1 ELSE 1 END "
        "RETURNING calls"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [key_id, minute])
        (used,) = cursor.fetchone()
    return Allowance(limit=limit, used=used, resets_in=resets_in)


def claim(call: Call, *, now: datetime) -> Claim | Answer:
    """Take a named call to be done by us, or return what was answered to it in the last 24 hours.

    Raises NameReused where the name stood for another request, StillAtWork where someone is doing it.
    """
    Reply.objects.filter(claimed_at__lte=now - timedelta(hours=REMEMBERED_HOURS)).delete()
    facts = {"key_id": call.key_id, "route": call.route, "name": call.name}
    try:
        with transaction.atomic():
            reply = Reply.objects.create(**facts, request_digest=call.digest, claimed_at=now)
        return Claim(reply.pk, now)
    except IntegrityError:
        reply = Reply.objects.filter(**facts).first() or Reply(**facts, claimed_at=now)
    if reply.pk is None:
        raise StillAtWork
    if reply.request_digest != call.digest:
        raise NameReused
    if reply.status is not None:
        return Answer(reply.status, reply.body)
    return _take_over(reply, now)


def keep_answer(claim: Claim, *, status: int, body: str) -> None:
    """Remember what was answered, in the transaction of the work itself; raises StillAtWork if another took over."""
    ours = Reply.objects.filter(pk=claim.id, claimed_at=claim.claimed_at, status__isnull=True)
    if not ours.update(status=status, body=body):
        raise StillAtWork


def give_back(claim: Claim) -> None:
    """Forget a claim whose work was refused or failed, so that the call may be made again under its name."""
    Reply.objects.filter(pk=claim.id, claimed_at=claim.claimed_at, status__isnull=True).delete()


def _take_over(reply: Reply, now: datetime) -> Claim:
    given_up = now - timedelta(minutes=GIVEN_UP_MINUTES)
    ours = Reply.objects.filter(pk=reply.pk, status__isnull=True, claimed_at__lte=given_up).update(claimed_at=now)
    if not ours:
        raise StillAtWork
    return Claim(reply.pk, now)
