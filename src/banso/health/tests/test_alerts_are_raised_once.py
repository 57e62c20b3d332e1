"""The watch raises an alert once for each fall, keeps it up to date, and closes it when use is back."""

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from django.db import IntegrityError, transaction

from banso.accounts import actions as accounts
from banso.accounts.queries import EVERYTHING, visible_to
from banso.accounts.testing import an_account
from banso.health import actions, queries
from banso.health.jobs import watch_accounts
from banso.health.models import Alert, Outlook, Snooze, Watching
from banso.health.testing import A_MOMENT, A_TODAY, a_watched_book, an_alert, watched
from banso.journal.testing import written
from banso.people.testing import AN_ACTOR, an_admin
from banso.usage import queries as usage
from banso.usage.testing import events, recorded, used

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)
THIS_MONDAY = date(2026, 11, 23)


def test_a_fall_becomes_one_alert_with_its_evidence() -> None:
    made = a_watched_book("falling")

    done = watched()

    assert (done.watched, done.raised, done.ended) == (15, 1, 0)
    alert = Alert.objects.get()
    assert alert.account_id == made["falling"]
    assert THIS_MONDAY - 7 * WEEK <= alert.since_on <= THIS_MONDAY - 6 * WEEK
    assert alert.since_on < alert.seen_on <= THIS_MONDAY
    assert alert.low < alert.size < alert.high < -0.3
    assert len(alert.course) == 52
    last = alert.course[-1]
    assert last[0] == (THIS_MONDAY - WEEK).isoformat()
    assert (last[1], last[2]) == (alert.latest, pytest.approx(alert.usual, abs=0.06))
    assert last[3] < last[2] < last[4]
    assert alert.latest < last[3]
    (entry,) = written("alert.raised")
    assert (entry.account_id, entry.subject_label) == (made["falling"], "株式会社falling")


def test_watching_again_raises_nothing_new() -> None:
    a_watched_book("falling")
    watched()
    first = Alert.objects.get()

    done = watched(A_TODAY + timedelta(days=1))

    assert (done.raised, done.ended) == (0, 0)
    again = Alert.objects.get()
    assert (again.pk, again.seen_on, again.as_of_on) == (first.pk, first.seen_on, A_TODAY + timedelta(days=1))


def test_what_somebody_resolved_is_not_told_again() -> None:
    a_watched_book("falling")
    watched()
    actions.resolve(alert_id=Alert.objects.get().pk, note="組織変更のため", by=AN_ACTOR, now=A_MOMENT)

    assert watched().raised == 0
    assert Alert.objects.get().closing == "resolved"


def test_an_alert_ends_by_itself_when_use_is_back() -> None:
    a_watched_book("falling")
    watched()
    rows = [
        (f"{THIS_MONDAY + week * WEEK + timedelta(days=n % 5)}T03:{n:02}:{week:02}", name, "p1", "report.opened")
        for name in ["falling", *(f"steady{n}" for n in range(14))]
        for week in range(6)
        for n in range(40)
    ]
    recorded(events(*rows))

    done = watched(A_TODAY + 6 * WEEK, now=A_MOMENT + 6 * WEEK)

    alert = Alert.objects.get()
    assert (done.ended, alert.closing, alert.closed_by) == (1, "back", None)
    assert [one.account_id for one in written("alert.ended")] == [alert.account_id]


def test_an_account_that_left_is_watched_no_longer() -> None:
    made = a_watched_book("falling")
    watched()
    left_on, everything = THIS_MONDAY - WEEK, visible_to(EVERYTHING)
    accounts.account_left(account_id=made["falling"], left_on=left_on, by=AN_ACTOR, now=A_MOMENT, visible=everything)

    assert watched().ended == 1
    assert Alert.objects.get().closing == "left"


def test_a_fall_of_long_ago_is_no_news() -> None:
    a_watched_book("falling")

    done = watched(A_TODAY)
    Alert.objects.all().delete()
    Outlook.objects.all().delete()
    recorded(events(("2027-03-20T03:00:00", "steady0", "p1", "report.opened")))
    later = actions.watch(on=date(2027, 3, 23), by=AN_ACTOR, now=A_MOMENT)

    assert done.raised == 1
    assert later is not None
    assert not Alert.objects.filter(seen_on__lt=date(2027, 3, 23) - 13 * WEEK).exists()


