"""The portfolio at any size: the same number of queries, the order asked for, nothing that may not be seen."""

from datetime import timedelta
from itertools import chain
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from banso.accounts import queries as accounts
from banso.accounts.testing import an_account
from banso.contracts.testing import a_contract, a_line
from banso.desk.queries import portfolio as lists
from banso.health.testing import A_TODAY, a_fading_account, a_pulse, a_steady_account, computed
from banso.people.access import User
from banso.people.testing import a_team, a_user, an_admin

pytestmark = pytest.mark.django_db


def names(query: dict[str, str], *, number: int = 1, rows: int = 50) -> list[str]:
    page = lists.page_of(an_admin_once(), read(query), number=number, today=A_TODAY, rows=rows)
    return [line.external_id for line in page.lines]


def read(query: dict[str, str]) -> lists.Filters:
    return lists.Filters.read(QueryDict(urlencode(query)))


def an_admin_once() -> User:
    return User.objects.filter(role="admin").first() or an_admin()


def test_worst_health_comes_first_and_unknown_last() -> None:
    a_steady_account()
    a_fading_account()
    an_account("quiet")
    computed()
    assert names({}) == ["fading", "steady", "quiet"]
    assert names({"sort": "-health"}) == ["steady", "fading", "quiet"]


def test_every_sort_lists_every_account_once() -> None:
    for place in range(5):
        an_account(f"a{place}")
        a_contract(f"a{place}", lines=[a_line(amount_minor=1000 * place)])
    for sort in lists.SORTS:
        for sign in ("", "-"):
            pages = [names({"sort": sign + sort}, number=number, rows=2) for number in (1, 2, 3)]
            assert sorted(chain.from_iterable(pages)) == [f"a{place}" for place in range(5)], sort


def test_revenue_sorts_by_amount() -> None:
    for place, amount in enumerate((3000, 1000, 2000)):
        an_account(f"a{place}")
        a_contract(f"a{place}", lines=[a_line(amount_minor=amount)])
    assert names({"sort": "-mrr"}) == ["a0", "a2", "a1"]


@pytest.mark.parametrize("text", ["アオバ", "あおば", "株式会社アオバ物流", "A-1", "ｱｵﾊﾞ"])
def test_an_account_is_found_however_its_name_is_typed(text: str) -> None:
    an_account("A-1", name="株式会社アオバ物流")
    an_account("B-1", name="みずほ製作所")
    assert names({"q": text}) == ["A-1"]


def test_filters_hold_together() -> None:
    an_account("a", segment="エンタープライズ", stage="導入")
    an_account("b", segment="エンタープライズ", stage="定着")
    an_account("gone", left_on=A_TODAY - timedelta(days=3))
    a_contract("a", renews_on=A_TODAY + timedelta(days=20))
    segment = str(accounts.segments()[0].id)
    stage = str(next(one.id for one in accounts.stages() if one.name == "導入"))
    assert names({"segment": segment, "sort": "name"}) == ["a", "b"]
    assert names({"segment": segment, "stage": stage}) == ["a"]
    assert names({"renewal": "30"}) == ["a"]
    assert names({"state": "left"}) == ["gone"]
    assert set(names({"state": "all"})) == {"a", "b", "gone"}
    assert names({"condition": "good"}) == []
    assert set(names({"condition": "unknown"})) == {"a", "b"}
    assert names({"level": "4"}) == []
    assert names({"moved": "down"}) == []


@pytest.mark.parametrize(
    "query",
    [
        {"owner": "x"},
        {"sort": "password"},
        {"page": "0"},
        {"renewal": "9" * 30},
        {"condition": "<b>"},
        {"feature": "report.opened", "use": "not", "window": "999999999"},
    ],
)
def test_nonsense_in_the_address_is_as_if_it_were_not_there(query: dict[str, str]) -> None:
    an_account("a")
    assert names(query) == ["a"]


def test_nobody_sees_accounts_outside_their_reach() -> None:
    east, west = a_team("東"), a_team("西")
    csm = a_user("chiba@banso.example", role="csm", reach="teams", teams=[east])
    an_account("ours", team="東")
    an_account("theirs", team="西")
    page = lists.page_of(csm, lists.Filters(), number=1, today=A_TODAY)
    assert [line.external_id for line in page.lines] == ["ours"]
    assert east != west


def test_the_number_of_queries_does_not_grow_with_the_list() -> None:
    admin = an_admin()
    counts = []
    for size in (3, 30):
        for place in range(size):
            account = an_account(f"s{size}-{place}")
            a_pulse(account, 3)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            lists.page_of(admin, read({"sort": "mrr"}), number=1, today=A_TODAY)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_an_export_holds_every_row_in_the_order_shown() -> None:
    admin = an_admin()
    for place in range(4):
        an_account(f"a{place}", name=f"会社{place}")
    lines = list(lists.every_line(admin, read({"sort": "-name"}), today=A_TODAY))
    assert [line.external_id for line in lines] == ["a3", "a2", "a1", "a0"]


def test_a_page_beyond_the_last_is_the_last() -> None:
    an_account("a")
    page = lists.page_of(an_admin(), lists.Filters(), number=99, today=A_TODAY)
    assert (page.number, page.pages, page.total, page.first, page.last) == (1, 1, 1, 1, 1)
