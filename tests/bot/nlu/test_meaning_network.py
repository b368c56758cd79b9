"""The network over the sentence model: it learns, its settings count, its scores are NumPy's."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.meaning_network import NAMES, MeaningNetwork, NetworkSettings

WIDTH, LABELS, EACH = 24, 3, 40


@pytest.fixture(scope="module")
def examples() -> tuple[np.ndarray, np.ndarray]:
    """Three clouds of points, each around a corner of its own."""
    random = np.random.default_rng(1)
    labels = np.repeat(np.arange(LABELS), EACH)
    corners = np.eye(LABELS, WIDTH, dtype=np.float32)[labels] * 3
    return corners + random.normal(0, 0.4, corners.shape).astype(np.float32), labels


@pytest.fixture(scope="module")
def network(examples: tuple[np.ndarray, np.ndarray]) -> MeaningNetwork:
    return MeaningNetwork.fit(*examples, NetworkSettings())


def test_what_is_near_to_what_was_learned_gets_its_label(network: MeaningNetwork) -> None:
    corners = np.eye(LABELS, WIDTH, dtype=np.float32) * 3
    assert network.scores(corners).argmax(axis=1).tolist() == [0, 1, 2]


def test_scores_are_a_row_for_each_phrase(network: MeaningNetwork) -> None:
    scores = network.scores(np.zeros((5, WIDTH), np.float32))
    assert scores.shape == (5, LABELS)
    np.testing.assert_allclose(scores, np.repeat(scores[:1], 5, axis=0), rtol=1e-5)


def test_the_same_examples_give_the_same_network(
    examples: tuple[np.ndarray, np.ndarray], network: MeaningNetwork
) -> None:
    again = MeaningNetwork.fit(*examples, NetworkSettings())
    for name in NAMES:
        np.testing.assert_allclose(again.weights[name], network.weights[name], atol=1e-4)


def test_labels_are_held_less_sure_where_borders_are_soft(
    examples: tuple[np.ndarray, np.ndarray], network: MeaningNetwork
) -> None:
    hard = MeaningNetwork.fit(*examples, NetworkSettings(label_smoothing=0.0))

    def spread(one: MeaningNetwork) -> float:
        scores = one.scores(examples[0])
        return float((scores.max(axis=1) - scores.min(axis=1)).mean())

    assert spread(network) < spread(hard)


def test_a_network_without_one_of_its_arrays_is_none(network: MeaningNetwork) -> None:
    weights = {name: w for name, w in network.weights.items() if name != NAMES[0]}
    with pytest.raises(KeyError, match=NAMES[0]):
        MeaningNetwork(weights)
