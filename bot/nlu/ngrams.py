"""Word and character n-grams by tf-idf: learned with scikit-learn, read a message at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

Floats = npt.NDArray[np.floating[Any]]
WORDS: dict[str, Any] = {
    "ngram_range": (1, 2), "sublinear_tf": True, "token_pattern": r"[\w'’]+",
}  # fmt: skip
CHARACTERS: dict[str, Any] = {
    "analyzer": "char_wb", "ngram_range": (2, 4), "sublinear_tf": True, "min_df": 3,
}  # fmt: skip
KINDS = (WORDS, CHARACTERS)


@dataclass(frozen=True)
class _Kind:
    """One vectorizer's way to take a text apart, its columns by n-gram, and their idf."""

    split: Callable[[str], list[str]]
    columns: dict[str, int]
    idf: Floats

    def row(self, text: str) -> tuple[npt.NDArray[np.intp], Floats]:
        """The columns that are not zero and their values: (1 + log count) * idf, of length 1."""
        found = (self.columns.get(ngram) for ngram in self.split(text))
        counts = Counter(column for column in found if column is not None)
        columns = np.fromiter(counts, np.intp, len(counts))
        values = 1 + np.log(np.fromiter(counts.values(), np.float64, len(counts)))
        values *= self.idf[columns]
        return columns, values / (np.linalg.norm(values) or 1)


class Ngrams:
    """The words' n-grams, then the characters', as the columns of one matrix."""

    def __init__(self, columns: Sequence[dict[str, int]], idfs: Sequence[Floats]) -> None:
        self.columns, self.idfs = list(columns), list(idfs)
        self._kinds = [
            _Kind(TfidfVectorizer(**options).build_analyzer(), of_ngram, idf)
            for options, of_ngram, idf in zip(KINDS, columns, idfs, strict=True)
        ]

    @classmethod
    def learn(cls, texts: Sequence[str]) -> tuple[Ngrams, csr_matrix]:
        """The n-grams of the texts, and their matrix, float32 (len(texts), n-grams)."""
        vectorizers = [TfidfVectorizer(**options) for options in KINDS]
        matrix = hstack([v.fit_transform(texts) for v in vectorizers])
        columns = [{w: int(n) for w, n in v.vocabulary_.items()} for v in vectorizers]
        return cls(columns, [v.idf_ for v in vectorizers]), matrix.tocsr().astype(np.float32)

    def scores(self, text: str, weights: Floats) -> Floats:
        """The text's row of the matrix times weights of (n-grams, labels): (labels,).

        scikit-learn is made for thousands of rows: for one, its checks and copies take most time.
        """
        total = np.zeros(weights.shape[1])
        before = 0
        for kind in self._kinds:
            columns, values = kind.row(text)
            total += values @ weights[before + columns]
            before += len(kind.idf)
        return total
