"""The classifier of questions: sentence embedding and n-grams, two logistic regressions.

Each of the two sees the message as written and with its names masked. They err differently, so
their probabilities are multiplied (geometric mean) and scaled to one.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

Floats = npt.NDArray[np.floating[Any]]
Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Phrase:
    """A message as written and with its names replaced by their kind."""

    text: str
    masked: str


@dataclass(frozen=True)
class Settings:
    """Near to those of the best trial with one writer of the training data left out at a time."""

    embedding_scale: float = 6.0
    embedding_c: float = 1.0
    ngram_c: float = 10.0
    embedding_share: float = 0.5
    sharpness: float = 1.6
    max_iterations: int = 60


WORDS: dict[str, Any] = {
    "ngram_range": (1, 2), "sublinear_tf": True, "token_pattern": r"[\w'’]+",
}  # fmt: skip
CHARACTERS: dict[str, Any] = {
    "analyzer": "char_wb", "ngram_range": (2, 4), "sublinear_tf": True, "min_df": 3,
}  # fmt: skip


class QuestionModel:
    """`fit` once, then `probabilities`; `to_bytes`/`from_bytes` keep it without pickles."""

    def __init__(self, encode: Encode, settings: Settings | None = None) -> None:
        self._encode = encode
        self.settings = settings or Settings()
        self.labels: list[str] = []
        self._vectorizers: list[TfidfVectorizer] = []
        self._weights: dict[str, Floats] = {}
        self._known = np.zeros((0, 0), np.float32)

    def fit(self, phrases: Sequence[Phrase], labels: Sequence[str]) -> None:
        """Learns from phrases and their intents, of equal length."""
        masked = [p.masked.lower() for p in phrases]
        self._vectorizers = [TfidfVectorizer(**WORDS), TfidfVectorizer(**CHARACTERS)]
        for vectorizer in self._vectorizers:
            vectorizer.fit(masked)
        self.labels = sorted(set(labels))
        options = {"max_iter": self.settings.max_iterations, "tol": 1e-2}
        known = self._encode(list(dict.fromkeys(p.masked for p in phrases)))
        self._known = np.ascontiguousarray(known.T)
        self._weights["known"] = known.astype(np.float16)
        rows = self._encode_all(phrases)
        for name, features, c in (
            ("embedding", self._embed(phrases, rows), self.settings.embedding_c),
            ("ngram", self._ngrams(phrases), self.settings.ngram_c),
        ):
            model = LogisticRegression(C=c, **options).fit(features, list(labels))
            self._keep(name, model.coef_, model.intercept_)

    def probabilities(self, phrases: Sequence[Phrase]) -> Floats:
        """Probability of each label: (len(phrases), len(labels)), rows sum to one."""
        return self.read(phrases)[0]

    def read(self, phrases: Sequence[Phrase]) -> tuple[Floats, float]:
        """The probabilities, and the cosine of the training phrase nearest to any of the phrases.

        A classifier has to choose among what it knows; the cosine tells whether it knows the like.
        """
        rows = self._encode_all(phrases)
        share = self.settings.embedding_share
        logs = share * self._log_softmax("embedding", self._embed(phrases, rows))
        logs += (1 - share) * self._log_softmax("ngram", self._ngrams(phrases))
        nearest = max(float((rows[p.masked] @ self._known).max()) for p in phrases)
        return _softmax(self.settings.sharpness * logs), nearest

    def _encode_all(self, phrases: Sequence[Phrase]) -> dict[str, Floats]:
        # Each text once: many a message names nothing to mask.
        texts = list(dict.fromkeys(t for p in phrases for t in (p.text, p.masked)))
        return dict(zip(texts, self._encode(texts), strict=True))

    def _embed(self, phrases: Sequence[Phrase], rows: dict[str, Floats]) -> Floats:
        written = np.stack([rows[p.text] for p in phrases])
        masked = np.stack([rows[p.masked] for p in phrases])
        scale = self.settings.embedding_scale
        return np.hstack([written, masked]) * scale

    def _ngrams(self, phrases: Sequence[Phrase]) -> csr_matrix:
        texts = [p.masked.lower() for p in phrases]
        # The weights' own type: scipy would copy all of them to another one at each message.
        return hstack([v.transform(texts) for v in self._vectorizers]).tocsr().astype(np.float32)

    def _keep(self, name: str, coefficients: Floats, bias: Floats) -> None:
        # Transposed and contiguous: scipy would copy all of it at each message otherwise.
        self._weights[f"{name}_coef"] = np.ascontiguousarray(coefficients.T, dtype=np.float32)
        self._weights[f"{name}_bias"] = bias.astype(np.float32)

    def _log_softmax(self, name: str, features: Any) -> Floats:
        scores = features @ self._weights[f"{name}_coef"] + self._weights[f"{name}_bias"]
        return np.log(_softmax(np.asarray(scores)) + 1e-12)

    def to_bytes(self) -> bytes:
        """The model as an npz archive of plain arrays and JSON."""
        meta = {
            "labels": self.labels,
            "settings": vars(self.settings),
            "vocabularies": [
                {word: int(index) for word, index in v.vocabulary_.items()}
                for v in self._vectorizers
            ],
        }
        arrays = {f"idf_{n}": v.idf_ for n, v in enumerate(self._vectorizers)}
        arrays |= self._weights
        arrays["meta"] = np.frombuffer(json.dumps(meta).encode("utf-8"), dtype=np.uint8)
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **arrays)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes, encode: Encode) -> QuestionModel:
        """Reads what `to_bytes` wrote; nothing in it is executed."""
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            meta = json.loads(archive["meta"].tobytes().decode("utf-8"))
            model = cls(encode, Settings(**meta["settings"]))
            model.labels = meta["labels"]
            for number, vocabulary in enumerate(meta["vocabularies"]):
                options = (WORDS, CHARACTERS)[number]
                vectorizer = TfidfVectorizer(**options, vocabulary=vocabulary)
                vectorizer.idf_ = archive[f"idf_{number}"]
                model._vectorizers.append(vectorizer)
            model._weights = {
                name: np.ascontiguousarray(archive[name])
                for name in archive.files
                if name.endswith(("_coef", "_bias", "known"))
            }
            model._known = np.ascontiguousarray(model._weights["known"].T, dtype=np.float32)
        return model


def _softmax(scores: Floats) -> Floats:
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = exponents / exponents.sum(axis=1, keepdims=True)
    return result
