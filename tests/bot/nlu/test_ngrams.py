"""The n-grams of one message, beside scikit-learn's own."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.ngrams import KINDS, Ngrams

TEXTS = ["how often is medicine given", "how many times a day", "what can medicine do to me",
         "side effects of medicine", "does medicine cost a lot", "is medicine a pill"]  # fmt: skip


@pytest.mark.parametrize(
    "text", [*TEXTS, "how often, how often do I take medicine?!", "zzz", "", "çay günde kaç kez"]
)
def test_a_message_scores_as_scikit_learn_has_it(text: str) -> None:
    ngrams, matrix = Ngrams.learn(TEXTS)
    weights = np.random.default_rng(1).normal(size=(matrix.shape[1], 4)).astype(np.float32)
    rows = [TfidfVectorizer(**options).fit(TEXTS).transform([text]) for options in KINDS]
    expected = np.hstack([row.toarray()[0] for row in rows]) @ weights
    assert np.allclose(ngrams.scores(text, weights), expected, atol=1e-5)


def test_what_was_learned_is_kept_by_its_columns_and_weights() -> None:
    ngrams, matrix = Ngrams.learn(TEXTS)
    weights = np.eye(matrix.shape[1], dtype=np.float32)
    kept = Ngrams(ngrams.columns, ngrams.idfs)
    for row, text in enumerate(TEXTS):
        assert np.allclose(kept.scores(text, weights), matrix[row].toarray()[0], atol=1e-6)
