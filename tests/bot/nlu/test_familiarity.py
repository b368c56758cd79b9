"""The nearest of what was learned is found, though not everything is compared in full."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.familiarity import Familiarity


def unit(rows: np.ndarray) -> np.ndarray:
    scaled: np.ndarray = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return scaled


@pytest.fixture(scope="module")
def known() -> np.ndarray:
    """Like sentences: a few directions tell most of them apart."""
    random = np.random.default_rng(1)
    return unit(random.normal(size=(2000, 384)) * np.linspace(3, 0.1, 384))


def test_the_nearest_cosine_is_that_of_the_full_comparison(known: np.ndarray) -> None:
    random = np.random.default_rng(2)
    asked = unit(known[:200] + 0.6 * unit(random.normal(size=(200, 384))))
    found = Familiarity.fit(known)
    nearest = [found.nearest(row) for row in asked]
    assert np.allclose(nearest, (asked @ known.T).max(axis=1), atol=2e-3)


def test_one_phrase_is_enough(known: np.ndarray) -> None:
    assert Familiarity.fit(known[:1]).nearest(known[0]) == pytest.approx(1.0, abs=2e-3)


def test_written_weights_find_the_same(known: np.ndarray) -> None:
    first = Familiarity.fit(known)
    assert Familiarity(first.weights).nearest(known[3]) == first.nearest(known[3])
