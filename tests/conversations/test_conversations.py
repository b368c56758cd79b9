"""Each conversation beside this file goes as it is written: intents, entities, actions, slots.

`rasa test core` reads the same files, but only predicts the custom actions; here they run.
"""

import asyncio
from pathlib import Path

import pytest
import yaml
from rasa.core.agent import Agent
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.nlu.training_data.entities_parser import (
    find_entities_in_training_example,
    replace_entities,
)

from bot.action_endpoint import InProcessActionEndpoint
from bot.mends import mend_rasa
from bot.server import latest_model
from bot.storage.memory import MemoryStore

HERE = Path(__file__).parent
STORIES = [
    pytest.param(story["steps"], id=f"{path.stem}: {story['story']}")
    for path in sorted(HERE.glob("test_*.yml"))
    for story in yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]
]


@pytest.fixture(scope="module")
def agent() -> Agent:
    """The trained model with its actions; an error says `make train` where there is none."""
    mend_rasa()
    endpoint, store = InProcessActionEndpoint(), MemoryStore(None)
    return Agent.load(str(latest_model()), action_endpoint=endpoint, tracker_store=store)


@pytest.mark.parametrize("steps", STORIES)
def test_a_conversation_goes_as_written(agent, steps, request):
    expected, seen = asyncio.run(both_ways(agent, steps, sender=request.node.name))
    assert seen == expected


async def both_ways(agent, steps, sender):
    """What the story says and what the bot did, line by line."""
    expected, seen, actions = [], [], []
    for step in steps:
        if "user" in step:
            text = replace_entities(step["user"])
            entities = find_entities_in_training_example(step["user"])
            expected.append((text, step["intent"], named(entities, of=entities)))
            await agent.handle_text(text, sender_id=sender)
            tracker = await agent.tracker_store.retrieve(sender)
            message = tracker.latest_message
            seen.append((text, message.intent["name"], named(message.entities, of=entities)))
            actions = actions_of_last_turn(tracker)
        elif "action" in step:
            expected.append(step["action"])
            seen.append(actions.pop(0) if actions else "nothing")
        else:
            for slot, value in ((s, v) for pair in step["slot_was_set"] for s, v in pair.items()):
                expected.append((slot, value or None))
                seen.append((slot, tracker.get_slot(slot) or None))
    return expected, seen


def named(entities, of):
    """Pairs of entity and value, of the kinds that the story annotates."""
    kinds = {entity["entity"] for entity in of}
    return sorted({(e["entity"], e["value"]) for e in entities if e["entity"] in kinds})


def actions_of_last_turn(tracker):
    events = list(tracker.applied_events())
    start = max(at for at, event in enumerate(events) if isinstance(event, UserUttered))
    names = [e.action_name for e in events[start:] if isinstance(e, ActionExecuted)]
    return [name for name in names if name and name != "action_listen"]
