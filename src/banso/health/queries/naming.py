"""Which accounts are meant by the names that events came with."""

from typing import Final

import polars as pl

from banso.accounts import queries as accounts

_IDS: Final = {"account": pl.String, "account_id": pl.Int64}


def ids_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return account (the name in rows) and account_id, for each name that an account has; an account may have many."""
    by_name = accounts.by_external_ids(rows["account"].unique().to_list())
    return pl.DataFrame(list(by_name.items()), schema=_IDS, orient="row")
