"""Adoption is counted among those who could use a feature, by segment and week, and leads to the lists of accounts."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from banso.accounts.testing import a_segment, an_account
from banso.contracts.testing import a_contract, a_line
from banso.desk.queries import adoption, portfolio
from banso.people.access import User
from banso.people.testing import A_MOMENT, AN_ACTOR, a_team, a_user, an_admin
from banso.usage import actions as usage
from banso.usage.testing import events, recorded, used

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 6)  # a Monday
WINDOW = 28


@pytest.fixture
def reader() -> User:
    """Five customers: two use the board now, one did, two never have; one that left used it, too."""
    a_segment("L")
    a_segment("S")
    for name, segment in (("aoba", "L"), ("midori", "L"), ("sora", "S"), ("umi", "S"), ("kaze", None)):
        an_account(name, segment=segment, customer_since_on=date(2026, 1, 5))
    an_account("gone", left_on=date(2026, 4, 1))
    used("aoba", ["2026-01-15", "2026-04-03"], people=("taro", "hana"), name="board")
    used("midori", ["2026-04-05"], name="board")
    used("sora", ["2026-02-04"], name="board")
    used("gone", ["2026-03-30"], name="board")
    used("umi", ["2026-04-05"], name="quote")
    used("aoba", ["2026-01-20"], name="quote")
    return an_admin()


def one(reader: User, name: str = "board") -> adoption.FeatureUse:
    found = adoption.overview(reader, today=TODAY, window=WINDOW)
    return next(row for row in found.rows if row.name == name)


def test_current_customers_use_it_did_or_have_not_begun(reader: User) -> None:
    row = one(reader)
    assert (row.eligible, row.now, row.lapsed, row.never, row.people) == (5, 2, 1, 2, 3)
    assert row.share == pytest.approx(0.4)
    assert row.weeks[-1] == 2
    assert adoption.overview(reader, today=TODAY, window=WINDOW).median_features == 1


def test_who_uses_it_is_unknown_where_no_event_says_so(reader: User, client: Client) -> None:
    lately = timezone.now() - timedelta(days=3)
    recorded(events(("2026-04-05T03:00:00", "umi", None, "bulk"), (f"{lately:%Y-%m-%dT%H:%M:%S}", "umi", None, "bulk")))
    assert one(reader, "bulk").now == 1
    assert one(reader, "bulk").people is None
    client.force_login(reader)
    page = client.get(reverse("desk:adoption")).content.decode()
    assert ">unknown<" in page.split(">bulk<")[1].split("</tr>")[0]
    assert ">unknown<" not in page.split(">board<")[1].split("</tr>")[0]


def test_those_whose_contract_does_not_include_it_are_not_counted(reader: User) -> None:
    a_contract("aoba", lines=[a_line(name="ビジネス")], starts_on=date(2026, 1, 5))
    a_contract("umi", lines=[a_line(name="ビジネス")], starts_on=date(2026, 1, 5))
    a_contract("sora", lines=[a_line(name="ビジネス")], starts_on=date(2025, 1, 5), ends_on=date(2026, 3, 1))
    usage.save_release(
        name="春の版", released_on=date(2026, 1, 10), features={"board": ["ビジネス"]}, by=AN_ACTOR, now=A_MOMENT
    )
    row = one(reader)
    assert (row.eligible, row.now, row.lapsed, row.never) == (2, 1, 0, 1)
    assert (row.release, row.released_on) == ("春の版", date(2026, 1, 10))


def test_segments_are_told_apart_and_sum_to_the_whole(reader: User) -> None:
    found = adoption.detail(reader, "board", today=TODAY, window=WINDOW)
    assert found is not None
    groups = {group.label: group for group in found.groups}
    assert {label: (group.eligible, group.now, group.never) for label, group in groups.items()} == {
        "L": (2, 2, 0),
        "S": (2, 0, 1),
        "": (1, 0, 1),
    }
    assert sum(group.now for group in found.groups) == found.use.now
    assert groups["L"].median_days == round((10 + 90) / 2)
    assert adoption.detail(reader, "nothing", today=TODAY, window=WINDOW) is None


def test_the_line_of_a_segment_counts_those_who_were_there(reader: User) -> None:
    found = adoption.detail(reader, "board", today=TODAY, window=WINDOW)
    assert found is not None
    by_week = dict(zip(found.mondays, dict(found.lines)["L"], strict=True))
    assert by_week[date(2025, 12, 29)] is None  # nobody was a customer yet
    assert by_week[date(2026, 1, 12)] == 50
    assert by_week[date(2026, 3, 30)] == 100


def test_first_uses_are_followed_in_their_order(reader: User) -> None:
    customers, steps = adoption.funnel(reader, ["board", "quote"], today=TODAY)
    assert customers == 5
    assert [(step.reached, step.median_days) for step in steps] == [(3, 30), (1, 5)]
    _, other_way = adoption.funnel(reader, ["quote", "board"], today=TODAY)
    assert [step.reached for step in other_way] == [2, 0]
    assert other_way[1].of_before == 0


def test_the_usual_order_is_that_of_half_the_customers(reader: User) -> None:
    rows = adoption.overview(reader, today=TODAY, window=WINDOW).rows
    assert adoption.usual_steps(rows, reader, today=TODAY) == ["board", "quote"]


@pytest.mark.parametrize(
    ("use", "found"), [("now", ["aoba", "midori"]), ("lapsed", ["sora"]), ("not", ["kaze", "umi"]), ("odd", None)]
)
def test_every_number_leads_to_its_list_of_accounts(reader: User, use: str, found: list[str] | None) -> None:
    filters = portfolio.Filters.read(QueryDict(f"feature=board&use={use}&window=28&sort=name"))
    page = portfolio.page_of(reader, filters, number=1, today=TODAY)
    everyone = ["aoba", "kaze", "midori", "sora", "umi"]
    assert sorted(line.external_id for line in page.lines) == (everyone if found is None else found)


def test_only_accounts_within_reach_are_counted(reader: User) -> None:
    team = a_team("東日本")
    an_account("ours", team="東日本")
    colleague = a_user("goto@banso.example", role="csm", reach="teams", teams=[team])
    assert reader.reach == "all"
    row = one(colleague)
    assert (row.eligible, row.now, row.never) == (1, 0, 1)


def test_features_are_sorted_with_unknown_ones_last(reader: User) -> None:
    rows = adoption.overview(reader, today=TODAY, window=WINDOW).rows
    for sort in adoption.SORTS:
        for is_descending in (False, True):
            names = [row.name for row in adoption.ordered(rows, sort, is_descending=is_descending)]
            assert sorted(names) == ["board", "quote"], sort
    assert [row.name for row in adoption.ordered(rows, "share", is_descending=False)] == ["quote", "board"]


@pytest.mark.usefixtures("reader")
def test_the_pages_show_numbers_words_and_ways_on(client: Client) -> None:
    client.force_login(User.objects.get())
    for address in (
        reverse("desk:adoption"),
        reverse("desk:adoption") + "?sort=-people&window=90&segment=1&page=7",
        reverse("desk:feature", args=["board"]),
        reverse("desk:funnel"),
        reverse("desk:funnel") + "?step=quote&step=board&step=&step=odd",
        reverse("desk:portfolio") + "?feature=board&use=not&window=28",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "<c-" not in answer.text
        assert "board" in answer.text
    assert client.get(reverse("desk:feature", args=["nothing"])).status_code == 404
    assert client.get(reverse("desk:adoption_export", args=["pdf"])).status_code == 404
    assert b"board" in b"".join(client.get(reverse("desk:adoption_export", args=["csv"])))


def test_without_use_the_pages_say_where_features_come_from(client: Client) -> None:
    client.force_login(an_admin())
    assert "No feature has been used yet" in client.get(reverse("desk:adoption")).text
    assert "No feature has been used yet" in client.get(reverse("desk:funnel")).text


def test_adoption_costs_the_same_at_any_size(
    reader: User, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(reader)
    for many in (1, 30):
        for place in range(many):
            an_account(f"more-{many}-{place}")
            if place < 5:
                used(f"more-{many}-{place}", [str(TODAY - timedelta(days=place + 1))], name=f"feature-{place}")
        with django_assert_num_queries(9):
            client.get(reverse("desk:adoption"))
