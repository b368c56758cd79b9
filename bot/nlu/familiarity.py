"""How near a message is to anything learned: the cosine of the nearest training phrase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
WIDTH = 64  # of the rough search; the full width reads six times as much memory for each message
CANDIDATES = 50  # of the rough search, compared in full


class Familiarity:
    """The vectors of what was learned, searched roughly and then exactly."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self.weights: dict[str, Floats] = {
            "known": np.ascontiguousarray(weights["known"], np.float16),
            "axes": np.ascontiguousarray(weights["axes"], np.float32),
        }
        rough: Floats = self.weights["known"].astype(np.float32) @ self.weights["axes"]
        self._rough = np.ascontiguousarray(rough.T)

    @classmethod
    def fit(cls, known: Floats) -> Familiarity:
        """Keeps float32 (phrases, width), rows of length 1."""
        # The directions in which they differ most; found on the rows' products, so in moments.
        _, directions = np.linalg.eigh(known.T @ known)
        return cls({"known": known, "axes": directions[:, ::-1][:, :WIDTH]})

    def nearest(self, row: Floats) -> float:
        """The cosine of the nearest to float32 (width,) of length 1."""
        rough = (row @ self.weights["axes"]) @ self._rough
        count = min(CANDIDATES, len(rough))
        best = np.argpartition(-rough, count - 1)[:count]
        return float((self.weights["known"][best].astype(np.float32) @ row).max())
