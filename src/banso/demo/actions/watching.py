"""A folder that is watched, with what a CRM wrote into it this morning: most rows known already, one of them bad."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from banso.intake import actions as intake
from banso.intake.actions.sources import keeping, pulling
from banso.people.access import Actor

FOLDER: Final = "incoming"  # in the data folder, where files of sources are read unless an operator says else
QUIET: Final = timedelta(minutes=1)  # a file is read once it has been left alone
ROWS: Final = 12


def watch(customers: Sequence[tuple[str, str]], *, by: Actor, now: datetime) -> int:
    """Write a file of customers (id, name), watch its folder and read it once; return how many rows were read.

    Where the operator names other folders nothing is done: Banso writes into none of theirs.
    """
    folder = Path(settings.DATA) / FOLDER
    if folder not in settings.SOURCE_FOLDERS:
        return 0
    folder.mkdir(exist_ok=True)
    path = folder / "accounts-crm.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("顧客ID", "会社名"), *customers[:ROWS], ("", "顧客IDのない会社")])
    source = keeping.add(
        kind="folder", name="CRMの書き出し", settings={"folder": str(folder)}, every_minutes=60, by=by, now=now
    )
    feed = keeping.add_feed(source_id=source.pk, kind="accounts", what="accounts*.csv", by=by, now=now)
    # Filling takes its time: the file may be younger than the moment at which it began.
    later = max(now, datetime.fromtimestamp(path.stat().st_ctime, tz=UTC)) + QUIET
    draft = pulling.sample(feed_id=feed.pk, by=by, now=later)
    intake.start(import_id=draft.pk, skips_bad_rows=True, is_dry_run=False, by=by, now=later, is_queued=False)
    intake.run(draft.pk, now=later, is_refreshing=False)
    run_id = pulling.run_now(source_id=source.pk, by=by, now=later)
    intake.pull(run_id, now=later)
    return ROWS + 1
