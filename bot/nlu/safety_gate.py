"""The first component of the pipeline: rules look for an emergency before anything else is read."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import intents
from bot.nlu.clauses import clauses
from bot.nlu.reading import Signs
from bot.safety.gate import SafetyGate

ALARM = "alarm"
SIGNS = "signs"  # Signs


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SafetyGateClassifier(GraphComponent):
    """Sets the intent of an emergency or a crisis by rules.

    The decision at the end of the pipeline may only turn it into an answer that starts with the
    urgent words, and only where the message plainly asks in general.
    """

    def __init__(self) -> None:
        self._gate = SafetyGate.from_files()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SafetyGateClassifier:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            look = self._gate.look(text)
            alarm, name = look.alarm, ""
            if alarm:
                name = intents.CRISIS if alarm.kind == "crisis" else intents.EMERGENCY
                message.set(INTENT, {"name": name, "confidence": 1.0}, add_to_output=True)
                message.set(ALARM, alarm.flag, add_to_output=True)
            is_told = bool(alarm) and not any(self._gate.check(part) for part in clauses(text))
            message.set(SIGNS, Signs(name, is_told, look.is_denied, look.has_idiom))
        return messages
