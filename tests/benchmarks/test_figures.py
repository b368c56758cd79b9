"""Percentiles, the growth of memory, and the turns by which a server fills."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from benchmarks.figures import percentile
from benchmarks.load.memory import TURNS_OF_EACH, filled_after, growth, visits


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1), (0.5, 50), (0.99, 99), (0.991, 100), (1.0, 100)]
)
def test_a_percentile_is_one_of_the_values(share: float, expected: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected


def test_the_slowest_of_a_few_turns_is_their_p99() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0


def test_memory_that_stays_has_no_growth() -> None:
    assert growth([(turns, 900.0) for turns in range(0, 20_000, 1_000)], 5_000) == 0


def test_growth_is_the_share_from_the_first_counted_turn_on() -> None:
    points = [(turns, 1_000 + turns / 100) for turns in range(0, 20_001, 1_000)]
    assert growth(points, 5_000) == pytest.approx(150 / 1_050)


def test_what_grew_before_the_counted_turns_is_not_growth() -> None:
    points = [(turns, min(turns, 5_000) / 10 + 700) for turns in range(0, 20_001, 1_000)]
    assert growth(points, 5_000) == pytest.approx(0)


def test_one_odd_point_hardly_matters() -> None:
    points = [(turns, 1_000.0) for turns in range(0, 20_001, 1_000)]
    points[-1] = (20_000, 1_030.0)
    assert growth(points, 5_000) < 0.01


def test_each_conversation_has_its_turns_long_after_one_another() -> None:
    asked = list(islice(visits(later=10), 2_000))
    assert asked.count(100) == TURNS_OF_EACH
    first, second, *_ = (n for n, number in enumerate(asked) if number == 100)
    assert len(set(asked[first:second])) > 10


def test_what_a_full_server_keeps_stays_the_same() -> None:
    def turns_of_latest(until: int) -> list[int]:
        counts = Counter(islice(visits(later=10), until))
        return sorted(counts[number] for number in sorted(counts)[-50:])

    assert turns_of_latest(1_000) == turns_of_latest(1_500) == turns_of_latest(2_000)


def test_a_server_is_full_when_it_has_begun_as_many_as_it_keeps() -> None:
    assert filled_after() == 17_775
