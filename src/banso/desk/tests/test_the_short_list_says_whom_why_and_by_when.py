"""The rules of the first page, and the database saying the same."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.accounts.testing import a_person, an_account
from banso.contracts.testing import a_contract
from banso.desk.queries import today as short_list
from banso.desk.rules import NOW, SPEAK_WITHIN, Facts, Need, disagree, due_on, need
from banso.health.testing import A_TODAY, a_fading_account, a_pulse, a_steady_account, computed
from banso.people.testing import a_csm, an_admin
from banso.shared.businessdays import calendar_of

CALENDAR = calendar_of("JP", ())
WELL = Facts(condition="good", change=0, pulse=None, notice_by_on=None, champion_left_on=None)


def in_days(count: int) -> date:
    return A_TODAY + timedelta(days=count)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (WELL, Need.NONE),
        (Facts("poor", 0, None, in_days(10), None), Need.RENEWAL_AT_RISK),
        (Facts("good", 0, 1, in_days(45), None), Need.RENEWAL_AT_RISK),
        (Facts("good", 0, 1, in_days(46), None), Need.JUDGED_WORSE),
        (Facts("poor", 0, None, in_days(-1), None), Need.POOR_HEALTH),
        (Facts("normal", -8, None, None, None), Need.SUDDEN_DROP),
        (Facts("normal", -7.9, None, None, None), Need.NONE),
        (Facts("good", -20, None, None, None), Need.NONE),
        (Facts("good", 0, 5, None, in_days(-59)), Need.CHAMPION_LEFT),
        (Facts("good", 0, 5, None, in_days(-60)), Need.NONE),
        (Facts("normal", 0, 4, in_days(30), None), Need.RENEWAL_TO_PREPARE),
        (Facts("unknown", None, None, None, None), Need.NONE),
    ],
)
def test_an_account_is_on_the_list_for_its_foremost_reason(facts: Facts, expected: Need) -> None:
    assert need(facts, today=A_TODAY) is expected


def test_one_speaks_before_notice_can_no_longer_be_given() -> None:
    soon, later = in_days(1), in_days(30)
    for what in SPEAK_WITHIN:
        assert due_on(what, today=A_TODAY, notice_by_on=soon, business_days_after=CALENDAR.add) == soon
    assert due_on(Need.SUDDEN_DROP, today=A_TODAY, notice_by_on=later, business_days_after=CALENDAR.add) == in_days(3)


def test_a_deadline_that_has_passed_is_not_counted_on() -> None:
    day = due_on(Need.POOR_HEALTH, today=A_TODAY, notice_by_on=in_days(-3), business_days_after=CALENDAR.add)
    assert day > A_TODAY


@given(condition=st.sampled_from(["good", "normal", "poor", "unknown"]), pulse=st.integers(1, 5))
def test_score_and_pulse_disagree_only_across_the_middle(condition: str, pulse: int) -> None:
    disputed = disagree(condition, pulse)  # type: ignore[arg-type]  # drawn from its values
    assert disputed == ((condition == "good" and pulse <= 2) or (condition == "poor" and pulse >= 4))
    assert not disagree(condition, None)  # type: ignore[arg-type]  # drawn from its values


@pytest.mark.django_db
def test_the_database_ranks_as_the_rules_do() -> None:
    admin = an_admin()
    steady, fading = a_steady_account(), a_fading_account()
    doubted, bereft = an_account("doubted", name="株式会社ギモン"), an_account("bereft", name="株式会社サミシ")
    a_contract("steady", renews_on=in_days(30), notice_count=0)
    a_pulse(doubted, 1)
    a_person("bereft", role="champion", left_on=in_days(-5))
    computed()
    lists = {
        when: short_list.calls(admin, mine=False, when=when, number=1, today=A_TODAY, calendar=CALENDAR)
        for when in ("now", "soon")
    }
    found = {call.line.id: call.need for page in lists.values() for call in page.calls}
    assert found[steady] is Need.RENEWAL_TO_PREPARE
    assert found[doubted] is Need.JUDGED_WORSE
    assert found[bereft] is Need.CHAMPION_LEFT
    assert found[fading] in {Need.SUDDEN_DROP, Need.POOR_HEALTH}
    for when, page in lists.items():
        assert [call.need for call in page.calls] == sorted(call.need for call in page.calls)
        assert all((call.need in NOW) == (when == "now") for call in page.calls)
        assert page.total == len(page.calls)
    assert lists["now"].now + lists["now"].soon == len(found)


@pytest.mark.django_db
def test_those_who_left_and_those_of_others_are_not_on_ones_list() -> None:
    csm = a_csm()
    mine = an_account("mine", owner_email=csm.email)
    for account in (mine, an_account("theirs"), an_account("gone", left_on=in_days(-10), owner_email=csm.email)):
        a_pulse(account, 1)
    page = short_list.calls(csm, mine=True, when="soon", number=1, today=A_TODAY, calendar=CALENDAR)
    assert [call.line.id for call in page.calls] == [mine]
    assert short_list.owns_any(csm)


@pytest.mark.django_db
def test_conditions_add_up_to_all_accounts_and_all_revenue() -> None:
    admin = an_admin()
    a_steady_account()
    an_account("quiet")
    a_contract("steady")
    a_contract("quiet")
    computed()
    shares = short_list.shares(admin, mine=False, today=A_TODAY)
    assert [share.condition for share in shares] == ["poor", "normal", "good", "unknown"]
    assert sum(share.accounts for share in shares) == 2
    assert sum(share.mrr for share in shares) == 20_000
