"""What came of customers is found with its day, by rules that can be counted by hand."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from banso.health.rules.backtests import Asked, horizon_faults
from banso.health.rules.outcomes import Outcome, departures, first_after, first_moved, silences

D = date(2026, 1, 1)


def _day(number: int) -> date:
    return D + timedelta(days=number)


def _steps(*rows: tuple[int, int, int]) -> pl.DataFrame:
    kinds = {"account_id": pl.Int64, "from_on": pl.Date, "mrr": pl.Int64}
    return pl.DataFrame([(pk, _day(nr), mrr) for pk, nr, mrr in rows], schema=kinds, orient="row")


def _uses(*numbers: int) -> pl.DataFrame:
    return pl.DataFrame({"account_id": [1] * len(numbers), "day": [_day(nr) for nr in numbers]})


def _rows(*numbers: int, horizon: int = 30, mrr: float = 100.0) -> pl.DataFrame:
    days = [_day(nr) for nr in numbers]
    ends = [day + timedelta(days=horizon) for day in days]
    return pl.DataFrame({"account_id": [1] * len(days), "on": days, "ends_on": ends, "mrr": [mrr] * len(days)})


def test_revenue_that_ends_is_a_departure_and_one_signed_late_is_none() -> None:
    steps = _steps((1, 0, 100), (1, 50, 0), (2, 0, 100), (2, 50, 0), (2, 81, 90), (3, 0, 100), (3, 50, 0), (3, 82, 90))
    assert departures(steps).rows() == [(1, _day(50)), (3, _day(50))]


def test_who_comes_back_and_leaves_again_has_left_twice() -> None:
    steps = _steps((1, 0, 100), (1, 10, 0), (1, 100, 50), (1, 120, 80), (1, 200, 0))
    assert departures(steps).rows() == [(1, _day(10)), (1, _day(200))]


def test_a_contract_without_money_never_departs() -> None:
    assert departures(_steps((1, 0, 0), (1, 40, 0))).is_empty()


def test_a_silence_is_full_after_so_many_whole_days() -> None:
    # Used on day 0 and 10: as of the start of day 16, days 11 to 15 were without use.
    assert silences(_uses(0, 3, 10), length=5, until=_day(40)).rows() == [(1, _day(9)), (1, _day(16))]
    assert silences(_uses(10), length=5, until=_day(15)).is_empty()
    assert silences(_uses(10, 15), length=5, until=_day(15)).is_empty()
    assert silences(_uses(10, 16), length=5, until=_day(30)).rows() == [(1, _day(16)), (1, _day(22))]


@given(st.sets(st.integers(0, 60), min_size=1), st.integers(1, 20), st.integers(30, 90))
def test_silences_are_those_that_counting_day_by_day_finds(used: set[int], length: int, until: int) -> None:
    expected = [
        _day(nr) for nr in range(until + 1) if nr - length - 1 in used and not used & set(range(nr - length, nr))
    ]
    assert silences(_uses(*used), length=length, until=_day(until))["happened_on"].to_list() == expected


def test_the_first_happening_after_the_day_counts_and_the_last_day_belongs_to_the_horizon() -> None:
    happenings = pl.DataFrame({"account_id": [1, 1], "happened_on": [_day(10), _day(30)]})
    found = first_after(_rows(0, 10, 20, 30, horizon=20), happenings)
    assert found["happened_on"].to_list() == [_day(10), _day(30), _day(30), None]


def test_a_day_whose_horizon_ends_before_it_happens_has_nothing() -> None:
    happenings = pl.DataFrame({"account_id": [1], "happened_on": [_day(31)]})
    assert first_after(_rows(0, 1), happenings)["happened_on"].to_list() == [None, _day(31)]


def test_revenue_that_shrinks_in_small_steps_passes_the_mark_with_the_last_of_them() -> None:
    steps = _steps((1, -10, 100), (1, 5, 95), (1, 12, 90), (1, 20, 120))
    found = first_moved(_rows(0, 6, 13), steps, percent=10, is_up=False)
    assert found["happened_on"].to_list() == [_day(12), _day(12), None]
    grown = first_moved(_rows(0, 13, 21), steps, percent=20, is_up=True)
    assert grown["happened_on"].to_list() == [_day(20), _day(20), None]


def test_a_step_on_the_day_itself_is_known_and_no_outcome() -> None:
    steps = _steps((1, -10, 100), (1, 5, 50))
    assert first_moved(_rows(5, mrr=50.0), steps, percent=10, is_up=False)["happened_on"].to_list() == [None]


def test_days_are_mondays_in_the_rhythm_asked_for() -> None:
    asked = Asked(outcome=Outcome("left"), horizon_days=90, since=date(2026, 1, 1), until=date(2026, 3, 2))
    assert asked.days() == [date(2026, 1, 5), date(2026, 2, 2), date(2026, 3, 2)]


def test_days_whose_horizon_reaches_into_the_tested_part_are_in_neither() -> None:
    asked = Asked(outcome=Outcome("left"), horizon_days=30, since=D, until=_day(300), split_on=_day(100))
    assert asked.is_before(_day(70))
    assert not asked.is_before(_day(71))
    assert not asked.is_tested(_day(99))
    assert asked.is_tested(_day(100))
    whole = Asked(outcome=Outcome("left"), horizon_days=30, since=D, until=_day(300))
    assert whole.is_tested(_day(0))
    assert not whole.is_before(_day(0))
    assert whole.with_usual_split().split_on == _day(150)


def test_only_a_silence_needs_a_horizon_as_long_as_itself() -> None:
    assert horizon_faults(Outcome("silent", days=90), 60)
    assert not horizon_faults(Outcome("silent", days=90), 90)
    assert not horizon_faults(Outcome("left"), 30)
    assert Outcome("expanded").is_welcome
    assert not Outcome("renewed").is_welcome