def test_too_little_history_is_said_and_leaves_alerts_alone() -> None:
    a_watched_book(steady=3)

    assert (watched().raised, Alert.objects.count()) == (0, 0)
    outlook = queries.outlook()
    assert outlook is not None
    assert outlook.missing_weeks == 520 - outlook.quiet_weeks > 0


def test_without_a_whole_week_nothing_is_watched() -> None:
    assert actions.watch(on=A_TODAY, by=AN_ACTOR, now=A_MOMENT) is None
    an_account("new")
    used("new", [A_TODAY.isoformat()])
    assert actions.watch(on=A_TODAY, by=AN_ACTOR, now=A_MOMENT) is None
    assert actions.watch(on=A_TODAY + WEEK, by=AN_ACTOR, now=A_MOMENT) is None


def test_use_of_nobody_known_is_not_watched() -> None:
    used("stranger", ["2026-10-06", "2026-11-10"])

    assert actions.watch(on=A_TODAY, by=AN_ACTOR, now=A_MOMENT) is None


def test_accounts_with_few_events_have_the_monthly_table() -> None:
    made = a_watched_book()
    little = an_account("little", name="株式会社リトル")
    used("little", [(THIS_MONDAY - WEEK * ago).isoformat() for ago in range(40, 4, -1)])

    done = watched()

    assert (done.watched, len(made)) == (14, 14)
    ((row,), number, pages, total) = queries.small_accounts(an_admin(), number=9)
    assert (number, pages, total) == (1, 1, 1)
    assert (row.account_id, row.last, row.low) == (little, 0, 0)
    assert row.usual == pytest.approx(4, abs=0.2)


def test_the_job_watches_and_is_wanted_until_it_did() -> None:
    assert not queries.needs_watching()
    a_watched_book()
    assert queries.needs_watching()

    done = watch_accounts.func()

    assert done is not None
    assert done["watched"] >= 0
    assert not queries.needs_watching()
    actions.ask_for(rate=Decimal("1.5"), by=AN_ACTOR, now=A_MOMENT)
    assert queries.needs_watching()
    watched()
    assert not queries.needs_watching()


def test_more_false_alarms_asked_for_are_asked_of_the_watch() -> None:
    assert queries.alarms_a_year() == 0.5
    with pytest.raises(actions.WrongRate):
        actions.ask_for(rate=Decimal(7), by=AN_ACTOR, now=A_MOMENT)
    actions.ask_for(rate=Decimal(2), by=AN_ACTOR, now=A_MOMENT)

    assert queries.alarms_a_year() == 2.0
    assert written("alert.rate_set")[0].details == {"from": 0.5, "to": 2.0}


def test_weekly_and_daily_volumes_are_what_was_used() -> None:
    used("one", ["2026-10-05", "2026-10-06", "2026-10-12"], people=("taro", "hanako"))
    used("two", ["2026-10-11"])

    weekly = usage.weekly_volumes(date(2026, 10, 5), date(2026, 10, 12))
    daily = usage.daily_volumes(date(2026, 10, 6), date(2026, 10, 12))

    assert weekly.rows() == [
        ("one", date(2026, 10, 5), 4),
        ("one", date(2026, 10, 12), 2),
        ("two", date(2026, 10, 5), 1),
    ]
    assert daily.rows() == [(date(2026, 10, 6), 2), (date(2026, 10, 11), 1), (date(2026, 10, 12), 2)]
    assert usage.weekly_volumes(date(2020, 1, 1), date(2020, 2, 1)).schema == weekly.schema
    assert usage.daily_volumes(date(2020, 1, 1), date(2020, 2, 1)).equals(pl.DataFrame(schema=daily.schema))


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "x"},
        {"closing": "back"},
        {"closed_at": A_MOMENT},
        {"since_on": date(2027, 1, 1)},
    ],
)
def test_the_database_keeps_what_alerts_promise(change: dict[str, object]) -> None:
    alert = an_alert("one")
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(**change)


def test_the_database_keeps_alerts_and_rests_single() -> None:
    alert = an_alert("one")
    with pytest.raises(IntegrityError), transaction.atomic():
        an_alert("two", account_id=alert.account_id)
    for _ in range(2):
        actions.snooze(
            alert_id=alert.pk, until_on=A_TODAY + WEEK, reason="様子見", by=AN_ACTOR, now=A_MOMENT, today=A_TODAY
        )
    assert Snooze.objects.filter(ended_at__isnull=True).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Snooze.objects.create(alert=alert, until_on=A_TODAY, reason="x", made_at=A_MOMENT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Watching.objects.create(alarms_a_year=9, set_at=A_MOMENT)
