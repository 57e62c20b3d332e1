"""Values are put into round steps: every known one into exactly one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.health.rules.spreads import STEPS_AT_MOST, Spread, spread_of

EMPTY = tuple((at / 100, (at + 2) / 100, 0) for at in range(26, 38, 2))

values = st.lists(st.none() | st.floats(0, 1e9) | st.integers(0, 500).map(float), max_size=60)


@given(values, st.booleans())
def test_each_known_value_lies_in_one_step(values: list[float | None], is_whole: bool) -> None:  # noqa: FBT001  # drawn
    found = spread_of(values, is_whole=is_whole)
    known = [value for value in values if value is not None]
    assert (found.total, found.known) == (len(values), len(known))
    assert sum(count for _, _, count in found.bins) == len(known)
    assert len(found.bins) <= STEPS_AT_MOST + 1
    if known:
        assert found.bins[0][0] <= min(known) * (1 + 1e-9)
        assert found.bins[-1][1] >= max(known) * (1 - 1e-9)
        assert {found.low, found.middle, found.high} <= set(known)


@pytest.mark.parametrize(
    ("values", "is_whole", "bins"),
    [
        (
            [0, 3, 7, 20],
            True,
            ((0, 2, 1), (2, 4, 1), (4, 6, 0), (6, 8, 1), *((at, at + 2, 0) for at in range(8, 18, 2)), (18, 20, 1)),
        ),
        ([3, 3], True, ((3, 4, 2),)),
        (
            [0.25, 0.31],
            False,
            ((0.25, 0.26, 1), *((at / 100, (at + 1) / 100, 0) for at in range(26, 30)), (0.3, 0.31, 1)),
        ),
        ([0.5], False, ((0.5, 0.6, 1),)),
    ],
)
def test_steps_are_round(values: list[float], is_whole: bool, bins: tuple[tuple[float, float, int], ...]) -> None:  # noqa: FBT001
    assert spread_of(values, is_whole=is_whole).bins == bins


def test_nothing_known_is_said() -> None:
    assert spread_of([None, None], is_whole=True) == Spread(2, 0, None, None, None, ())
    assert spread_of([None, None], is_whole=True).coverage == 0
    assert spread_of([], is_whole=True).coverage is None
    assert spread_of([1.0, None], is_whole=True).coverage == 0.5
