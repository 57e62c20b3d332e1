"""A job comes round in its rhythm, a failed one rests longer each time."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.operations.rules import RESTS, Rhythm, retry_at

TOKYO = ZoneInfo("Asia/Tokyo")
MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)  # nine o'clock in Tokyo
NIGHTLY = Rhythm(at=time(3, 0))
HALF_A_MINUTE = Rhythm(every=timedelta(seconds=30))
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # given a zone


@pytest.mark.parametrize(
    ("last", "is_due"),
    [
        (None, True),
        (MORNING - timedelta(days=1), True),
        (MORNING - timedelta(hours=7), True),  # two in the morning: before the hour
        (MORNING - timedelta(hours=5), False),  # four in the morning
        (MORNING, False),
    ],
)
def test_a_nightly_job_is_due_once_after_its_hour(last: datetime | None, is_due: bool) -> None:  # noqa: FBT001  # a case
    assert NIGHTLY.is_due(MORNING, last, TOKYO) is is_due


def test_before_its_hour_last_night_counts() -> None:
    two_in_the_morning = MORNING - timedelta(hours=7)
    assert not NIGHTLY.is_due(two_in_the_morning, two_in_the_morning - timedelta(hours=20), TOKYO)
    assert NIGHTLY.is_due(two_in_the_morning, two_in_the_morning - timedelta(hours=24), TOKYO)


def test_a_job_that_comes_round_waits_its_time() -> None:
    assert HALF_A_MINUTE.is_due(MORNING, None, TOKYO)
    assert HALF_A_MINUTE.is_due(MORNING, MORNING - timedelta(seconds=30), TOKYO)
    assert not HALF_A_MINUTE.is_due(MORNING, MORNING - timedelta(seconds=29), TOKYO)


@given(last=moments, rhythm=st.sampled_from([NIGHTLY, HALF_A_MINUTE, Rhythm(at=time(0, 5))]))
def test_the_next_time_comes_after_the_last_and_is_the_first_that_is_due(last: datetime, rhythm: Rhythm) -> None:
    due_at = rhythm.next_due_at(last, TOKYO)
    assert last < due_at <= last + timedelta(days=1)
    assert rhythm.is_due(due_at, last, TOKYO)
    assert not rhythm.is_due(due_at - timedelta(microseconds=1), last, TOKYO)


def test_a_failed_job_rests_longer_each_time_and_then_waits_for_a_person() -> None:
    rests = [retry_at(MORNING, tries) for tries in range(1, len(RESTS) + 2)]
    assert rests == [MORNING + timedelta(minutes=minutes) for minutes in (1, 5, 25)] + [None]
