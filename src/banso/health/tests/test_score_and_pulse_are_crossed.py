"""Where score and pulse disagree both are shown with their reasons, and a business day to speak by comes out."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from banso.accounts import queries as accounts
from banso.accounts.testing import an_account
from banso.api.testing import an_api_client
from banso.contracts.testing import a_contract, a_line
from banso.health import actions
from banso.health.models import Standing
from banso.health.queries.disagreements import Asked, disputed_since, judged_page
from banso.health.rules import disagrees
from banso.health.rules.judging import CONTACTS, JUDGED, contact_on, is_now, judged_as, stand_of
from banso.health.testing import A_MOMENT, A_TODAY, a_pulse, a_steady_account, computed
from banso.people.access import User, actor_of
from banso.people.testing import a_csm, a_manager, a_reader, a_user, an_admin
from banso.shared.businessdays import Calendar, calendar_of
from banso.usage.testing import used

CALENDAR = calendar_of("JP", ())
DAY = timedelta(days=1)


@pytest.fixture
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: A_MOMENT)


def a_silent_account(external_id: str, *, name: str) -> int:
    """Add an account that used the product until two months ago."""
    account = an_account(external_id, name=name)
    used(external_id, [(A_TODAY - timedelta(days=ago)).isoformat() for ago in range(60, 112, 2)])
    return account


def four() -> dict[str, int]:
    """Add accounts in good health with a low and a high pulse, and in poor health with a high one and a three."""
    made = {
        "glad": a_steady_account("glad", name="Glad"),
        "doubted": a_steady_account("doubted", name="Doubted"),
        "hoped": a_silent_account("hoped", name="Hoped"),
        "unsure": a_silent_account("unsure", name="Unsure"),
        "unheard": a_steady_account("unheard", name="Unheard"),
    }
    for name, rating in (("glad", 5), ("doubted", 1), ("hoped", 4), ("unsure", 3)):
        a_pulse(made[name], rating, reason=f"why {name}", now=A_MOMENT - timedelta(days=5))
    computed()
    return made


def page(asked: Asked | None = None, viewer: User | None = None, number: int = 1) -> list[str]:
    viewer = viewer or User.objects.filter(role="admin").first() or an_admin()
    found = judged_page(viewer, asked or Asked(), number=number, today=A_TODAY, calendar=CALENDAR)
    return [row.external_id for row in found.rows]


def test_a_pulse_of_five_grades_says_what_a_condition_says() -> None:
    assert [judged_as(rating) for rating in range(1, 6)] == ["poor", "poor", "normal", "good", "good"]


def test_each_of_the_nine_stands_somewhere_and_has_its_proposal() -> None:
    assert set(CONTACTS) == {(one, other) for one in JUDGED for other in JUDGED}
    told = {cell: (contact.within, contact.is_now) for cell, contact in CONTACTS.items() if contact}
    assert told["good", "poor"] == told["poor", "good"] == (5, True)
    assert told["poor", "poor"] == (3, True)
    assert ("good", "good") not in told
    assert all(stand_of(one, other) == stand_of(other, one) for one, other in CONTACTS)
    assert [stand_of("good", one) for one in JUDGED] == ["opposite", "apart", "agree"]
    assert [disagrees("good", 2), disagrees("poor", 4), disagrees("unknown", 1), disagrees("good", None)] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("since", "notice", "on"),
    [
        (date(2026, 11, 20), None, date(2026, 11, 30)),  # five business days after a Friday, over 23 November
        (date(2026, 11, 20), date(2026, 11, 29), date(2026, 11, 27)),  # notice on a Sunday: the Friday before
        (date(2026, 11, 20), date(2026, 11, 1), date(2026, 11, 30)),  # notice that has passed decides nothing
        (date(2026, 9, 1), None, date(2026, 11, 24)),  # long due: today
        (date(2026, 11, 20), date(2026, 11, 24), date(2026, 11, 24)),
    ],
)
def test_business_days_are_counted_from_the_later_of_the_two(since: date, notice: date | None, on: date) -> None:
    contact = CONTACTS["good", "poor"]
    assert contact is not None
    assert contact_on(contact, since=since, notice_by_on=notice, today=A_TODAY, calendar=CALENDAR) == on


def test_on_a_day_off_the_next_business_day_is_proposed() -> None:
    contact = CONTACTS["normal", "normal"]
    assert contact is not None
    on = contact_on(contact, since=date(2026, 9, 1), notice_by_on=None, today=date(2026, 11, 22), calendar=CALENDAR)
    assert on == date(2026, 11, 24)  # a Sunday, then a holiday
    assert is_now(contact, on, today=date(2026, 11, 22))
    assert not is_now(contact, date(2026, 11, 30), today=date(2026, 11, 22))


@given(
    st.sampled_from([one for one in CONTACTS.values() if one]),
    st.dates(date(2026, 1, 1), date(2026, 11, 24)),
    st.one_of(st.none(), st.dates(date(2026, 11, 1), date(2027, 3, 1))),
)
def test_no_day_is_past_off_or_after_a_deadline_that_leaves_one(
    contact: object, since: date, notice: date | None
) -> None:
    calendar = Calendar("JP", ())
    on = contact_on(contact, since=since, notice_by_on=notice, today=A_TODAY, calendar=calendar)  # type: ignore[arg-type]  # a contact
    assert on >= A_TODAY
    assert calendar.is_business_day(on)
    assert notice is None or notice < A_TODAY or on <= notice


@pytest.mark.django_db
def test_those_that_say_the_opposite_are_listed_with_both_reasons() -> None:
    made = four()
    found = judged_page(an_admin(), Asked(), number=1, today=A_TODAY, calendar=CALENDAR)
    rows = {row.external_id: row for row in found.rows}
    assert set(rows) == {"doubted", "hoped"}
    doubted = rows["doubted"]
    assert (doubted.standing.condition, doubted.pulse.rating, doubted.pulse.reason) == ("good", 1, "why doubted")
    assert (doubted.stand, doubted.since, doubted.is_now, doubted.is_old) == (
        "opposite",
        date(2026, 11, 19),
        True,
        False,
    )
    # Nobody knows since when the score says so: five business days after the pulse, over 23 November.
    assert (doubted.contact_on, doubted.days_left) == (date(2026, 11, 27), 3)
    assert rows["hoped"].standing.reason
    assert found.counts == {"opposite": 2, "apart": 1, "agree": 1, "all": 4}
    in_cells = {cell.name: cell.accounts for _condition, cells in found.cells for cell in cells}
    assert {name: n for name, n in in_cells.items() if n} == {
        "good-good": 1,
        "good-poor": 1,
        "poor-good": 1,
        "poor-normal": 1,
    }
    assert disputed_since(accounts.visible_to(a_user("second@example.jp"))) == {
        made["doubted"]: date(2026, 11, 19),
        made["hoped"]: date(2026, 11, 19),
    }


@pytest.mark.django_db
def test_the_list_is_narrowed_by_stand_cell_name_and_owner() -> None:
    four()
    assert page(Asked.read({"tab": "apart"})) == ["unsure"]
    assert page(Asked.read({"tab": "agree"})) == ["glad"]
    assert set(page(Asked.read({"tab": "all"}))) == {"glad", "doubted", "hoped", "unsure"}
    assert page(Asked.read({"cell": "poor-good", "tab": "agree"})) == ["hoped"]
    assert set(page(Asked.read({"cell": "no-such", "tab": "x", "owner": "x"}))) == {"doubted", "hoped"}
    assert page(Asked.read({"q": "doub"})) == ["doubted"]
    assert page(Asked.read({"owner": "999"})) == []


@pytest.mark.django_db
def test_the_deadline_for_notice_comes_first_and_larger_revenue_before_smaller() -> None:
    four()
    a_contract("hoped", lines=[a_line(amount_minor=900_000)])
    assert page() == ["hoped", "doubted"]
    a_contract("doubted", renews_on=date(2026, 12, 26), notice_count=30)
    assert page() == ["doubted", "hoped"]
    found = judged_page(a_user("second@example.jp"), Asked(), number=1, today=A_TODAY, calendar=CALENDAR)
    assert (found.rows[0].notice_by_on, found.rows[0].contact_on) == (date(2026, 11, 26), date(2026, 11, 26))


@pytest.mark.django_db
def test_the_score_s_own_change_counts_where_it_is_the_later() -> None:
    steady = a_steady_account()
    a_pulse(steady, 2, now=A_MOMENT - 30 * DAY)
    computed()
    Standing.objects.update(condition_since_on=date(2026, 11, 16))
    [row] = judged_page(an_admin(), Asked(), number=1, today=A_TODAY, calendar=CALENDAR).rows
    assert (row.since, row.contact_on) == (date(2026, 11, 16), A_TODAY)  # due on Tuesday the 24th: 23 is a holiday


@pytest.mark.django_db
def test_one_that_was_taken_back_says_nothing_and_a_new_one_moves_the_day() -> None:
    steady, csm = a_steady_account(), a_csm()
    first = actions.record_pulse(account_id=steady, rating=1, reason="", by=actor_of(csm), now=A_MOMENT - 95 * DAY)
    computed()
    viewer = an_admin()
    [row] = judged_page(viewer, Asked(), number=1, today=A_TODAY, calendar=CALENDAR).rows
    assert row.is_old
    actions.withdraw_pulse(pulse_id=first.id, by=actor_of(csm), now=A_MOMENT)
    assert page(viewer=viewer) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("_today")
def test_the_page_shows_both_sides_the_rule_and_the_file(client: Client) -> None:
    four()
    client.force_login(a_manager())
    text = client.get(reverse("health:disagreements")).text
    for said in ("Doubted", "why doubted", "Contact now", "Now, within 5 business days", "27 Nov 2026"):
        assert said in text
    assert "why glad" not in text
    cell = client.get(reverse("health:disagreements"), {"cell": "good-good"}).text
    assert "No contact needed" in cell
    assert "Score: Good, pulse: Good" in cell
    assert "No account is like that" in client.get(reverse("health:disagreements"), {"q": "nobody"}).text
    sent = client.get(reverse("health:export_disagreements", args=["csv"]))
    rows = list(csv.DictReader(io.StringIO(sent.getvalue().decode("utf-8-sig"))))
    assert {row["Account ID"] for row in rows} == {"doubted", "hoped"}
    assert {row["Speak by"] for row in rows} == {"2026-11-27"}
    assert client.get(reverse("health:export_disagreements", args=["pdf"])).status_code == 404


@pytest.mark.django_db
def test_without_any_pulse_the_page_says_how_it_begins(client: Client) -> None:
    client.force_login(a_manager())
    assert "No account has both a score and a pulse yet" in client.get(reverse("health:disagreements")).text


@pytest.mark.django_db
def test_nobody_sees_accounts_beyond_their_reach_nor_takes_them_along(client: Client) -> None:
    four()
    own = a_user("own@example.jp", reach="teams")
    assert page(viewer=own) == []
    client.force_login(a_reader())
    assert client.get(reverse("health:disagreements")).status_code == 200
    assert client.get(reverse("health:export_disagreements", args=["csv"])).status_code == 403


@pytest.mark.django_db
@pytest.mark.usefixtures("_today")
def test_other_systems_read_the_list() -> None:
    four()
    told = an_api_client().get("health/disagreements").json()
    assert told["total"] == 2
    first = {one["external_id"]: one for one in told["items"]}["doubted"]
    assert (first["score_condition"], first["pulse"], first["pulse_reason"]) == ("good", 1, "why doubted")
    assert (first["contact_on"], first["is_now"], first["stand"]) == ("2026-11-27", True, "opposite")
    assert an_api_client().get("health/disagreements", stand="agree").json()["items"][0]["contact_on"] is None
    assert an_api_client().get("health/disagreements", stand="all", page=9).json()["total"] == 4


@pytest.mark.django_db
def test_more_accounts_need_no_more_queries() -> None:
    asked, viewer = [], an_admin()
    for names in (("a",), ("b", "c", "d")):
        for name in names:
            a_pulse(a_steady_account(name), 1)
        computed()
        with CaptureQueriesContext(connection) as seen:
            assert page(viewer=viewer)
        asked.append(len(seen))
    assert asked[0] == asked[1]
