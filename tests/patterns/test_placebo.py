"""What deadweight reads where there is no programme: the change that comes of itself."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim.analysis.patterns.ensemble import ALONE, BASE, ensemble
from klastersim.analysis.patterns.intervals import mean_interval, share_interval
from klastersim.indicators.outcomes import NO_GAIN, base_of, deadweight_of, window_before

pytestmark = pytest.mark.slow

WITHOUT = BASE.replace(dict(ALONE))
SEED = 20_100


@pytest.fixture(scope="module")
def change():
    """Change of value added as a share of its base, of 1,000 sentra without a programme; it "starts" in month 37."""
    series = ensemble([ALONE], 1_000, 132, SEED, ["value_added"])[0]
    return np.array([deadweight_of(each, each, WITHOUT).gain_without / base_of(each, WITHOUT) for each in series])


def test_without_a_programme_value_added_stays_within_a_percent_of_its_base_on_average(change):
    low, high = mean_interval(change)
    assert max(abs(low), abs(high)) < 0.01


def test_with_the_first_months_in_it_the_base_would_be_more_than_a_percent_too_low():
    series = ensemble([ALONE], 200, 36, SEED, ["value_added"])["value_added"][0]
    first = window_before(WITHOUT)[0]
    assert mean_interval(series.mean(axis=1) / series[:, first - 1 :].mean(axis=1) - 1.0)[1] < -0.01


def test_in_half_of_the_sentra_luck_alone_moves_value_added_by_more_than_what_counts_as_no_gain(change):
    """A grade of one sentra says little: under a programme that does nothing half of the grades are not "no gain"."""
    low, high = share_interval(np.abs(change) < NO_GAIN)
    assert 0.4 < low < high < 0.6
