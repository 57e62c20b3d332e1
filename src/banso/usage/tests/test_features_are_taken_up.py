"""Who uses which feature since when, and which release it came with."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from banso.journal.testing import written
from banso.people.testing import A_MOMENT, AN_ACTOR, a_csm, a_manager, a_reader
from banso.usage import actions, queries
from banso.usage.testing import events, recorded, used

pytestmark = pytest.mark.django_db
A_DAY = date(2026, 4, 5)


def _saved(name: str = "春の版", **features: list[str]) -> int:
    return actions.save_release(
        name=name, released_on=date(2026, 3, 2), features=features or {"board": []}, by=AN_ACTOR, now=A_MOMENT
    )


def test_standings_tell_the_first_the_last_day_and_the_people_of_the_window() -> None:
    recorded(
        events(
            ("2026-01-05T03:00:00", "aoba", "taro", "board"),
            ("2026-03-30T03:00:00", "aoba", "taro", "board"),
            ("2026-03-31T03:00:00", "aoba", "hana", "board"),
            ("2026-02-02T03:00:00", "midori", None, "board"),
            ("2026-04-06T03:00:00", "midori", "jiro", "board"),  # after the window
            ("2026-03-31T03:00:00", "midori", "jiro", "quote"),
        )
    )
    found = queries.feature_standings(date(2026, 3, 9), A_DAY)
    assert found.rows() == [
        ("aoba", "board", date(2026, 1, 5), date(2026, 3, 31), 2),
        ("midori", "board", date(2026, 2, 2), date(2026, 2, 2), 0),
        ("midori", "quote", date(2026, 3, 31), date(2026, 3, 31), 1),
    ]
    assert queries.feature_standings(date(2026, 3, 9), A_DAY, ["quote"]).height == 1


def test_weeks_begin_on_mondays_and_count_an_account_once() -> None:
    used("aoba", ["2026-03-29", "2026-03-30", "2026-03-31", "2026-04-05"], name="board")
    found = queries.feature_weeks(date(2026, 3, 1), A_DAY)
    assert found.rows() == [("aoba", "board", date(2026, 3, 23)), ("aoba", "board", date(2026, 3, 30))]
    assert queries.mondays(date(2026, 3, 29), A_DAY) == [date(2026, 3, 23), date(2026, 3, 30)]


def test_without_events_there_is_nothing_to_tell() -> None:
    assert queries.feature_standings(A_DAY, A_DAY).is_empty()
    assert queries.feature_weeks(A_DAY, A_DAY).is_empty()


def test_a_feature_belongs_to_the_release_that_was_saved_last() -> None:
    used("aoba", ["2026-03-30"], name="board")
    first = _saved()
    second = _saved("夏の版", board=["ビジネス", "ビジネス"])
    assert {row.id: row.features for row in queries.releases()} == {first: {}, second: {"board": ("ビジネス",)}}
    actions.remove_release(release_id=second, by=AN_ACTOR, now=A_MOMENT)
    assert [row.id for row in queries.releases()] == [first]
    verbs = [row.verb for row in written("usage.release_saved", "usage.release_removed")]
    assert verbs == ["usage.release_saved", "usage.release_saved", "usage.release_removed"]


@pytest.mark.parametrize(
    ("name", "feature"), [("", "board"), ("x" * 101, "board"), ("春の版", "board"), ("秋の版", "gone")]
)
def test_a_release_that_cannot_be_kept_is_refused(name: str, feature: str) -> None:
    used("aoba", ["2026-03-30"], name="board")
    _saved()
    with pytest.raises(actions.WrongRelease):
        _saved(name, **{feature: []})
    assert len(queries.releases()) == 1


def test_a_release_is_added_changed_and_removed_on_pages(client: Client) -> None:
    used("aoba", ["2026-03-30"], name="board")
    client.force_login(a_manager())
    assert "No release is known yet" in client.get(reverse("usage:releases")).text
    given = {"name": "春の版", "released_on": "2026-03-02", "features": ["board"], "included_in": "ビジネス\n\n 分析 "}
    assert "The release was saved" in client.post(reverse("usage:add_release"), given, follow=True).text
    [kept] = queries.releases()
    assert kept.features == {"board": ("ビジネス", "分析")}
    answer = client.post(reverse("usage:add_release"), given)
    assert answer.status_code == 422
    assert "already" in answer.text
    page = client.get(reverse("usage:release", args=[kept.id])).text
    assert "春の版" in page
    assert "<c-" not in page
    client.post(reverse("usage:release", args=[kept.id]), given | {"name": "初夏の版"})
    assert [row.name for row in queries.releases()] == ["初夏の版"]
    assert "was removed" in client.post(reverse("usage:remove_release", args=[kept.id]), follow=True).text
    assert client.post(reverse("usage:remove_release", args=[kept.id])).status_code == 404
    assert client.get(reverse("usage:release", args=[kept.id])).status_code == 404


@pytest.mark.parametrize("who", [a_csm, a_reader])
def test_only_who_defines_may_change_releases(client: Client, who: object) -> None:
    client.force_login(who())  # type: ignore[operator]  # a maker of users
    assert client.get(reverse("usage:releases")).status_code == 200
    assert client.get(reverse("usage:add_release")).status_code == 403
