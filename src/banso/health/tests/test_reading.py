"""Lists borrow columns, see who moves, and never hear of accounts they may not see."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from banso.accounts import queries as accounts
from banso.accounts.testing import an_account
from banso.health import actions, jobs, queries
from banso.health.models import Pulse, Scorecard, Standing
from banso.health.rules import TEMPLATES
from banso.health.testing import (
    A_MOMENT,
    A_TODAY,
    a_fading_account,
    a_pulse,
    a_scorecard,
    a_steady_account,
    computed,
)
from banso.operations import testing as operations
from banso.people.testing import AN_ACTOR, a_user

pytestmark = pytest.mark.django_db


def test_columns_can_be_lent_to_any_list_of_accounts() -> None:
    steady, silent = a_steady_account(), an_account("silent")
    a_scorecard()
    computed()
    a_pulse(steady, 3)
    a_pulse(steady, 4)
    found = (
        accounts.visible_to(a_user())
        .annotate(
            score=queries.score_column(),
            change=queries.change_column(),
            condition=queries.condition_column(),
            level=queries.level_column(),
            weeks=queries.weeks_column(),
            last_used_on=queries.last_used_column(),
            pulse=queries.pulse_column(),
        )
        .order_by("pk")
    )
    rows = {row["pk"]: row for row in found.values("pk", "score", "change", "condition", "level", "weeks", "pulse")}
    standing = queries.standings([steady])[steady]
    assert rows[steady]["score"] == standing.score
    assert (rows[steady]["condition"], rows[steady]["level"], rows[steady]["pulse"]) == ("good", 4, 4)
    assert (rows[silent]["score"], rows[silent]["condition"]) == (None, "unknown")


def test_who_fell_most_comes_first_and_who_needs_someone_is_urgent() -> None:
    a_scorecard()
    steady, fading, silent = a_steady_account(), a_fading_account(), an_account("silent")
    computed()
    everyone = accounts.visible_to(a_user())
    down, up = queries.movers(everyone)
    assert [row.account_id for row in down][:1] == [fading]
    assert fading not in [row.account_id for row in up]
    assert [row.account_id for row in queries.urgent(everyone)] == [fading]
    a_pulse(steady, 1)
    urgent = {row.account_id: row for row in queries.urgent(everyone)}
    assert urgent.keys() == {steady, fading}
    assert urgent[steady].is_disputed
    assert urgent[fading].reason.startswith(("5", "6", "7", "8", "9", "1", "2"))
    spread = queries.distribution(everyone)
    assert (sum(spread.bins), spread.unknown, spread.conditions["unknown"]) == (2, 1, 1)
    assert queries.urgent(everyone.filter(pk=silent)) == []


def test_the_newest_pulse_that_was_not_taken_back_counts() -> None:
    account, author = an_account(), a_user()
    by = replace(AN_ACTOR, kind="user", id=author.pk, label=author.name)
    first = a_pulse(account, 2)
    second = actions.record_pulse(account_id=account, rating=5, reason=" ", by=by, now=A_MOMENT)
    assert queries.latest_pulses([account])[account].id == second.id
    actions.withdraw_pulse(pulse_id=second.id, by=by, now=A_MOMENT)
    assert queries.latest_pulses([account])[account].id == first.id
    with pytest.raises(actions.UnknownPulse):
        actions.withdraw_pulse(pulse_id=second.id, by=by, now=A_MOMENT)
    with pytest.raises(actions.WrongRating):
        a_pulse(account, 6)


def test_versions_are_numbered_and_the_newest_is_in_force() -> None:
    first = a_scorecard(note="first")
    second = a_scorecard(TEMPLATES["adoption_led"].definition, note="second")
    assert [(row.version, row.is_in_force) for row in queries.scorecards()] == [(2, True), (1, False)]
    assert queries.current_scorecard() == second
    found = queries.scorecard_of_version(1)
    assert found is not None
    assert found.definition == first.definition
    assert queries.scorecard_of_version(3) is None
    with pytest.raises(actions.WrongDefinition):
        a_scorecard(replace(first.definition, name=""))


def test_a_template_of_no_name_is_refused() -> None:
    with pytest.raises(actions.UnknownTemplate):
        actions.from_template("mood", on=A_TODAY)


def test_the_nightly_job_computes_or_says_that_there_is_nothing() -> None:
    assert operations.run(jobs.recompute_health) is None
    a_steady_account()
    done = operations.run(jobs.recompute_health)
    assert done is not None
    assert done["accounts"] == 1


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("condition", "odd", "condition_is_known"),
        ("score", Decimal("100.1"), "score_is_0_to_100"),
        ("level", 5, "level_is_1_to_4"),
    ],
)
def test_the_database_refuses_a_standing_that_cannot_be(field: str, value: object, name: str) -> None:
    steady = a_steady_account()
    computed()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Standing.objects.filter(account_id=steady).update(**{field: value})


def test_the_database_refuses_an_odd_pulse_and_a_version_given_twice() -> None:
    pulse = a_pulse(an_account())
    with pytest.raises(IntegrityError, match="pulse_is_1_to_5"), transaction.atomic():
        Pulse.objects.filter(pk=pulse.id).update(rating=0)
    first = a_scorecard()
    second = a_scorecard()
    with pytest.raises(IntegrityError), transaction.atomic():
        Scorecard.objects.filter(pk=second.id).update(version=first.version)
