"""Keep a batch as the event API keeps it, for those who bring one without asking over HTTP."""

from datetime import datetime

from banso.intake.actions.events.spooling import close_spool, spool_line
from banso.intake.rules.events import spool, wire
from banso.intake.rules.events.times import since_epoch


def spool_batch(body: bytes, *, source: int, received_at: datetime) -> None:
    """Put a batch into the spool, to be taken in by the next `compact`; raises as the spool does."""
    line = spool.line(wire.batch(body), source=source, path="batch", received_us=since_epoch(received_at))
    spool_line(line)
    close_spool()
