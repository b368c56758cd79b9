"""The classifier of questions: a network over the sentence model, and a regression over n-grams.

The first sees the message as written and with its names masked, the second masked alone. They err
differently, so their probabilities are multiplied (weighted geometric mean) and scaled to one.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from bot.nlu.familiarity import Familiarity
from bot.nlu.meaning_network import MeaningNetwork, NetworkSettings
from bot.nlu.ngrams import Floats, Ngrams

# Texts to what each layer of the sentence model makes of them: (texts, layers, width).
EncodeLayers = Callable[[Sequence[str]], npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Phrase:
    """A message as written and with its names replaced by their kind."""

    text: str
    masked: str


@dataclass(frozen=True)
class Settings(NetworkSettings):
    """The best trial on phrasings of writers whose others were not trained on."""

    layer_scale: float = 10.0
    ngram_c: float = 10.0
    ngram_share: float = 0.25
    sharpness: float = 2.0
    max_iterations: int = 60


class QuestionModel:
    """`fit` once, then `probabilities`; `to_bytes`/`from_bytes` keep it without pickles."""

    def __init__(self, encode_layers: EncodeLayers, settings: Settings | None = None) -> None:
        self._encode_layers = encode_layers
        self.settings = settings or Settings()
        self.labels: list[str] = []
        self._ngrams: Ngrams
        self._network: MeaningNetwork
        self._familiarity: Familiarity
        self._weights: dict[str, Floats] = {}

    def fit(self, phrases: Sequence[Phrase], labels: Sequence[str]) -> None:
        """Learns from phrases and their intents, of equal length."""
        self._ngrams, ngram_rows = Ngrams.learn([p.masked.lower() for p in phrases])
        self.labels = sorted(set(labels))
        rows = self._encode_all(phrases)
        known = np.stack([rows[text][-1] for text in dict.fromkeys(p.masked for p in phrases)])
        self._familiarity = Familiarity.fit(known)
        numbers = np.array([self.labels.index(label) for label in labels])
        self._network = MeaningNetwork.fit(self._features(phrases, rows), numbers, self.settings)
        model = LogisticRegression(
            C=self.settings.ngram_c, max_iter=self.settings.max_iterations, tol=1e-2
        ).fit(ngram_rows, list(labels))
        # Transposed and contiguous: a message's few rows are taken out of it.
        self._weights["ngram_coef"] = np.ascontiguousarray(model.coef_.T, dtype=np.float32)
        self._weights["ngram_bias"] = model.intercept_.astype(np.float32)

    def probabilities(self, phrases: Sequence[Phrase]) -> Floats:
        """Probability of each label: (len(phrases), len(labels)), rows sum to one."""
        return self.read(phrases, ())[0]

    def read(
        self, phrases: Sequence[Phrase], asked: Sequence[Phrase]
    ) -> tuple[Floats, float]:
        """The probabilities, and the cosine of the training phrase nearest to any of `asked`.

        A classifier has to choose among what it knows; the cosine tells whether it knows the like.
        `asked` are some of the phrases; without any the cosine is 0.
        """
        rows = self._encode_all(phrases)
        share = self.settings.ngram_share
        logs = (1 - share) * _log_softmax(self._network.scores(self._features(phrases, rows)))
        logs += share * _log_softmax(self._score_ngrams(phrases))
        nearest = (self._familiarity.nearest(rows[p.masked][-1]) for p in asked)
        return _softmax(self.settings.sharpness * logs), max(nearest, default=0.0)

    def _encode_all(self, phrases: Sequence[Phrase]) -> dict[str, Floats]:
        # Each text once: many a message names nothing to mask.
        texts = list(dict.fromkeys(t for p in phrases for t in (p.text, p.masked)))
        return dict(zip(texts, self._encode_layers(texts), strict=True))

    def _features(self, phrases: Sequence[Phrase], rows: dict[str, Floats]) -> Floats:
        pairs = [np.concatenate([rows[p.text], rows[p.masked]]).ravel() for p in phrases]
        return np.stack(pairs) * np.float32(self.settings.layer_scale)

    def _score_ngrams(self, phrases: Sequence[Phrase]) -> Floats:
        weights = self._weights["ngram_coef"]
        rows = [self._ngrams.scores(p.masked.lower(), weights) for p in phrases]
        return np.stack(rows) + self._weights["ngram_bias"]

    def to_bytes(self) -> bytes:
        """The model as an npz archive of plain arrays and JSON."""
        meta = {
            "labels": self.labels,
            "settings": vars(self.settings),
            "vocabularies": self._ngrams.columns,
        }
        arrays = {f"idf_{n}": idf for n, idf in enumerate(self._ngrams.idfs)}
        arrays |= self._weights | self._network.weights | self._familiarity.weights
        arrays["meta"] = np.frombuffer(json.dumps(meta).encode("utf-8"), dtype=np.uint8)
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **arrays)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes, encode_layers: EncodeLayers) -> QuestionModel:
        """Reads what `to_bytes` wrote; nothing in it is executed."""
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            meta = json.loads(archive["meta"].tobytes().decode("utf-8"))
            model = cls(encode_layers, Settings(**meta["settings"]))
            model.labels = meta["labels"]
            columns = meta["vocabularies"]
            model._ngrams = Ngrams(columns, [archive[f"idf_{n}"] for n in range(len(columns))])
            model._network = MeaningNetwork(archive)
            model._familiarity = Familiarity(archive)
            names = ("ngram_coef", "ngram_bias")
            model._weights = {name: np.ascontiguousarray(archive[name]) for name in names}
        return model


def _log_softmax(scores: Floats) -> Floats:
    return np.log(_softmax(scores) + 1e-12)


def _softmax(scores: Floats) -> Floats:
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = exponents / exponents.sum(axis=1, keepdims=True)
    return result
