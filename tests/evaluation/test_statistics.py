"""The statistics give the values of published tables and of cases done by hand."""

import math

import pytest

from evaluation.statistics import Bin, calibration_error, percentile, reliability, wilson


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # z = 1.959964: n / (n + z^2) is the low end where all are hits.
        (10, 10, 0.7225, 1.0),
        (100, 100, 0.9630, 1.0),
    ],
)
def test_wilson_gives_the_published_interval(hits, total, low, high):
    assert wilson(hits, total) == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_nothing_tried_says_nothing():
    assert wilson(0, 0) == (0.0, 1.0)


def test_wilson_mirrors_hits_and_misses():
    low, high = wilson(3, 17)
    assert wilson(14, 17) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(("hits", "total"), [(5, 4), (-1, 4)])
def test_wilson_refuses_what_is_no_share_and_quotes_it(hits, total):
    with pytest.raises(ValueError, match=f"{hits} of {total}"):
        wilson(hits, total)


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (50, 2), (75, 3), (95, 4), (100, 4)])
def test_a_percentile_is_a_measured_value(percent, value):
    assert percentile([4, 1, 3, 2], percent) == value


def test_a_percentile_of_nothing_is_no_number():
    assert math.isnan(percentile([], 50))


def test_reliability_puts_like_confidence_together_and_leaves_empty_bins_out():
    found = reliability([(0.91, True), (0.99, False), (1.0, True), (0.05, False)])
    assert [(b.total, b.right) for b in found] == [(1, 0), (3, 2)]
    assert found[1].mean_confidence == pytest.approx(0.9667, abs=1e-4)


def test_the_calibration_error_weighs_each_gap_by_its_turns():
    bins = [Bin(1, 0.5, 0), Bin(3, 1.0, 3)]
    assert calibration_error(bins) == pytest.approx(0.125)
