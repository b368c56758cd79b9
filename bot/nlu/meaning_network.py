"""Which question is it, by meaning: a network of one hidden layer over a sentence model's layers.

The upper layers of the sentence model are made to tell what a text is about, the lower ones how it
is built: "how often is it given" and "how is it given" differ more below. Trained with Keras, read
with NumPy alone, so a running bot needs no TensorFlow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
SEED = 1
FEWEST_STEPS = 300  # a few phrases need many rounds
NAMES = ("hidden_coef", "hidden_bias", "meaning_coef", "meaning_bias")


@dataclass(frozen=True)
class NetworkSettings:
    """The best trial on phrasings of writers whose others were not trained on."""

    units: int = 768
    rounds: int = 16
    batch: int = 256
    learning_rate: float = 1e-3
    input_dropout: float = 0.25
    hidden_dropout: float = 0.5
    label_smoothing: float = 0.1  # borders between questions are soft, and so are their labels


class MeaningNetwork:
    """Features in, a score for each label out."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        # By columns: the product of a few rows is a fifth faster than by rows.
        self.weights = {name: np.asfortranarray(weights[name], np.float32) for name in NAMES}

    @classmethod
    def fit(
        cls, features: Floats, labels: npt.NDArray[np.intp], settings: NetworkSettings
    ) -> MeaningNetwork:
        """Learns from float32 (phrases, width) and the number of each phrase's label."""
        import tensorflow as tf

        tf.keras.utils.set_random_seed(SEED)
        dense, dropout = tf.keras.layers.Dense, tf.keras.layers.Dropout
        hidden = dense(settings.units, activation="relu")
        scores = dense(int(labels.max()) + 1)
        model = tf.keras.Sequential(
            [dropout(settings.input_dropout), hidden, dropout(settings.hidden_dropout), scores]
        )
        steps = -(-len(features) // settings.batch)
        rounds = max(settings.rounds, FEWEST_STEPS // steps)
        model.compile(
            tf.keras.optimizers.Adam(
                tf.keras.optimizers.schedules.CosineDecay(settings.learning_rate, rounds * steps)
            ),
            tf.keras.losses.CategoricalCrossentropy(
                from_logits=True, label_smoothing=settings.label_smoothing
            ),
        )
        wanted = np.eye(int(labels.max()) + 1, dtype=np.float32)[labels]
        model.fit(features, wanted, batch_size=settings.batch, epochs=rounds, verbose=0)
        arrays = [*hidden.get_weights(), *scores.get_weights()]
        return cls(dict(zip(NAMES, arrays, strict=True)))

    def scores(self, features: Floats) -> Floats:
        """Float32 (phrases, labels); their softmax is how likely each label is."""
        w = self.weights
        hidden = np.maximum(features @ w["hidden_coef"] + w["hidden_bias"], 0)
        result: Floats = hidden @ w["meaning_coef"] + w["meaning_bias"]
        return result
