r"""How the spool is written: one line for each request that was taken, in segments that belong to one process's life.

`usage/spool/<writer>/<sequence>.jsonl.open` is being written; closed, it is `<sequence>.jsonl`. A writer lives as long
as somebody holds the lock on `<writer>/alive`. Lines end in "\n" and hold no other; events in them are the client's
own text: JSON by its grammar, with numbers of any size and names that may stand twice.
"""

import re
from typing import Final

import msgspec

from banso.intake.rules.events.wire import Request

FOLDER: Final = "spool"
ALIVE: Final = "alive"
OPEN: Final = ".open"
_WRITE: Final = msgspec.json.Encoder()


def line(request: Request, *, source: int, path: str, received_us: int) -> bytes:
    """Return the line of a request: received at a time in µs since 1970, by a write key, through a path."""
    more = b""
    if request.bad:
        more = b',"bad":' + _WRITE.encode(
            [{"index": one.index, "reason": one.reason, "event": one.event} for one in request.bad]
        )
    return b'{"v":1,"received_at":%d,"source":%d,"sent_at":%b,"path":"%b","events":[%b],"marks":%b%b}\n' % (
        received_us,
        source,
        request.sent_at,
        path.encode(),
        b",".join(request.events),
        _WRITE.encode(request.marks) if request.marks else b"[]",
        more,
    )


def writer_name(host: str, process: int, word: str) -> str:
    """Return what a process's life is called: a name that a folder may have anywhere."""
    return f"{re.sub(r'[^a-z0-9]+', '-', host.lower())[:30].strip('-') or 'host'}-{process}-{word}"


def segment_name(sequence: int) -> str:
    """Return the name of a closed segment; names order as they were written."""
    return f"{sequence:08}.jsonl"
