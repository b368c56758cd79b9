"""Tells how likely each intent is, for the whole message and for each question in it."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.model_inputs import vocabulary_hash
from bot.nlu.clauses import clauses, told
from bot.nlu.embedding.sentence_encoder import SentenceEncoder
from bot.nlu.language import is_gibberish, other_language
from bot.nlu.masking import mask
from bot.nlu.phrasing import strip_correction
from bot.nlu.question_model import Phrase, QuestionModel, Settings
from bot.nlu.reading import Clause
from bot.nlu.treatment_linker import LINKS, current_linker
from knowledge.linker import Linker, Links
from knowledge.places import table_path

CLAUSES = "clauses"  # list[Clause], the whole message first
TOLD = "told"  # list[Clause], the sentences around its questions
LANGUAGE = "language"
FAMILIARITY = "familiarity"  # cosine of the training phrase nearest to what is asked
NO_LANGUAGE = "zxx"  # ISO 639-2 for text that is no language
LONGEST_RANKING = 3  # it stays in every conversation
MODEL_FILE = "question_model.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class QuestionClassifier(GraphComponent):
    """A network over the sentence model, and a regression over masked n-grams."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource
    ) -> None:
        self._storage = storage
        self._resource = resource
        names = Settings.__dataclass_fields__
        self._settings = Settings(**{k: v for k, v in config.items() if k in names})
        self._encoder = SentenceEncoder.load()
        self._model = QuestionModel(self._encoder.encode_layers, self._settings)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return vars(Settings())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> QuestionClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> QuestionClassifier:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            data = (folder / MODEL_FILE).read_bytes()
        component._model = QuestionModel.from_bytes(data, component._encoder.encode_layers)
        return component

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Training does not notice a changed table or encoder unless it is told."""
        return vocabulary_hash(table_path()) + SentenceEncoder.load().digest

    def train(self, training_data: TrainingData) -> Resource:
        linker = current_linker()
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        texts = [example.get(TEXT) for example in examples]
        phrases = [Phrase(text, mask(text, linker.link(text))) for text in texts]
        self._model.fit(phrases, [example.get(INTENT) for example in examples])
        with self._storage.write_to(self._resource) as folder:
            (folder / MODEL_FILE).write_bytes(self._model.to_bytes())
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        linker = current_linker()
        for message in messages:
            text = (message.get(TEXT) or "").strip()
            if not text:
                continue
            self._classify(message, strip_correction(text), linker)
        return messages

    def _classify(self, message: Message, text: str, linker: Linker) -> None:
        written = message.get(TEXT) == text
        links = message.get(LINKS) if written else None
        links = links or linker.link(text)
        message.set(LANGUAGE, self._language(text, links, linker))
        asked = [text, *(part for part in clauses(text) if part != text.strip(" ,"))]
        pieces = [*asked, *told(text)]
        linked = [links, *(linker.link(piece) for piece in pieces[1:])]
        phrases = [Phrase(p, mask(p, found)) for p, found in zip(pieces, linked, strict=True)]
        rows, familiarity = self._model.read(phrases, phrases[: len(asked)])
        message.set(FAMILIARITY, familiarity)
        read = [
            Clause(piece, found, dict(zip(self._model.labels, map(float, row), strict=False)))
            for piece, found, row in zip(pieces, linked, rows, strict=True)
        ]
        message.set(CLAUSES, read[: len(asked)])
        message.set(TOLD, read[len(asked) :])
        whole = read[0].probabilities
        ranking = [
            {"name": name, "confidence": whole[name]}
            for name in sorted(whole, key=lambda n: -whole[n])[:LONGEST_RANKING]
        ]
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)

    @staticmethod
    def _language(text: str, links: Links, linker: Linker) -> str | None:
        names = {w.lower() for m in links.mentions for w in m.text.split()}
        language = other_language(text, sorted(names))
        if language is None and is_gibberish(text, linker.is_known_word) and not links.mentions:
            return NO_LANGUAGE
        return language
