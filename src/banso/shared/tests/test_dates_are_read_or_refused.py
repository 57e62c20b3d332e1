"""Dates as people type them are read exactly, or refused with a reason."""

from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.shared.dates import NotADate, from_serial, from_serial_datetime, parse_date, parse_datetime

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-01",
        "2026/4/1",
        "2026.4.1",
        "20260401",
        "2026年4月1日",
        "2026 年 4 月 1 日",
        "２０２６／０４／０１",
        "2026年4月1日（水）",
        "2026/04/01(Wed)",
        "令和8年4月1日",
        "令和８年４月１日",
        "R8.4.1",
        "r8/4/1",
        "2026-04-01T09:30:00+09:00",
        "2026-04-01 午前9時",
    ],
)
def test_a_date_is_read_however_it_is_typed(text: str) -> None:
    assert parse_date(text) == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("H31.4.30", date(2019, 4, 30)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("S1.12.25", date(1926, 12, 25)),
        ("大正元年7月30日", date(1912, 7, 30)),
        ("明治45年7月29日", date(1912, 7, 29)),
    ],
)
def test_eras_begin_and_end_on_their_days(text: str, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("soon", "not_a_date"),
        ("46113", "not_a_date"),
        ("2026-02-30", "no_such_day"),
        ("0000-01-01", "no_such_day"),
        ("平成31年5月1日", "outside_era"),
        ("昭和64年1月8日", "outside_era"),
        ("03/04/2026", "doubtful_order"),
        ("2026-04-01 25:00", "no_such_time"),
        ("2026-04-01 13:00pm", "no_such_time"),
        ("2026-04-01 10:00+25:00", "no_such_time"),
        ("2026-04-01 1:2", "no_such_time"),
        ("٢٠٢٦-٠٤-٠١", "not_a_date"),
        ("1" * 65, "not_a_date"),
    ],
)
def test_what_is_not_certainly_a_date_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NotADate) as refused:
        parse_date(text)
    assert refused.value.reason == reason
    assert reason in str(refused.value)


def test_day_and_month_are_told_apart_by_order_or_by_number() -> None:
    assert parse_date("03/04/2026", order="dmy") == date(2026, 4, 3)
    assert parse_date("03/04/2026", order="mdy") == date(2026, 3, 4)
    assert parse_date("13/04/2026") == date(2026, 4, 13)
    assert parse_date("04/13/2026") == date(2026, 4, 13)
    assert parse_date("04/04/2026") == date(2026, 4, 4)
    with pytest.raises(NotADate):
        parse_date("13/04/2026", order="mdy")


def test_a_spreadsheet_serial_is_a_date_only_when_asked_for() -> None:
    assert parse_date("46113", may_be_serial=True) == date(2026, 4, 1)
    assert from_serial(46113) == date(2026, 4, 1)
    assert from_serial(0, counts_from_1904=True) == date(1904, 1, 1)
    assert from_serial_datetime(46113.75, time_zone=TOKYO) == datetime(2026, 4, 1, 9, tzinfo=UTC)
    assert parse_datetime("46113.75", time_zone=TOKYO, may_be_serial=True) == datetime(2026, 4, 1, 9, tzinfo=UTC)
    for serial in (60, 0, -1, 3e6):
        with pytest.raises(NotADate):
            from_serial(serial)
    with pytest.raises(NotADate):
        parse_date("12345", may_be_serial=True)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-04-01", datetime(2026, 3, 31, 15, tzinfo=UTC)),
        ("2026-04-01T10:00:00+09:00", datetime(2026, 4, 1, 1, tzinfo=UTC)),
        ("2026-04-01T10:00:00.123456789Z", datetime(2026, 4, 1, 10, 0, 0, 123456, tzinfo=UTC)),
        ("2026/4/1 15:05", datetime(2026, 4, 1, 6, 5, tzinfo=UTC)),
        ("2026/4/1 3:05 pm", datetime(2026, 4, 1, 6, 5, tzinfo=UTC)),
        ("2026年4月1日午後3時5分6秒", datetime(2026, 4, 1, 6, 5, 6, tzinfo=UTC)),
        ("2026-04-01 12:00am -05:30", datetime(2026, 4, 1, 5, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_the_zone_given(text: str, moment: datetime) -> None:
    assert parse_datetime(text, time_zone=TOKYO) == moment


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01"])
def test_a_moment_beyond_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(NotADate):
        parse_datetime(text, time_zone=TOKYO)


@given(st.dates(min_value=date(1868, 10, 23)), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d"]))
def test_what_is_written_is_read_back(day: date, form: str) -> None:
    assert parse_date(day.strftime(form)) == day


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(NotADate):
        assert parse_date(text, may_be_serial=True).year >= 1
    with suppress(NotADate):
        assert parse_datetime(text, time_zone=TOKYO).tzinfo is UTC
