"""A third party's data set with all its defects comes in whole, and what is wrong with it is said."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from banso.contracts import queries as contracts
from banso.intake import actions
from banso.people.testing import AN_ACTOR

pytestmark = [pytest.mark.real, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def folder() -> Path:
    found = Path(settings.SHARED_DATA) / "ravenstack"
    if not found.is_dir():
        pytest.skip(f"{found} is not there: set BANSO_SHARED to the folder that holds data/ravenstack")
    return found


def test_its_files_come_in_and_its_defects_are_reported(folder: Path) -> None:
    rows = {row.file_name: row for row in actions.load_sample("ravenstack", folder, by=AN_ACTOR, now=NOW)}
    assert [row.state for row in rows.values()] == ["done"] * 5, [(row.file_name, row.failure) for row in rows.values()]
    found = {name: {finding.code: finding for finding in row.findings} for name, row in rows.items()}
    usage = rows["ravenstack_feature_usage.csv"]
    assert (usage.total, usage.added, usage.same) == (25_000, 24_979, 21)
    assert found[usage.file_name]["same_id_other_content"].count == 21
    assert found[usage.file_name]["before_contract"].share == pytest.approx(0.766, abs=0.001)
    tickets = found["ravenstack_support_tickets.csv"]
    assert tickets["before_sign_up"].share == pytest.approx(0.539, abs=0.001)
    assert tickets["blank_numbers"].count == 825
    assert found["ravenstack_subscriptions.csv"]["zero_amount_trial"].count == 778
    assert "other_spellings" in found["ravenstack_subscriptions.csv"]
    assert contracts.accounts_by_contract(["S-8cec59"])


def test_the_same_files_again_add_nothing(folder: Path) -> None:
    actions.load_sample("ravenstack", folder, by=AN_ACTOR, now=NOW)
    again = actions.load_sample("ravenstack", folder, by=AN_ACTOR, now=NOW)
    assert [(row.added, row.changed) for row in again] == [(0, 0)] * 5
