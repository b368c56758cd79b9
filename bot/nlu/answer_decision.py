"""The last component of the pipeline: turns likelihoods into one reading of the message."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import intents
from bot.nlu.decision import read_message
from bot.nlu.phrasing import is_correction
from bot.nlu.question_classifier import CLAUSES, FAMILIARITY, LANGUAGE, NO_LANGUAGE, TOLD
from bot.nlu.reading import Reading, Signs, Thresholds
from bot.nlu.safety_gate import SIGNS

READING = "reading"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class AnswerDecision(GraphComponent):
    """Sets the final intent, and beside it the `reading` that the actions answer from."""

    def __init__(self, config: dict[str, Any]) -> None:
        names = Thresholds.__dataclass_fields__
        self._thresholds = Thresholds(**{k: v for k, v in config.items() if k in names})

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return vars(Thresholds())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AnswerDecision:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self._decide(message)
        return messages

    def _decide(self, message: Message) -> None:
        reading = self._read(message)
        confidence = reading.parts[0].confidence if reading.parts else 1.0
        message.set(
            INTENT, {"name": reading.intent, "confidence": confidence}, add_to_output=True
        )
        if is_correction(message.get(TEXT) or ""):  # its opening words are read by nobody else
            parts = tuple(replace(part, corrects=True) for part in reading.parts)
            reading = replace(reading, parts=parts)
        message.set(READING, reading.as_json(), add_to_output=True)

    def _read(self, message: Message) -> Reading:
        read, language = message.get(CLAUSES), message.get(LANGUAGE)
        signs = message.get(SIGNS) or Signs()
        if signs.alarm and (language or read is None):
            return Reading(signs.alarm, ())
        if not (message.get(TEXT) or "").strip() or read is None or language == NO_LANGUAGE:
            return Reading(intents.GIBBERISH, ())
        if language:
            return Reading(intents.OTHER_LANGUAGE, (), language=language)
        return read_message(
            read[0], read[1:], signs, message.get(FAMILIARITY), self._thresholds,
            message.get(TOLD) or (),
        )
