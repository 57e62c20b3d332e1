"""Customers are crossed by two of their measures: who is where, who left, who moved, and what is done for each cell."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from banso.accounts import queries as accounts
from banso.accounts.testing import an_account
from banso.contracts.testing import a_contract, a_line
from banso.health import actions
from banso.health.queries import matrix_words
from banso.health.queries.matrices import MatrixRow, matrix
from banso.health.rules import Count, Words
from banso.health.rules.matrices import (
    NOT_KNOWN,
    Asked,
    Axis,
    Place,
    WrongCuts,
    bands,
    cells_of,
    flows_of,
    read_cuts,
    thirds,
)
from banso.health.testing import A_MOMENT, A_TODAY, computed
from banso.journal import queries as journal
from banso.people.actions import change_user
from banso.people.testing import AN_ACTOR, a_csm, a_manager, a_reader, an_admin
from banso.usage.testing import used

MONDAY = A_TODAY - timedelta(days=1)
PEOPLE = Count(key="people_28", label=Words("利用人数", "Active people"), kind="active_people")
DAYS = Count(key="days_28", label=Words("利用日数", "Days with use"), kind="active_days")
ASKED = Asked(Axis("measure", "people_28", (2.0,)), Axis("measure", "days_28", (5.0, 10.0)))


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_value_on_a_cut_belongs_to_the_higher_band() -> None:
    values = np.array([1.9, 2.0, 9.99, 10.0, np.nan])
    assert bands(values, (2.0, 10.0)).tolist() == [0, 1, 1, 2, NOT_KNOWN]


def test_thirds_cut_where_the_values_lie_and_equal_ones_together() -> None:
    assert thirds(np.array([1.0, 2, 3, 4, 5, 6, np.nan])) == (3.0, 5.0)
    assert thirds(np.array([0.0, 0, 0, 0, 5, 6])) == (5.0,)
    assert thirds(np.array([7.0, 7.0])) == thirds(np.array([np.nan])) == ()


@pytest.mark.parametrize(
    ("text", "factor", "cuts"),
    [("2 10", 1, (2.0, 10.0)), ("20%、50％", 100, (0.2, 0.5)), ("1,000, 5,000", 1, (1000.0, 5000.0)), ("", 1, ())],
)
def test_cut_offs_are_read_as_people_write_them(text: str, factor: float, cuts: tuple[float, ...]) -> None:
    assert read_cuts(text, factor=factor) == pytest.approx(cuts)


@pytest.mark.parametrize("text", ["10 2", "2 2", "two", "1 2 3 4 5 6"])
def test_cut_offs_that_do_not_rise_or_are_none_are_refused(text: str) -> None:
    with pytest.raises(WrongCuts):
        read_cuts(text)


PLACES = st.lists(
    st.builds(
        Place,
        before=st.none() | st.tuples(st.integers(0, 1), st.integers(0, 2)),
        after=st.none() | st.tuples(st.integers(0, 1), st.integers(0, 2)),
        mrr_minor=st.integers(0, 10**6),
    ),
    max_size=40,
)


@given(PLACES)
def test_the_cells_sum_to_the_whole_and_flows_explain_every_difference(places: list[Place]) -> None:
    cells = [one for row in cells_of(places, (0, 1), (0, 1, 2)) for one in row]
    assert sum(one.accounts for one in cells) == sum(one.after is not None for one in places)
    assert sum(one.were for one in cells) == sum(one.before is not None for one in places)
    for one in cells:
        assert one.accounts == one.were - one.left - one.went + one.came
    assert sum(one.accounts for one in flows_of(places)) == sum(one.before != one.after for one in places)


def a_book() -> dict[str, int]:
    """Add customers: two busy ones, one that fell silent, one that left, and one that is new."""
    ids = {name: an_account(name, name=f"株式会社{name}") for name in ("busy", "great", "silent", "gone", "new")}
    for name, id_ in ids.items():
        ends: dict[str, Any] = {"ends_on": date(2026, 10, 1)} if name == "gone" else {}
        starts = date(2026, 11, 1) if name == "new" else date(2026, 1, 1)
        a_contract(
            name,
            f"k-{name}",
            starts_on=starts,
            lines=[a_line(amount_minor=10_000 * id_)],
            **ends,
        )
    days = [(MONDAY - timedelta(days=ago)).isoformat() for ago in range(1, 200)]
    used("busy", days[::2], people=("a",))
    used("great", days, people=("a", "b", "c"))
    used("silent", days[60::2], people=("a", "b"))
    used("gone", days[60:], people=("a", "b"))
    used("new", days[:3], people=("a",))
    for count in (PEOPLE, DAYS):
        actions.define(count, by=AN_ACTOR, now=A_MOMENT)
    return ids


def found_by(user: Any, asked: Asked = ASKED) -> MatrixRow:
    return matrix(asked, today=A_TODAY, visible=accounts.visible_to(user))


@pytest.mark.django_db
def test_customers_stand_where_their_measures_put_them_and_moves_are_seen() -> None:
    ids = a_book()
    found = found_by(an_admin())
    assert (found.on, found.since_on, found.accounts) == (MONDAY, MONDAY - timedelta(weeks=13), 4)
    where = {one["account_id"]: (one["row"], one["column"]) for one in found.members.iter_rows(named=True)}
    assert where[ids["busy"]] == (0, 2)  # one person, 14 days
    assert where[ids["great"]] == (1, 2)  # three people
    assert where[ids["silent"]] == (0, 0)  # nobody in 28 days
    assert where[ids["new"]] == (0, 0)
    assert where[ids["gone"]] == (None, None)
    top = found.cells[1][2]
    assert (top.accounts, top.were, top.left, top.went) == (1, 3, 1, 1)
    assert {(one.before, one.after, one.accounts) for one in found.flows} == {
        ((1, 2), None, 1),
        ((1, 2), (0, 0), 1),
        (None, (0, 0), 1),
    }
    assert top.mrr_minor == 10_000 * ids["great"]


@pytest.mark.django_db
def test_stage_by_condition_needs_no_measure_and_shows_nobody_that_one_may_not_see() -> None:
    a_book()
    computed()
    assert found_by(an_admin(), Asked()).accounts == 4
    csm = a_csm()
    change_user(user_id=csm.pk, reach="teams", by=AN_ACTOR, now=A_MOMENT)
    csm.refresh_from_db()
    assert found_by(csm, Asked()).accounts == 0


@pytest.mark.django_db
def test_the_page_shows_cells_and_a_cell_lists_its_accounts() -> None:
    a_book()
    client = signed_in(a_manager())
    query = {
        "rows": "measure:people_28",
        "row_cuts": "2",
        "columns": "measure:days_28",
        "column_cuts": "5 10",
        "weeks": "13",
    }
    page = client.get(reverse("health:matrix"), query)
    assert page.status_code == 200
    assert "too few for a rate" in page.text
    listed = client.get(reverse("health:matrix_cell", args=[1, 1]), query).text
    assert "株式会社silent" in listed
    assert "株式会社new" in listed
    assert "株式会社great" not in listed
    assert client.get(reverse("health:matrix_cell", args=[9, 1]), query).status_code == 404
    wrong = client.get(reverse("health:matrix"), query | {"row_cuts": "10 2"})
    assert wrong.status_code == 422
    assert "five rising numbers" in wrong.text
    sent: Any = client.get(reverse("health:matrix_export", args=["csv"]), query)
    assert "株式会社gone" in b"".join(sent.streaming_content).decode()


@pytest.mark.django_db
def test_a_matrix_is_kept_described_removed_and_brought_back() -> None:
    a_book()
    client = signed_in(a_manager())
    query = {"rows": "measure:people_28", "row_cuts": "2", "columns": "score", "column_cuts": "", "weeks": "26"}
    kept_at = client.post(reverse("health:matrix_keep"), query | {"name": "人数×スコア"}).headers["Location"]
    [kept] = matrix_words.kept_matrices()
    assert kept_at.endswith(f"?kept={kept.id}")
    assert kept.asked == Asked(Axis("measure", "people_28", (2.0,)), Axis("score"), 26)
    client.post(
        reverse("health:matrix_say", args=[kept.id, 1, 0]), {"note": "1人だけで使用", "play": "2人目を一緒に登録する"}
    )
    page = client.get(kept_at).text
    assert "人数×スコア" in page
    assert matrix_words.kept_matrices()[0].notes[0, NOT_KNOWN].play == "2人目を一緒に登録する"
    removed = client.post(reverse("health:matrix_remove", args=[kept.id])).headers["Location"]
    assert matrix_words.kept_matrices() == []
    assert reverse("health:matrix_restore", args=[kept.id]) in client.get(removed).text
    client.post(reverse("health:matrix_restore", args=[kept.id]))
    assert matrix_words.kept_matrices()[0].notes[0, NOT_KNOWN].note == "1人だけで使用"
    verbs = [entry.verb for entry in journal.audit(journal.Sought()).rows]
    assert verbs[:4] == [
        "health.matrix_restored",
        "health.matrix_removed",
        "health.matrix_cell_changed",
        "health.matrix_kept",
    ]


@pytest.mark.django_db
def test_who_may_not_define_sees_but_changes_nothing() -> None:
    client = signed_in(a_reader())
    assert client.get(reverse("health:matrix")).status_code == 200
    assert client.post(reverse("health:matrix_keep"), {"name": "x"}).status_code == 403
    with pytest.raises(actions.UnknownMatrix):
        actions.restore_matrix(matrix_id=1, by=AN_ACTOR, now=A_MOMENT)


@pytest.mark.django_db
def test_a_matrix_asks_the_database_as_often_for_many_as_for_few(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    a_book()
    client = signed_in(an_admin())
    counts = []
    for more in (0, 30):
        for number in range(more):
            an_account(f"more-{number}")
            a_contract(external_id=f"m-{number}", account=f"more-{number}")
        with django_assert_max_num_queries(60) as seen:
            assert client.get(reverse("health:matrix")).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
