"""Sparklines, dials and bars are drawn to scale."""

from hypothesis import given
from hypothesis import strategies as st

from banso.ui import rules

VALUES = st.floats(-1e6, 1e6, allow_nan=False)


def test_a_gap_in_the_data_is_a_gap_in_the_line() -> None:
    assert rules.runs([0, 5, None, 10], 30, 10) == ["0.0,10.0 10.0,5.0", "30.0,0.0"]


def test_a_line_without_values_is_not_drawn() -> None:
    assert rules.runs([None, None], 30, 10) == []


def test_a_level_line_runs_in_the_middle() -> None:
    assert rules.runs([7, 7], 10, 10) == ["0.0,5.0 10.0,5.0"]


def test_a_fixed_scale_holds_what_leaves_it() -> None:
    assert rules.runs([150], 10, 10, (0, 100)) == ["0.0,0.0"]


@given(st.lists(st.none() | VALUES, max_size=30))
def test_a_line_never_leaves_its_box(values: list[float | None]) -> None:
    for run in rules.runs(values, 88, 20):
        for point in run.split(" "):
            x, y = map(float, point.split(","))
            assert 0 <= x <= 88
            assert 0 <= y <= 20


@given(st.lists(VALUES, min_size=1, max_size=12))
def test_bars_stand_about_zero_inside_their_box(values: list[float]) -> None:
    zero, drawn = rules.bars(values)
    for value, bar in zip(values, drawn, strict=True):
        assert -0.001 <= bar.start <= bar.start + bar.length <= 100.001
        assert bar.is_loss == (value < 0)
        assert abs((bar.start + bar.length if bar.is_loss else bar.start) - zero) < 0.001


def test_nothing_to_show_is_no_bar() -> None:
    assert rules.bars([0, 0]) == (0, [rules.Bar(0, 0, is_loss=False)] * 2)


def test_a_dial_takes_the_long_way_when_it_is_more_than_half_full() -> None:
    assert " 0 1 1 " in rules.arc(1, 46, 54)
    assert " 0 0 1 " in rules.arc(0.5, 46, 54)
    assert rules.arc(2, 46, 54) == rules.arc(1, 46, 54)


def test_an_arrow_points_where_the_rounded_change_goes() -> None:
    assert [rules.direction(points) for points in (0.6, -0.6, 0.4)] == ["up", "down", "same"]


def test_a_column_sorts_ascending_and_then_descending() -> None:
    assert [rules.next_sort(now, "mrr") for now in ("", "mrr", "-mrr")] == ["mrr", "-mrr", "mrr"]


def test_a_pager_offers_the_ends_and_the_neighbours() -> None:
    assert rules.page_numbers(5, 9) == [1, None, 4, 5, 6, None, 9]
    assert rules.page_numbers(1, 1) == [1]
    assert rules.page_numbers(2, 3) == [1, 2, 3]
