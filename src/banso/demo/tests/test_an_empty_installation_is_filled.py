"""Filling goes through the real actions, and what comes out is a company that somebody could believe."""

from datetime import UTC, date, datetime

import pytest

from banso.accounts import queries as accounts
from banso.contracts import queries as contracts
from banso.demo import actions
from banso.health import queries as health
from banso.intake.queries import quarantine
from banso.journal import queries as journal
from banso.people import queries as people
from banso.people.access import User
from banso.usage import queries as usage

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def fill() -> actions.Filled:
    return actions.fill(
        seed=7, today=TODAY, now=NOW, email="sakura@banso.example", password="seven-otters-hum-softly", size=20
    )


@pytest.mark.django_db
def test_an_empty_installation_becomes_a_company_with_a_story() -> None:
    told: list[str] = []
    filled = actions.fill(
        seed=7,
        today=TODAY,
        now=NOW,
        email="sakura@banso.example",
        password="seven-otters-hum-softly",
        size=20,
        progress=lambda _share, what: told.append(what),
    )
    assert told == ["accounts", "contracts", "usage", "health", "done"]
    assert people.company().name == "伴走サンプル株式会社"
    assert len(people.staff()) == 7
    assert len(people.teams()) == 2
    user = User.objects.get(email="sakura@banso.example")
    rows = accounts.visible_to(user).annotate(
        mrr=contracts.mrr_column(TODAY), score=health.score_column(), renews_on=contracts.renews_on_column(TODAY)
    )
    assert rows.count() == filled.accounts
    here = rows.filter(left_on__isnull=True)
    assert here.filter(owner__isnull=True).count() == 0
    assert [one.score for one in health.overrides_on(TODAY, visible=here)] == [35]
    [draft] = health.drafts()
    assert [one.measure for one in draft.definition.exceptions] == ["urgent_tickets"]
    assert here.filter(score__isnull=False).count() >= 0.8 * here.count()
    assert here.filter(mrr__gt=0).count() >= 0.9 * here.count()
    assert rows.filter(left_on__isnull=False, mrr__gt=0).count() == 0
    assert sum(contracts.mrr_by_account(TODAY).values()) == sum(rows.values_list("mrr", flat=True))
    assert any(entry.verb == "note.written" for entry in journal.timeline([row.pk for row in here], limit=1000))


@pytest.mark.django_db
def test_revenue_moves_by_all_five_movements_and_sums_to_the_whole() -> None:
    fill()
    moved, _found = contracts.revenue_movements(since=date(2024, 1, 1), until=TODAY, customer_of={})
    assert moved.end == sum(contracts.mrr_by_account(TODAY).values())
    assert moved.new > 0
    assert moved.expansion > 0


@pytest.mark.django_db
def test_what_real_products_send_besides_is_there_to_be_looked_at() -> None:
    fill()
    reasons = {one.reason: one.count for one in quarantine.reasons()}
    assert reasons == {
        "time_impossible": 3,
        "time_too_early": 1,
        "no_event_name": 1,
        "no_person": 1,
        "unknown_type": 1,
        "too_large": 1,
    }
    assert usage.totals_of(["trial-7731"], date(2026, 9, 1), TODAY)["trial-7731"].people == 6


@pytest.mark.django_db
def test_measures_of_properties_series_and_limits_have_values_today() -> None:
    fill()
    rows = health.catalogue(health.measures(), on=TODAY, visible=accounts.visible_to(accounts.EVERYTHING))
    known = {row.key: row.values.spread.known for row in rows}
    assert all(
        known[key] > 0 for key in ("urgent_tickets", "satisfaction", "csm_pulse", "mail_limit_used", "core_adoption")
    )
