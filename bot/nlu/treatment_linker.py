"""Links the names in a message to the table, as entities with the table's ids."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from knowledge.edition import current_edition
from knowledge.linker import Linker

LINKS = "links"


def current_linker() -> Linker:
    """The linker of the table that the turn is answered from."""
    return current_edition().linker


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TreatmentLinker(GraphComponent):
    """Entities: treatment, side_effect, term, and foreign medicine, condition or procedure."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TreatmentLinker:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        linker = current_linker()
        for message in messages:
            links = linker.link(message.get(TEXT) or "")
            entities = [
                {
                    "entity": m.kind,
                    "value": m.value,
                    "start": m.start,
                    "end": m.end,
                    "extractor": type(self).__name__,
                }
                for m in links.mentions
                if m.certainty != "ask"
            ]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
            message.set(LINKS, links)
        return messages
