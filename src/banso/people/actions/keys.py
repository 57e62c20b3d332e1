"""API keys: made and shown once, used, revoked."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from banso.people.actions.changes import write_down
from banso.people.actions.refusals import NotOurs, UnknownChoice
from banso.people.models import Key, RefusedKey
from banso.people.queries import KEY_PREFIX, KeyRow, digest, key_row
from banso.people.rules import SCOPES, Actor

# How often the last use of a key is written: often enough to find dead keys, seldom enough to cost nothing.
USE_IS_NOTED_EVERY = timedelta(minutes=1)
# Whoever makes up keys fills no table: what goes beyond this is counted as one.
MOST_REFUSED_KEYS = 100
OTHER_KEYS = "…"


@transaction.atomic
def create_key(
    *, name: str, scope: str, by: Actor, now: datetime, expires_at: datetime | None = None
) -> tuple[KeyRow, str]:
    """Make a key and return it with its secret, which nobody can see again; raises UnknownChoice."""
    if scope not in SCOPES:
        raise UnknownChoice("scope", scope)
    prefix = secrets.token_hex(4)
    secret = f"{KEY_PREFIX}{prefix}_{secrets.token_urlsafe(32)}"
    key = Key.objects.create(
        name=name.strip(),
        prefix=prefix,
        digest=digest(secret),
        scope=scope,
        made_by=by.label[:200],
        made_at=now,
        expires_at=expires_at,
    )
    write_down("key.made", "key", key.pk, str(key), details={"scope": scope}, by=by, now=now)
    return key_row(key), secret


@transaction.atomic
def revoke_key(*, key_id: int, by: Actor, now: datetime) -> None:
    """Make a key useless from now on; revoking it again changes nothing. Raises NotOurs."""
    key = Key.objects.select_for_update().filter(pk=key_id).first()
    if key is None:
        raise NotOurs
    if key.revoked_at is None:
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        write_down("key.revoked", "key", key.pk, str(key), details={}, by=by, now=now)


def note_key_use(key: KeyRow, *, now: datetime) -> None:
    """Keep when a key was last used, to the minute; a key in steady use costs one write a minute."""
    if key.last_used_at is not None and now - key.last_used_at < USE_IS_NOTED_EVERY:
        return
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USE_IS_NOTED_EVERY)
    Key.objects.filter(stale, pk=key.id).update(last_used_at=now)


@transaction.atomic
def note_refused_key(*, prefix: str, count: int, now: datetime) -> None:
    """Count calls that came with a write key which opens nothing; whoever looks after keys is shown them."""
    known = RefusedKey.objects.filter(prefix=prefix)
    if not known.exists() and RefusedKey.objects.count() >= MOST_REFUSED_KEYS:
        prefix = OTHER_KEYS
    row, _is_new = RefusedKey.objects.get_or_create(prefix=prefix, defaults={"first_at": now, "last_at": now})
    RefusedKey.objects.filter(pk=row.pk).update(count=F("count") + count, last_at=now)


@transaction.atomic
def dismiss_refused_key(*, refused_id: int, by: Actor, now: datetime) -> None:
    """Take a refused key off the list, once its sender is mended; should it come again, it is there again."""
    row = RefusedKey.objects.select_for_update().filter(pk=refused_id).first()
    if row is None:
        raise NotOurs
    details = {"count": row.count, "last_at": row.last_at.isoformat()}
    write_down("key.refusal_dismissed", "key", None, str(row), details=details, by=by, now=now)
    row.delete()
