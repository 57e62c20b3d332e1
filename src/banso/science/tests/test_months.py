"""Small accounts are held against their usual month."""

import numpy as np
import pytest
from scipy.stats import binomtest

from banso.science.months import months


def test_the_monthly_table_sets_four_weeks_against_the_usual() -> None:
    weekly = np.full((3, 52), 2.0)
    weekly[0, -4:] = [0, 1, 0, 1]
    weekly[1, -4:] = 0.0
    weekly[2] = np.nan
    calendar = np.ones(52)
    calendar[10] = 0.5

    found = months(weekly, calendar)

    part = 4 / 51.5
    assert found.last[:2].tolist() == [2.0, 0.0]
    np.testing.assert_allclose(found.usual[:2], 96 * 4 / 47.5)
    np.testing.assert_allclose(found.ratio[:2], [2 / (96 * 4 / 47.5), 0.0])
    bounds = binomtest(2, 98).proportion_ci(0.8, method="exact")
    odds = (1 - part) / part
    assert found.low[0] == pytest.approx(bounds.low / (1 - bounds.low) * odds)
    assert found.high[0] == pytest.approx(bounds.high / (1 - bounds.high) * odds)
    assert found.low[1] == 0.0
    assert found.high[1] < 0.5
    assert np.isnan([found.usual[2], found.ratio[2], found.low[2], found.high[2]]).all()
