"""A person sets a score in place of the computed one: visibly, for a reason, up to a day, and never for good."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.transaction import atomic
from django.test import Client
from django.urls import reverse

from banso.accounts.testing import an_account
from banso.health import actions, queries
from banso.health.models import ManualOverride
from banso.health.testing import A_MOMENT, A_TODAY, a_steady_account, computed
from banso.journal import queries as journal
from banso.people.access import User
from banso.people.testing import AN_ACTOR, a_csm, a_manager

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def _set(account: int, today: date = A_TODAY, **said: Any) -> queries.OverrideRow:
    usual: dict[str, Any] = {"score": Decimal("12.5"), "reason": "解約の申し出", "until_on": A_TODAY + 7 * DAY}
    setting = actions.Setting(**(usual | said))
    return actions.override(account_id=account, said=setting, today=today, by=AN_ACTOR, now=A_MOMENT)


def _row(account: int) -> queries.StandingRow:
    return queries.standings([account])[account]


def test_it_is_shown_at_once_beside_the_computed_score_and_all_adds_up() -> None:
    steady = a_steady_account()
    computed()
    before = _row(steady)
    _set(steady)
    row, told = _row(steady), queries.explanation(steady)
    assert (row.score, row.condition, row.level, row.computed) == (Decimal("12.5"), "poor", 1, before.score)
    assert "解約の申し出" in row.reason
    assert row.weeks[-1] == 12.5
    assert told is not None
    assert (told.score, told.computed) == (125, int((before.score or 0) * 10))
    assert [one.kind for one in told.adjustments] == ["override"]
    assert sum(part.tenths for part in told.parts) + told.adjustments[0].tenths == 125
    assert sum(move.tenths for move in told.moves) == told.change == int((row.change or 0) * 10)
    assert [one.verb for one in journal.timeline([steady], limit=1)] == ["health.overridden"]


def test_computing_again_changes_nothing_of_it() -> None:
    steady = a_steady_account()
    computed()
    _set(steady)
    shown = _row(steady)
    computed()
    again = _row(steady)
    assert (again.score, again.computed, again.moves, again.adjustments, again.reason) == (
        shown.score,
        shown.computed,
        shown.moves,
        shown.adjustments,
        shown.reason,
    )


def test_it_ends_by_itself_after_its_last_day() -> None:
    steady = a_steady_account()
    computed()
    _set(steady, until_on=A_TODAY)
    computed(A_TODAY + DAY)
    row = _row(steady)
    assert row.override_id is None
    assert row.score == row.computed
    assert row.score is not None
    assert row.score > 50


def test_a_condition_alone_leaves_the_score() -> None:
    steady = a_steady_account()
    computed()
    before = _row(steady)
    _set(steady, score=None, condition="poor")
    row = _row(steady)
    assert (row.score, row.condition, row.level) == (before.score, "poor", before.level)
    computed()
    assert _row(steady).condition == "poor"


def test_ending_it_shows_the_computed_score_again_and_a_new_one_ends_the_old() -> None:
    steady = a_steady_account()
    computed()
    before = _row(steady)
    first = _set(steady)
    second = _set(steady, score=Decimal(90))
    assert _row(steady).score == 90
    assert [one.holds_on(A_TODAY) for one in queries.overrides_of(steady)] == [True, False]
    actions.end_override(override_id=second.id, today=A_TODAY, by=AN_ACTOR, now=A_MOMENT)
    row = _row(steady)
    assert (row.score, row.condition, row.moves, row.override_id) == (
        before.score,
        before.condition,
        before.moves,
        None,
    )
    with pytest.raises(actions.UnknownOverride):
        actions.end_override(override_id=first.id, today=A_TODAY, by=AN_ACTOR, now=A_MOMENT)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("score", {"score": None}),
        ("score", {"score": Decimal("100.1")}),
        ("condition", {"condition": "unknown"}),
        ("reason", {"reason": " "}),
        ("until_on", {"until_on": A_TODAY - DAY}),
        ("until_on", {"until_on": A_TODAY + 367 * DAY}),
    ],
)
def test_what_cannot_be_set_is_refused_with_its_field(field: str, said: dict[str, Any]) -> None:
    steady = a_steady_account()
    computed()
    with pytest.raises(actions.WrongOverride, match=field):
        _set(steady, **said)
    assert queries.overrides_of(steady) == []


def test_without_computed_health_there_is_nothing_to_set() -> None:
    with pytest.raises(actions.NothingToOverride):
        _set(an_account())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("override_says_something", {"score": None}),
        ("override_is_0_to_100", {"score": Decimal("100.1")}),
        ("override_condition_is_known", {"condition": "bright"}),
        ("override_has_a_reason", {"reason": ""}),
        ("override_ends_after_it_begins", {"until_on": A_TODAY - DAY}),
    ],
)
def test_the_database_keeps_the_promise(name: str, said: dict[str, Any]) -> None:
    usual = {"account_id": an_account(), "score": 5, "reason": "?", "from_on": A_TODAY, "until_on": A_TODAY}
    with pytest.raises(IntegrityError, match=name), atomic():
        ManualOverride.objects.create(given_at=A_MOMENT, **(usual | said))


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_manager_sets_a_score_on_its_page_and_takes_it_back() -> None:
    steady = a_steady_account()
    computed()
    client, address = _signed_in(a_manager()), reverse("health:override", args=[steady])
    until = (date.today() + 7 * DAY).isoformat()  # noqa: DTZ011  # the page asks the clock, too
    empty = client.post(address, {"reason": "?", "until_on": until})
    assert empty.status_code == 422
    assert "Nothing is set." in empty.content.decode()
    done = client.post(address, {"score": "20", "reason": "経営者の交代", "until_on": until}, follow=True)
    assert "経営者の交代" in done.content.decode()
    assert _row(steady).score == 20
    listed = client.get(reverse("health:overrides")).content.decode()
    assert "経営者の交代" in listed
    [row] = queries.overrides_of(steady)
    client.post(reverse("health:end_override", args=[row.id]))
    assert _row(steady).score != 20
    assert "No score is set by hand" in client.get(reverse("health:overrides")).content.decode()


def test_a_csm_sees_it_but_may_not_set_it() -> None:
    steady, client = a_steady_account(), _signed_in(a_csm())
    computed()
    assert client.post(reverse("health:override", args=[steady]), {}).status_code == 403
    assert client.get(reverse("health:overrides")).status_code == 200


def test_an_account_out_of_reach_is_as_one_that_is_not_there() -> None:
    client = _signed_in(a_manager())
    assert client.get(reverse("health:override", args=[999])).status_code == 404
    assert client.post(reverse("health:end_override", args=[999])).status_code == 404
