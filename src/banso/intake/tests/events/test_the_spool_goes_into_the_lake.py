import fcntl
import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import translation

from banso.accounts import queries as account_rows
from banso.accounts.testing import a_person, an_account
from banso.intake import actions
from banso.intake.models import Quarantined
from banso.intake.queries import spool
from banso.intake.tests.events.spooled import NOW, line, segment, track
from banso.usage import actions as usage_actions
from banso.usage import queries as usage

pytestmark = pytest.mark.django_db(transaction=True)
SPAN = (date(2024, 1, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def _own_data_folder(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path
    with translation.override("en"):
        yield


def _taken(*lines: str, sequence: int = 1) -> actions.Compacted:
    segment(lines, sequence=sequence)
    done = actions.compact(now=NOW)
    usage_actions.roll_up(NOW, time_zone="Asia/Tokyo")
    return done


def _used(account: str) -> tuple[int, int]:
    total = usage.totals_of([account], *SPAN).get(account)
    return (total.n, total.people) if total else (0, 0)


def test_events_count_for_the_account_they_name_and_the_segment_is_gone() -> None:
    an_account("acme")
    done = _taken(line(track("m1", context={"groupId": "acme"}), track("m2", groupId="acme", userId="hanako")))
    assert (done.segments, done.events, done.quarantined) == (1, 2, 0)
    assert _used("acme") == (2, 2)
    assert spool.waiting().segments == 0
    assert not list(spool.home().glob("*"))


def test_an_event_is_counted_once_whatever_way_it_comes_again() -> None:
    once = line(track("m1", groupId="acme"), track("m1", groupId="acme"))
    segment([once, once])
    segment([once], sequence=2)
    segment([once], writer="host-2-bb")
    done = actions.compact(now=NOW)
    assert (done.segments, done.events, done.repeated) == (3, 1, 7)
    assert _taken(once, sequence=9).events == 0
    assert _used("acme") == (1, 1)


def test_events_without_an_id_are_events_of_their_own_and_their_line_counts_once() -> None:
    kept = line(track(None, groupId="acme"), track(None, groupId="acme"))
    assert _taken(kept, kept).events == 4
    assert _taken(kept, kept).events == 0  # the same places once more, as after a kill
    assert _used("acme") == (4, 1)


def test_a_person_who_is_in_one_account_needs_no_group() -> None:
    an_account("acme")
    a_person("acme", "taro")
    _taken(line(track("m1")))
    assert _used("acme") == (1, 1)


def test_a_group_call_puts_a_person_into_an_account_and_earlier_usage_follows() -> None:
    an_account("acme")
    _taken(line(track("m1")))
    assert _used("acme") == (0, 0)
    _taken(line({"type": "group", "userId": "taro", "groupId": "acme"}, track("m2")), sequence=2)
    assert _used("acme") == (2, 1)


def test_a_group_call_before_anything_was_rolled_up_finds_the_usage_that_waits() -> None:
    an_account("acme")
    segment([line(track("m1"))])
    actions.compact(now=NOW)
    _taken(line({"type": "group", "userId": "taro", "groupId": "acme"}), sequence=2)
    assert _used("acme") == (1, 1)


def test_a_person_in_two_accounts_is_in_neither_until_the_event_says_which() -> None:
    for name in ("acme", "beta"):
        an_account(name)
        a_person(name, "taro")
    _taken(line(track("m1"), track("m2", context={"groupId": "beta"})))
    assert (_used("acme"), _used("beta"), _used("~several:taro")) == ((0, 0), (1, 1), (1, 1))


def test_who_comes_into_a_second_account_keeps_what_was_counted_for_the_first() -> None:
    an_account("acme")
    an_account("beta")
    _taken(line(track("m1")))
    _taken(line({"type": "group", "userId": "taro", "groupId": "acme"}), sequence=2)
    _taken(line({"type": "group", "userId": "taro", "groupId": "beta"}, track("m2")), sequence=3)
    assert (_used("acme"), _used("beta"), _used("~several:taro")) == ((1, 1), (0, 0), (1, 1))


def test_a_visitor_who_signs_in_was_that_person_all_along() -> None:
    an_account("acme")
    a_person("acme", "taro")
    _taken(line(track("m1", userId=None, anonymousId="v"), track("m2")))
    assert (_used("acme"), _used("~anonymous:v")) == ((1, 1), (1, 1))
    _taken(line({"type": "identify", "userId": "taro", "anonymousId": "v"}), sequence=2)
    _taken(line(track("m3", userId=None, anonymousId="v")), sequence=3)
    assert _used("acme") == (3, 1)


def test_an_alias_joins_two_names_of_a_person() -> None:
    _taken(line(track("m1", userId="old", groupId="acme"), track("m2", userId="new", groupId="acme")))
    assert _used("acme") == (2, 2)
    _taken(line({"type": "alias", "userId": "new", "previousId": "old"}), sequence=2)
    assert _used("acme") == (2, 1)


def test_traits_name_a_person_that_the_account_has_and_add_nobody() -> None:
    acme = an_account("acme")
    a_person("acme", "taro", name="太郎")
    _taken(
        line(
            {"type": "identify", "userId": "taro", "traits": {"name": "山田 太郎", "email": "taro@acme.example"}},
            {"type": "identify", "userId": "nobody", "traits": {"name": "だれか"}},
            {"type": "group", "userId": "nobody", "groupId": "acme", "traits": {"name": "別の社名"}},
        )
    )
    people = account_rows.people_of([acme])
    assert [(person.name, person.email) for person in people] == [("山田 太郎", "taro@acme.example")]
    assert len(account_rows.people_of([acme], with_former=True)) == 1
    _taken(line({"type": "identify", "userId": "taro", "traits": {"email": "no address"}}), sequence=2)
    assert account_rows.people_of([acme])[0].email == "taro@acme.example"


def test_bad_events_are_kept_with_their_reason_and_cost_the_good_ones_nothing() -> None:
    bad = track("m2", groupId="acme", timestamp="2026-02-30T00:00:00Z")
    refused = [{"index": 3, "reason": "too_large", "event": '{"type":"tr'}]
    done = _taken(
        line(track("m1", groupId="acme"), bad, bad=refused), "no line at all\n", line(track("m3", groupId="acme"))
    )
    assert (done.events, done.quarantined) == (2, 3)
    kept = {one.reason: one for one in Quarantined.objects.order_by("pk")}
    assert set(kept) == {"time_impossible", "too_large", "unreadable_line"}
    assert kept["time_impossible"].is_whole
    assert kept["time_impossible"].source == 1
    assert kept["time_impossible"].received_at == NOW
    assert not kept["too_large"].is_whole


def test_a_line_that_is_read_again_is_quarantined_once() -> None:
    for _ in range(2):
        _taken(line(track("m1", event="")))
    assert Quarantined.objects.count() == 1


def test_a_segment_that_a_dead_writer_left_is_taken_without_its_torn_end() -> None:
    whole = line(track("m1", groupId="acme"))
    segment([whole, line(track("m2", groupId="acme"))[:-20]], is_open=True)
    assert spool.has_work()
    assert actions.compact(now=NOW).events == 1
    assert Quarantined.objects.count() == 0


def test_a_segment_that_a_living_writer_writes_is_left_alone() -> None:
    file = segment([line(track("m1", groupId="acme"))], is_open=True)
    holder = os.open(file.parent / spool.ALIVE, os.O_RDWR)
    fcntl.flock(holder, fcntl.LOCK_EX)
    try:
        assert not spool.has_work()
        assert actions.compact(now=NOW).segments == 0
        assert file.exists()
    finally:
        os.close(holder)
    assert actions.compact(now=NOW).events == 1


@pytest.mark.parametrize("leap", [timedelta(days=400), -timedelta(days=400)])
def test_a_clock_that_jumps_loses_and_doubles_nothing(leap: timedelta) -> None:
    segment([line(track("m1", groupId="acme"), received_at=NOW + leap)])
    actions.compact(now=NOW + leap)
    again = line(track("m1", groupId="acme"), track("m2", groupId="acme"))
    assert _taken(again, sequence=2).events == 1
    assert _used("acme") == (2, 1)
    assert spool.waiting().lag_seconds(NOW) == 0


def test_how_far_behind_we_are_is_known() -> None:
    file = segment([line(track("m1"))])
    os.utime(file, (NOW.timestamp() - 90, NOW.timestamp() - 90))
    waiting = spool.waiting()
    assert (waiting.segments, waiting.lag_seconds(NOW)) == (1, 90)
    assert waiting.lag_seconds(NOW - timedelta(days=1)) == 0
