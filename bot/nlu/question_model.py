"""The classifier of questions: sentence embedding and n-grams, two logistic regressions.

Each of the two sees the message as written and with its names masked. They err differently, so
their probabilities are multiplied (geometric mean) and scaled to one.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from bot.nlu.ngrams import Floats, Ngrams

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


class QuestionModel:
    """`fit` once, then `probabilities`; `to_bytes`/`from_bytes` keep it without pickles."""

    def __init__(self, encode: Encode, settings: Settings | None = None) -> None:
        self._encode = encode
        self.settings = settings or Settings()
        self.labels: list[str] = []
        self._ngrams: Ngrams
        self._weights: dict[str, Floats] = {}
        self._known = np.zeros((0, 0), np.float32)

    def fit(self, phrases: Sequence[Phrase], labels: Sequence[str]) -> None:
        """Learns from phrases and their intents, of equal length."""
        self._ngrams, ngram_rows = Ngrams.learn([p.masked.lower() for p in phrases])
        self.labels = sorted(set(labels))
        options = {"max_iter": self.settings.max_iterations, "tol": 1e-2}
        known = self._encode(list(dict.fromkeys(p.masked for p in phrases)))
        self._known = np.ascontiguousarray(known.T)
        self._weights["known"] = known.astype(np.float16)
        rows = self._encode_all(phrases)
        for name, features, c in (
            ("embedding", self._embed(phrases, rows), self.settings.embedding_c),
            ("ngram", ngram_rows, self.settings.ngram_c),
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
        embedded = self._embed(phrases, rows) @ self._weights["embedding_coef"]
        logs = share * self._log_softmax("embedding", embedded)
        logs += (1 - share) * self._log_softmax("ngram", self._score_ngrams(phrases))
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

    def _score_ngrams(self, phrases: Sequence[Phrase]) -> Floats:
        weights = self._weights["ngram_coef"]
        return np.stack([self._ngrams.scores(p.masked.lower(), weights) for p in phrases])

    def _keep(self, name: str, coefficients: Floats, bias: Floats) -> None:
        # Transposed and contiguous: a message's few rows are taken out of it.
        self._weights[f"{name}_coef"] = np.ascontiguousarray(coefficients.T, dtype=np.float32)
        self._weights[f"{name}_bias"] = bias.astype(np.float32)

    def _log_softmax(self, name: str, scores: Floats) -> Floats:
        return np.log(_softmax(scores + self._weights[f"{name}_bias"]) + 1e-12)

    def to_bytes(self) -> bytes:
        """The model as an npz archive of plain arrays and JSON."""
        meta = {
            "labels": self.labels,
            "settings": vars(self.settings),
            "vocabularies": self._ngrams.columns,
        }
        arrays = {f"idf_{n}": idf for n, idf in enumerate(self._ngrams.idfs)}
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
            columns = meta["vocabularies"]
            model._ngrams = Ngrams(columns, [archive[f"idf_{n}"] for n in range(len(columns))])
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
