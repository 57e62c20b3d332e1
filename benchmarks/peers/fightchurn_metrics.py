"""Runs in the peer's own environment: its listings, unmodified, over its own schema; prints seconds per metric as JSON.

python fightchurn_metrics.py HOST:PORT FROM TO {schema,metrics}
"""

import contextlib
import io
import json
import sys
import tempfile
import time
from argparse import Namespace

from fightchurn import run_churn_listing as peer
from fightchurn.churnsim import churndb

SCHEMA = "socialnet7"
# Chapter, listing, versions: counts of 28 days, total opinions, change against four weeks before, a count of 84 days
# scaled to 28, ratios.
METRICS = (
    (3, 3, range(1, 9)),
    (7, 3, (None,)),
    (7, 4, (None,)),
    (7, 7, (None,)),
    (7, 1, range(1, 7)),
)


def main() -> None:
    host, first, last, what = sys.argv[1:]
    with contextlib.redirect_stdout(io.StringIO()):
        peer.set_churn_environment("postgres", "postgres", "postgres", tempfile.mkdtemp(), host)
        found = PARTS[what](first, last)
    print(json.dumps(found))


def schema(_first: str, _last: str) -> dict[str, float]:
    """Make the peer's own tables."""
    churndb.drop_schema(SCHEMA)
    churndb.setup_churn_db(SCHEMA)
    return {}


def metrics(first: str, last: str) -> dict[str, float]:
    """Insert the metrics with the peer's own listings; only the dates are given."""
    for version in range(1, 9):
        one(3, 4, version, first, last)
    taken = {}
    for chapter, listing, versions in METRICS:
        for version in versions:
            began = time.perf_counter()
            one(chapter, listing, version, first, last)
            taken[f"{chapter}.{listing} v{version}"] = time.perf_counter() - began
    return taken


def one(chapter: int, listing: int, version: int | None, first: str, last: str) -> None:
    arguments = Namespace(schema=SCHEMA, chapter=chapter, listing=listing, version=version, insert=chapter == 7)
    parameters = peer.load_and_check_listing_params(arguments)
    parameters |= {"%from_yyyy-mm-dd": first, "%to_yyyy-mm-dd": last}
    parameters.pop("type")
    name, mode = parameters.pop("name"), parameters.pop("mode")
    peer.sql_listing(chapter, listing, name, SCHEMA, mode, parameters, insert=chapter == 7)


PARTS = {"schema": schema, "metrics": metrics}

if __name__ == "__main__":
    main()
