"""Write keys as the event API knows them: looked up once in a few seconds, and refusals counted."""

import threading
from datetime import datetime
from typing import Final

import structlog
from django.db import DatabaseError, connections
from django.utils import timezone

from banso.people import actions as people_actions
from banso.people import queries as people
from banso.people.access import SEND_EVENTS

# A key that is made or revoked is made or revoked for everybody within this time.
KEPT_SECONDS: Final = 2.0
MOST_KEPT: Final = 1_000
SHOWN_OF_OURS: Final = len(people.KEY_PREFIX) + 8
SHOWN_OF_OTHERS: Final = 6
log = structlog.get_logger(__name__)


class WriteKeys:
    """The keys that came lately, and what each opens; one for a process, used by all its threads."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[float, int | None]] = {}
        self._refused: dict[str, int] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()

    def source_of(self, secret: str, moment: float) -> int | None:
        """Return the id of the write key that a secret opens at a moment (monotonic seconds), None where it opens none.

        Raises DatabaseError where that cannot be known.
        """
        kept = self._found.get(secret)
        if kept is None or moment >= kept[0]:
            kept = (moment + KEPT_SECONDS, self._looked_up(secret))
            with self._lock:
                if len(self._found) >= MOST_KEPT:
                    self._found.clear()
                self._found[secret] = kept
        return kept[1]

    def refuse(self, secret: str) -> None:
        """Count a call that came with a key which opens nothing, and write it down: at once, or with the next."""
        shown = _shown(secret)
        with self._lock:
            self._refused[shown] = self._refused.get(shown, 0) + 1
        self._tell()

    def forget(self) -> None:
        """Look everything up again."""
        with self._lock:
            self._found.clear()
            self._refused.clear()

    def _tell(self) -> None:
        """Write down what was refused since the last time; one thread at a time, the others go on."""
        if not self._refused or not self._writing.acquire(blocking=False):
            return
        try:
            with self._lock:
                refused, self._refused = self._refused, {}
            now = timezone.now()
            for prefix, count in refused.items():
                people_actions.note_refused_key(prefix=prefix, count=count, now=now)
        except DatabaseError as error:
            log.warning("refused keys were not written down", error=str(error))
        finally:
            self._writing.release()
            _let_go()

    def _looked_up(self, secret: str) -> int | None:
        now = timezone.now()
        try:
            key = people.key_from_header(secret, now)
            if key is None or SEND_EVENTS not in key.permissions:
                return None
            self._note_use(key, now)
            return key.id
        finally:
            _let_go()

    def _note_use(self, key: people.KeyRow, now: datetime) -> None:
        try:
            people_actions.note_key_use(key, now=now)
        except DatabaseError as error:  # busy: the next look-up notes it
            log.warning("the use of a key was not written down", error=str(error))


def _shown(secret: str) -> str:
    length = SHOWN_OF_OURS if secret.startswith(people.KEY_PREFIX) else SHOWN_OF_OTHERS
    return "".join(sign if sign.isascii() and sign.isprintable() else "?" for sign in secret[:length])


def _let_go() -> None:
    """Close connections that have had their time, as Django does after a request; never inside a transaction."""
    for one in connections.all(initialized_only=True):
        if not one.in_atomic_block:
            one.close_if_unusable_or_obsolete()
