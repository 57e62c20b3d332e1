"""Keep a batch as the event API keeps it, for those who bring one without asking over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Final

from banso.intake.actions.events.spooling import close_spool, spool_line
from banso.intake.rules.events import spool, wire

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def spool_batch(body: bytes, *, source: int, received_at: datetime) -> None:
    """Put a batch into the spool, to be taken in by the next `compact`; raises as the spool does."""
    line = spool.line(wire.batch(body), source=source, path="batch", received_us=(received_at - _EPOCH) // _MICROSECOND)
    spool_line(line)
    close_spool()
