from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banso.accounts import actions, queries
from banso.accounts.actions import UNSET, AccountInput
from banso.accounts.models import Account
from banso.accounts.testing import A_MOMENT, a_segment, an_account
from banso.journal import queries as journal
from banso.people.testing import AN_ACTOR, a_csm, a_team

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 11, 25, tzinfo=UTC)


def save(*rows: AccountInput, **how: object) -> actions.SaveResult:
    return actions.save_accounts(rows, by=AN_ACTOR, now=LATER, **how)  # type: ignore[arg-type]


def test_the_same_row_twice_changes_nothing_the_second_time() -> None:
    row = AccountInput("acme", name="株式会社アクメ", customer_since_on=date(2024, 4, 1))
    assert save(row).added == 1
    again = save(row)
    assert (again.added, again.changed, again.same) == (0, 0, 1)
    assert Account.objects.count() == 1


def test_what_is_not_given_is_not_touched() -> None:
    pk = an_account("acme", name="アクメ", reading="あくめ", segment="Enterprise")
    assert save(AccountInput("acme", name="アクメ商事", reading=UNSET)).changed == 1
    row = queries.rows(Account.objects.filter(pk=pk).order_by("pk"))[0]
    assert (row.name, row.reading, row.segment) == ("アクメ商事", "あくめ", "Enterprise")
    assert row.created_at == A_MOMENT
    assert row.changed_at == LATER


def test_the_journal_tells_old_and_new_in_words() -> None:
    owner = a_csm()
    pk = an_account("acme", name="アクメ", segment="SMB")
    a_segment("Enterprise")
    save(AccountInput("acme", segment="enterprise", owner_email=owner.email.upper()))
    entry = journal.timeline([pk])[0]
    assert entry.verb == "account.changed"
    assert entry.details["changes"] == {"segment": ["SMB", "Enterprise"], "owner": [None, owner.name]}


def test_bad_rows_are_returned_and_good_ones_saved() -> None:
    a_team("東日本")
    result = save(
        AccountInput("good", name="Good", team="東日本"),
        AccountInput("", name="Nameless"),
        AccountInput("good", name="Again"),
        AccountInput("bad", name="", segment="?", stage="?", owner_email="nobody@x.example", kind="planet", team="?"),
        AccountInput("long", name="x" * 201),
        AccountInput("dates", name="D", customer_since_on=date(2026, 2, 1), left_on=date(2026, 1, 1)),
    )
    assert result.added == 1
    assert [(fault.index, fault.field, fault.code) for fault in result.refused] == [
        (1, "external_id", "missing"),
        (2, "external_id", "repeated"),
        (3, "kind", "not_allowed"),
        (3, "name", "missing"),
        (3, "owner", "owner_unknown"),
        (3, "segment", "segment_unknown"),
        (3, "stage", "stage_unknown"),
        (3, "team", "team_unknown"),
        (4, "name", "too_long"),
        (5, "left_on", "left_before_joined"),
    ]
    assert all(actions.sentence(fault) for fault in result.refused)


def test_parents_may_stand_in_any_order() -> None:
    result = save(
        AccountInput("section", name="課", parent_external_id="department", kind="department"),
        AccountInput("department", name="部", parent_external_id="company", kind="department"),
        AccountInput("company", name="社"),
    )
    assert result.added == 3
    top = queries.by_external_ids(["company"])["company"]
    assert len(queries.subtree_ids(top)) == 3
    assert save(AccountInput("section", parent_external_id=None)).changed == 1
    assert len(queries.subtree_ids(top)) == 2


def test_a_circle_and_an_unknown_parent_are_refused() -> None:
    an_account("top")
    an_account("below", parent_external_id="top")
    result = save(
        AccountInput("top", parent_external_id="below"),
        AccountInput("lost", name="Lost", parent_external_id="nowhere"),
        AccountInput("child of lost", name="Child", parent_external_id="lost"),
        AccountInput("self", name="Self", parent_external_id="self"),
    )
    assert [fault.code for fault in result.refused] == [
        "parent_circle",
        "parent_unknown",
        "parent_unknown",
        "parent_circle",
    ]
    assert not Account.objects.filter(external_id="lost").exists()


def test_missing_segments_and_stages_are_made_only_when_asked() -> None:
    rows = [AccountInput("a", name="A", segment="New", stage="First"), AccountInput("b", name="B", segment="ＮＥＷ")]
    assert len(save(*rows).refused) == 3
    assert save(*rows, creates_missing=True).added == 2
    assert [one.name for one in queries.segments()] == ["New"]
    assert [one.accounts for one in queries.segments()] == [2]


def test_a_thousand_rows_take_as_many_queries_as_ten() -> None:
    def rows(count: int, name: str) -> list[AccountInput]:
        top = AccountInput(f"{name}-0", name=name, segment="S")
        return [
            top,
            *(AccountInput(f"{name}-{n}", name=f"{name} {n}", parent_external_id=f"{name}-0") for n in range(1, count)),
        ]

    a_segment("S")
    with CaptureQueriesContext(
        connection,
    ) as few:
        save(*rows(10, "few"))
    with CaptureQueriesContext(connection) as many:
        save(*rows(1000, "many"))
    assert len(many) == len(few) <= 11
    with CaptureQueriesContext(connection) as again:
        assert save(*rows(1000, "many")).same == 1000
    assert len(again) <= 7
