"""Worked example 9: retention of 1,470 simulated accounts, held against figures computed elsewhere."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from django.conf import settings

from banso.accounts import actions as accounts
from banso.contracts import actions, queries
from banso.contracts.rules.retention import logo_churn, net_revenue_retention
from banso.contracts.testing import A_MOMENT, WEEKDAYS
from banso.people.testing import AN_ACTOR

START, END = date(2020, 3, 1), date(2020, 4, 1)

pytestmark = [pytest.mark.real, pytest.mark.django_db]


@pytest.fixture
def subscriptions() -> pl.DataFrame:
    path = Path(settings.SHARED_DATA) / "fight_churn" / "subscription.csv"
    if not path.exists():
        pytest.skip(f"The data of fight_churn is not there: {path}. Set BANSO_SHARED to the folder that holds data/.")
    return pl.read_csv(path, try_parse_dates=True)


def save(subscriptions: pl.DataFrame) -> None:
    names = [str(name) for name in subscriptions["account_id"].unique(maintain_order=True)]
    accounts.save_accounts([accounts.AccountInput(name, name=name) for name in names], by=AN_ACTOR, now=A_MOMENT)
    rows = [
        actions.ContractInput(
            f"s{place}",
            account_external_id=str(row["account_id"]),
            starts_on=row["start_date"],
            ends_on=row["end_date"],
            lines=[
                actions.LineInput(
                    "line", name=row["product"], amount_minor=row["mrr"], term_months=row["bill_period_months"]
                )
            ],
        )
        for place, row in enumerate(subscriptions.iter_rows(named=True))
    ]
    result = actions.save_contracts(rows, by=AN_ACTOR, now=A_MOMENT, calendar=WEEKDAYS)
    assert result.refused == ()


def test_retention_of_march_is_as_published(subscriptions: pl.DataFrame) -> None:
    save(subscriptions)
    start, end = queries.mrr_by_account(START), queries.mrr_by_account(END)
    assert sum(start.values()) == 10_220
    assert sum(end.get(account, 0) for account in start) == 9_900
    assert float(net_revenue_retention(start, end) or 0) == pytest.approx(0.9686888454, abs=1e-10)
    assert logo_churn(start, end) == Fraction(32, 1022)
    moved, _movements = queries.revenue_movements(since=START, until=END, customer_of={})
    assert moved.start == 10_220
    assert moved.end == sum(end.values())
