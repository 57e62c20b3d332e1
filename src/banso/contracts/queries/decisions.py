"""Decisions over renewals: when each was due, and whether the customer stayed."""

from datetime import date
from typing import Final

import polars as pl

from banso.contracts.models import Position

_STEPS: Final = {
    "account_id": pl.Int64,
    "from_on": pl.Date,
    "mrr": pl.Int64,
    "is_active": pl.Boolean,
    "renews_on": pl.Date,
    "notice_by_on": pl.Date,
}


def decisions(today: date) -> pl.DataFrame:
    """Return each renewal that paying accounts came to or have ahead: account_id, renews_on, due_on, mrr, is_lost.

    A decision is due on the last day for notice, else on the renewal itself; notice is counted as in the contract of
    today, also for renewals long past, of which the contract no longer tells. Lost is who does not pay the day after
    the renewal; null where that day has not come: an open decision is no customer who stayed. One query.
    """
    columns = ("account_id", "from_on", "mrr_minor", "is_active", "renews_on", "notice_by_on")
    found = Position.objects.order_by("account_id", "from_on", "pk").values_list(*columns)
    steps = pl.DataFrame(list(found), schema=_STEPS, orient="row")
    pays = pl.col("is_active") & (pl.col("mrr") > 0)
    ahead = steps.filter(pays & pl.col("renews_on").is_not_null())
    said = ahead.filter(pl.col("notice_by_on") <= pl.col("renews_on"))
    notice = said.group_by("account_id").agg(
        (pl.col("renews_on") - pl.col("notice_by_on")).sort_by("from_on").last().alias("notice")
    )
    once = ahead.group_by("account_id", "renews_on").agg(pl.col("mrr").sort_by("from_on").last())
    after = steps.select("account_id", "from_on", pays.alias("pays")).sort("from_on", "account_id")
    came = (
        once.with_columns(pl.col("renews_on").dt.offset_by("1d").alias("after_on"))
        .sort("after_on", "account_id")
        .join_asof(
            after, left_on="after_on", right_on="from_on", by="account_id", check_sortedness=False, coalesce=False
        )
    )
    return (
        came.join(notice, on="account_id", how="left")
        .select(
            "account_id",
            "renews_on",
            (pl.col("renews_on") - pl.col("notice").fill_null(pl.duration(days=0))).alias("due_on"),
            "mrr",
            pl.when(pl.col("after_on") <= today).then(~pl.col("pays")).alias("is_lost"),
        )
        .sort("account_id", "renews_on")
    )
