"""Fifteen years of real activity come in from one file: companies, people and events."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from banso.accounts import queries as accounts
from banso.intake import actions
from banso.people.testing import AN_ACTOR
from banso.usage import queries as usage

pytestmark = [pytest.mark.real, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def folder() -> Path:
    found = Path(settings.SHARED_DATA) / "oss_activity"
    if not found.is_dir():
        pytest.skip(f"{found} is not there: set BANSO_SHARED to the folder that holds data/oss_activity")
    return found


def test_companies_people_and_events_come_in(folder: Path) -> None:
    steps: list[str] = []
    companies, people, events = actions.load_sample(
        "oss_activity", folder, by=AN_ACTOR, now=NOW, progress=lambda file, _place, _all: steps.append(file)
    )
    assert steps == ["events.csv"] * 3
    assert [one.state for one in (companies, people, events)] == ["done"] * 3
    assert companies.added == 138
    assert people.added == len({(row.account_id, row.external_id) for row in accounts.people_of(accounts.all_ids())})
    assert (events.total, events.added) == (53_666, 53_666)
    first, last = usage.span() or (None, None)
    assert (str(first), str(last)) == ("2011-01-01", "2026-08-20")
