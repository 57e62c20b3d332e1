"""Who is on the list of today, why, in which order and until when."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from banso.accounts.testing import a_person, an_account
from banso.contracts.testing import a_contract, a_line
from banso.desk.queries import today as short_list
from banso.desk.queries.today import Call
from banso.desk.rules import Condition, Facts, Need, Verdict, disagree, due_on, need, verdict
from banso.desk.templatetags.desk import need_reason
from banso.growth.testing import an_account_with_limit, measured
from banso.health import actions as health
from banso.health.queries.disagreements import Asked, judged_page
from banso.health.testing import A_MOMENT, A_TODAY, a_fading_account, a_pulse, a_steady_account, an_alert, computed
from banso.people.access import User
from banso.people.testing import AN_ACTOR, a_csm, an_admin
from banso.shared.businessdays import calendar_of

CALENDAR = calendar_of("JP", ())


def in_days(count: int) -> date:
    return A_TODAY + timedelta(days=count)


def of(condition: Condition, **said: Any) -> Facts:
    return Facts(condition=condition, change=0, mrr=10_000, **said)


def judged(facts: Facts) -> Verdict:
    found = verdict(facts, today=A_TODAY)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (of("good"), None),
        (Facts(), None),
        (of("poor", notice_by_on=in_days(10)), Need.RENEWAL_AT_RISK),
        (of("good", pulse=1, notice_by_on=in_days(45)), Need.RENEWAL_AT_RISK),
        (Facts(condition="normal", change=-8, notice_by_on=in_days(45)), Need.RENEWAL_AT_RISK),
        (of("good", pulse=1, notice_by_on=in_days(46)), Need.JUDGED_WORSE),
        (of("poor", notice_by_on=in_days(-1)), Need.POOR_HEALTH),
        (of("good", pulse=1, disputed_on=in_days(-3)), Need.DISPUTED),
        (of("poor", disputed_on=in_days(-3)), Need.DISPUTED),
        (of("poor", disputed_on=in_days(-3), notice_by_on=in_days(45)), Need.RENEWAL_AT_RISK),
        (Facts(condition="normal", change=-8), Need.SUDDEN_DROP),
        (Facts(condition="normal", change=-7.9), None),
        (Facts(condition="good", change=-20), None),
        (of("good", use_fell_on=in_days(-30)), Need.USE_FELL),
        (of("poor", use_fell_on=in_days(-30), champion_left_on=in_days(-5)), Need.USE_FELL),
        (Facts(condition="normal", change=-8, use_fell_on=in_days(-30)), Need.SUDDEN_DROP),
        (of("good", champion_left_on=in_days(-59)), Need.CHAMPION_LEFT),
        (of("good", champion_left_on=in_days(-60)), None),
        (of("normal", pulse=4, notice_by_on=in_days(7)), Need.RENEWAL_TO_CONFIRM),
        (of("normal", pulse=4, notice_by_on=in_days(8)), Need.RENEWAL_TO_PREPARE),
        (of("good", limit_on=in_days(12)), Need.LIMIT_IN_SIGHT),
        (of("good", limit_on=in_days(12), notice_by_on=in_days(30)), Need.RENEWAL_TO_PREPARE),
        (of("poor", leaves_on=in_days(20)), Need.NOTICE_GIVEN),
        (Facts(condition="poor", trial_ends_on=in_days(25)), Need.TRIAL_STALLING),
        (Facts(condition="good", trial_ends_on=in_days(21)), Need.TRIAL_ENDING),
        (Facts(condition="good", trial_ends_on=in_days(22)), None),
        (Facts(condition="good", trial_ends_on=in_days(25), notice_by_on=in_days(5)), None),
        (of("poor", trial_ends_on=in_days(25), notice_by_on=in_days(5)), Need.RENEWAL_AT_RISK),
    ],
)
def test_an_account_is_on_the_list_for_its_foremost_reason(facts: Facts, expected: Need | None) -> None:
    assert need(facts, today=A_TODAY) is expected
    assert (verdict(facts, today=A_TODAY) is None) == (expected is None)


@pytest.mark.parametrize(
    ("facts", "amount"),
    [
        (of("poor", notice_by_on=in_days(2))._replace(mrr=455_000), 273_000),  # × 60 % × 100 %
        (of("poor", notice_by_on=in_days(30))._replace(mrr=475_000), 171_000),  # × 60 % × 60 %
        (Facts(condition="normal", change=-8, mrr=355_000, notice_by_on=in_days(62)), 42_600),  # × 40 % × 30 %
        (Facts(condition="normal", change=-8, mrr=355_000, notice_by_on=in_days(-1)), 42_600),
        (of("good", notice_by_on=in_days(7))._replace(mrr=635_000), 31_750),  # × 5 % × 100 %
        (of("good", leaves_on=in_days(8))._replace(mrr=100_000), 18_000),  # × 30 % × 60 %
        (Facts(condition="poor", trial_mrr=50_000, trial_ends_on=in_days(9)), 3_600),  # 30 % of it × 40 % × 60 %
    ],
)
def test_what_is_at_stake_is_revenue_by_severity_by_urgency(facts: Facts, amount: int) -> None:
    assert judged(facts).at_stake == amount


@given(mrr=st.integers(0, 10**9), days=st.integers(0, 400), sooner=st.integers(0, 400))
def test_more_revenue_and_a_nearer_deadline_never_put_less_at_stake(mrr: int, days: int, sooner: int) -> None:
    later = judged(of("poor", notice_by_on=in_days(days))._replace(mrr=mrr)).at_stake
    nearer = judged(of("poor", notice_by_on=in_days(min(days, sooner)))._replace(mrr=mrr + 1)).at_stake
    assert later <= nearer <= mrr + 1


def test_a_deadline_within_a_week_is_for_now_whatever_the_need() -> None:
    trial = Facts(condition="good", trial_ends_on=in_days(7))
    assert judged(trial).is_now
    assert not judged(trial._replace(trial_ends_on=in_days(8))).is_now
    assert judged(of("poor", champion_left_on=in_days(-1))).is_now
    assert not judged(of("poor")).is_now


def test_one_speaks_before_notice_can_no_longer_be_given() -> None:
    soon, later = judged(of("poor", notice_by_on=in_days(1))), judged(of("poor", notice_by_on=in_days(30)))
    for what in Need:
        due = due_on(soon._replace(need=what), today=A_TODAY, business_days_after=CALENDAR.add)
        assert due == in_days(1)
    assert due_on(later, today=A_TODAY, business_days_after=CALENDAR.add) == in_days(3)


def test_a_dispute_is_settled_within_days_of_its_beginning_and_today_where_that_is_late() -> None:
    def due(since: date) -> date:
        found = judged(of("good", pulse=1, disputed_on=since))
        assert (found.since, found.is_now) == (since, True)
        return due_on(found, today=A_TODAY, business_days_after=CALENDAR.add)

    assert due(date(2026, 11, 20)) == date(2026, 11, 30)  # a Friday, and a holiday on Monday
    assert due(date(2026, 9, 1)) == A_TODAY


def test_a_deadline_that_has_passed_is_not_counted_on() -> None:
    past = judged(of("poor", notice_by_on=in_days(-3)))
    assert past.deadline_on is None
    assert due_on(past, today=A_TODAY, business_days_after=CALENDAR.add) > A_TODAY


@given(condition=st.sampled_from(["good", "normal", "poor", "unknown"]), pulse=st.integers(1, 5))
def test_score_and_pulse_disagree_only_across_the_middle(condition: str, pulse: int) -> None:
    disputed = disagree(condition, pulse)  # type: ignore[arg-type]  # drawn from its values
    assert disputed == ((condition == "good" and pulse <= 2) or (condition == "poor" and pulse >= 4))
    assert not disagree(condition, None)  # type: ignore[arg-type]  # drawn from its values


def listed(user: User, when: str, *, mine: bool = False) -> list[Call]:
    page = short_list.calls(user, mine=mine, when=when, number=1, today=A_TODAY, calendar=CALENDAR, currency="JPY")
    assert page.total == len(page.calls) == (page.now if when == "now" else page.soon)
    return page.calls


@pytest.mark.django_db
def test_the_list_holds_whoever_needs_something_and_says_what() -> None:
    admin = an_admin()
    steady, fading = a_steady_account(), a_fading_account()
    doubted, bereft = an_account("doubted", name="株式会社ギモン"), an_account("bereft", name="株式会社サミシ")
    a_contract("steady", renews_on=in_days(30), notice_count=0)
    a_pulse(doubted, 1)
    a_person("bereft", "b1", role="champion", left_on=in_days(-50))
    a_person("bereft", "b2", role="champion", left_on=in_days(-5))
    a_person("steady", role="champion", left_on=in_days(-300))
    computed()
    now, soon = listed(admin, "now"), listed(admin, "soon")
    found = {call.line.id: call.need for call in [*now, *soon]}
    assert found.pop(fading) in {Need.SUDDEN_DROP, Need.POOR_HEALTH}
    assert found == {steady: Need.RENEWAL_TO_PREPARE, doubted: Need.JUDGED_WORSE, bereft: Need.CHAMPION_LEFT}
    assert {call.facts.champion_left_on for call in now if call.line.id == bereft} == {in_days(-5)}
    assert {steady, doubted} <= {call.line.id for call in soon}


@pytest.mark.django_db
def test_an_alert_is_listed_until_it_rests() -> None:
    alert = an_alert("falling")
    with translation.override("en"):
        (call,) = listed(an_admin(), "now")
        assert (call.line.id, call.need) == (alert.account_id, Need.USE_FELL)
        assert need_reason(call) == "Use fell against what was expected, from the week of 19 Oct 2026 on"
    health.snooze(alert_id=alert.pk, until_on=in_days(7), reason="繁忙期", by=AN_ACTOR, now=A_MOMENT, today=A_TODAY)
    admin = User.objects.get()
    assert listed(admin, "now") == []
    assert (
        len(
            short_list.calls(
                admin, mine=False, when="now", number=1, today=in_days(7), calendar=CALENDAR, currency="JPY"
            ).calls
        )
        == 1
    )


@pytest.mark.django_db
def test_a_trial_comes_after_whoever_pays_and_says_what_it_would_bring() -> None:
    admin = an_admin()
    trial, payer = an_account("trial"), an_account("payer")
    for account in (trial, payer):
        a_pulse(account, 1)
    a_contract("payer", renews_on=in_days(90), notice_count=0)
    a_contract("trial", is_trial=True, starts_on=in_days(-20), ends_on=in_days(6), lines=[a_line(amount_minor=90_000)])
    a_person("payer", role="champion", left_on=in_days(-5))
    first, second = listed(admin, "now")
    assert (first.line.id, first.verdict.at_stake) == (trial, 10_800)  # 30 % of 90,000 × 40 % × 100 %
    assert (second.line.id, second.verdict.at_stake) == (payer, 900)  # 10,000 × 30 % × 30 %
    a_contract("payer", "payer-k2", renews_on=in_days(20), notice_count=0, lines=[a_line(amount_minor=200_000)])
    assert [call.line.id for call in listed(admin, "now")] == [payer, trial]


@pytest.mark.django_db
def test_whoever_has_given_notice_is_asked_why_before_it_ends() -> None:
    admin = an_admin()
    leaving, staying = an_account("leaving"), an_account("staying")
    for name in ("leaving", "staying"):
        a_contract(name, renews_on=in_days(30), notice_count=0, cancelled_on=in_days(-3), ends_on=in_days(30))
    a_contract("staying", "staying-k2", renews_on=in_days(200), notice_count=0)
    found = {call.line.id: call for call in listed(admin, "soon")}
    assert found.keys() == {leaving}
    assert found[leaving].need is Need.NOTICE_GIVEN
    assert found[leaving].facts.leaves_on == in_days(30)
    assert staying not in found


@pytest.mark.django_db
def test_those_who_left_and_those_of_others_are_not_on_ones_list() -> None:
    csm = a_csm()
    mine = an_account("mine", owner_email=csm.email)
    for account in (mine, an_account("theirs"), an_account("gone", left_on=in_days(-10), owner_email=csm.email)):
        a_pulse(account, 1)
    assert [call.line.id for call in listed(csm, "soon", mine=True)] == [mine]
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


@pytest.mark.django_db
def test_whoever_is_about_to_pass_a_limit_is_told_of_a_larger_plan() -> None:
    admin = an_admin()
    near, far = an_account_with_limit("near", limit=260, daily=10), an_account_with_limit("far", limit=9000, daily=10)
    passed = an_account_with_limit("passed", limit=200, daily=10)
    term: dict[str, Any] = {"daily": 10, "period": "term"}  # 1,400 were used in its 140 days
    ahead, beyond = an_account_with_limit("ahead", 1980, **term), an_account_with_limit("beyond", 2010, **term)
    measured()
    found = {call.line.id: call for call in listed(admin, "soon")}
    assert {call.need for call in found.values()} == {Need.LIMIT_IN_SIGHT}
    assert (found[near].facts.limit_on, found[near].limit, found[near].limit_days) == (in_days(3), "メール配信", 3)
    with translation.override("en"):
        assert need_reason(found[near]) == "Is expected to pass the limit of メール配信 on 27 Nov 2026 (3 days left)"
        assert need_reason(found[passed]) == "Passed the limit of メール配信 on 21 Nov 2026"
    assert found[ahead].limit_days == 58
    assert far not in found
    assert beyond not in found


@pytest.mark.django_db
def test_score_and_pulse_that_say_the_opposite_are_on_both_lists_for_the_same_day() -> None:
    admin, steady = an_admin(), a_steady_account()
    a_pulse(steady, 1, now=A_MOMENT - timedelta(days=5))
    computed()
    [call] = listed(admin, "now")
    [row] = judged_page(admin, Asked(), number=1, today=A_TODAY, calendar=CALENDAR).rows
    assert (call.line.id, call.need, call.is_disputed) == (steady, Need.DISPUTED, True)
    assert (call.due_on, call.days_left) == (row.contact_on, row.days_left) == (date(2026, 11, 27), 3)
