"""The classifier, fitted on a few phrases with the real sentence encoder."""

from __future__ import annotations

import io
import pickle

import numpy as np
import pytest

from bot.nlu.embedding.sentence_encoder import SentenceEncoder
from bot.nlu.question_model import Phrase, QuestionModel, Settings

EXAMPLES = {
    "ask_schedule": [
        "how often is medicine given", "how many times a day", "how frequently do i take it",
        "is it once a week or once a day", "how often do you get medicine",
    ],
    "ask_side_effects": [
        "what are the side effects of medicine", "what can it do to me", "bad effects of medicine",
        "what should i watch out for", "which side effects does medicine cause",
    ],
    "outside_cost": [
        "how much does medicine cost", "does insurance pay for it", "what is the price",
        "is it expensive", "can i get help paying for medicine",
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder.load()


@pytest.fixture(scope="module")
def model(encoder: SentenceEncoder) -> QuestionModel:
    fitted = QuestionModel(encoder.encode_layers)
    phrases = [Phrase(text, text) for texts in EXAMPLES.values() for text in texts]
    fitted.fit(phrases, [intent for intent, texts in EXAMPLES.items() for _ in texts])
    return fitted


@pytest.mark.parametrize(
    ("text", "masked", "intent"),
    [
        ("how often do i get Torisel", "how often do i get medicine", "ask_schedule"),
        ("side effects of Sutent?", "side effects of medicine?", "ask_side_effects"),
        ("what is the cost of Opdivo", "what is the cost of medicine", "outside_cost"),
    ],
)
def test_a_new_wording_gets_the_intent_of_its_like(
    model: QuestionModel, text: str, masked: str, intent: str
) -> None:
    row = model.probabilities([Phrase(text, masked)])[0]
    assert model.labels[int(np.argmax(row))] == intent


def test_probabilities_are_one_row_a_phrase_and_sum_to_one(model: QuestionModel) -> None:
    phrases = [Phrase("how often", "how often"), Phrase("", ""), Phrase("zzz qqq", "zzz qqq")]
    rows = model.probabilities(phrases)
    assert rows.shape == (3, len(EXAMPLES))
    assert np.allclose(rows.sum(axis=1), 1.0)
    assert (rows >= 0).all()


def test_familiarity_is_the_cosine_of_the_nearest_training_phrase(model: QuestionModel) -> None:
    seen = EXAMPLES["ask_schedule"][0]
    strange = Phrase("who won the football game", "who won the football game")
    both = [strange, Phrase(seen, seen)]
    assert model.read(both, both[:1])[1] < 0.5
    assert model.read(both, both)[1] == pytest.approx(1.0, abs=1e-2)
    assert model.read(both, [])[1] == 0


def test_labels_are_sorted_whatever_the_order_of_the_examples(model: QuestionModel) -> None:
    assert model.labels == sorted(EXAMPLES)


def test_a_model_written_and_read_again_holds_the_same_likely(
    model: QuestionModel, encoder: SentenceEncoder
) -> None:
    again = QuestionModel.from_bytes(model.to_bytes(), encoder.encode_layers)
    phrases = [Phrase("how often is it", "how often is it"), Phrase("price?", "price?")]
    assert again.labels == model.labels
    assert again.settings == model.settings
    assert np.allclose(again.probabilities(phrases), model.probabilities(phrases), atol=1e-5)
    of_both = [one.read(phrases, phrases)[1] for one in (again, model)]
    assert of_both[0] == pytest.approx(of_both[1], abs=1e-2)


def test_settings_travel_with_the_model(encoder: SentenceEncoder) -> None:
    settings = Settings(layer_scale=2.0, sharpness=1.0)
    fitted = QuestionModel(encoder.encode_layers, settings)
    texts = ["how often", "how much", "how often a day", "how much money"]
    fitted.fit([Phrase(t, t) for t in texts], ["a", "b", "a", "b"])
    assert QuestionModel.from_bytes(fitted.to_bytes(), encoder.encode_layers).settings == settings


def test_the_bytes_hold_no_pickle(model: QuestionModel) -> None:
    with np.load(io.BytesIO(model.to_bytes()), allow_pickle=False) as archive:
        assert all(archive[name].dtype != object for name in archive.files)


def test_a_pickle_in_place_of_the_model_is_refused(encoder: SentenceEncoder) -> None:
    with pytest.raises(ValueError, match="allow_pickle=False"):
        QuestionModel.from_bytes(pickle.dumps({"labels": ["a"]}), encoder.encode_layers)
