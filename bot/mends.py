"""Faults of Rasa 3.6.21 that patients would feel, each mended in one place, with its reason."""

from __future__ import annotations

import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import rasa
import rasa.core.run
from jsonschema import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.errors import ModelUnreadable, WrongRasa
from bot.graph_order import run_in_order
from bot.health import try_question
from bot.incoming import clean
from bot.model_archive import unpacked_size
from bot.nlu.language import other_language
from bot.one_at_a_time import one_at_a_time
from bot.rule_index import RuleIndex, State

SEEN_ON = "3.6.21"
BUTTONS_LOOKED_AT = 40  # events back; buttons further up in a chat are out of sight


def mend_rasa() -> None:
    """Applies the mends.

    Raises:
        WrongRasa: they were tried on another version than the one installed.
    """
    if rasa.__version__ != SEEN_ON:
        raise WrongRasa(
            f"rasa {rasa.__version__} is installed, this program was tried with {SEEN_ON}. "
            "Type: make setup"
        )
    rasa.core.run.load_agent_on_start = _load_agent
    RemoteAction._validate_action_result = _validate_action_result
    MessageProcessor.parse_message = _parse_message
    Event.resolve_by_type = staticmethod(_resolve_event)
    RulePolicy._get_possible_keys = _get_possible_keys
    RulePolicy._prediction_states = _prediction_states
    DaskGraphRunner.run = run_in_order
    MessageProcessor._check_for_unseen_features = _check_for_unseen_features


_stock_load_agent = rasa.core.run.load_agent_on_start


async def _load_agent(model_path: str, *args: Any) -> Agent:
    """Rasa serves on without a model: "up and running", and each message gets an empty list.

    Raises:
        ModelUnreadable: which ends the server.
    """
    agent = await _stock_load_agent(model_path, *args)
    if not agent.is_ready():
        raise ModelUnreadable(f"{model_path}: Rasa cannot load this model. {_remedy(model_path)}")
    # What is read at first use takes over a second, in which nobody is answered: no patient is to
    # be the first. Should the question fail, readiness tells why.
    other_language("the first sentence reads the word lists")
    await try_question(agent)
    return agent


def _remedy(model_path: str) -> str:
    """Rasa unpacks a model into a temporary folder, and says of a full disk only "OSError"."""
    folder, needed = tempfile.gettempdir(), unpacked_size(Path(model_path))
    if shutil.disk_usage(folder).free < needed:
        return f"It unpacks to {(needed >> 20) + 1} MB, which {folder} has no room for: free some"
    return "Type: make train"


@lru_cache(maxsize=1)
def _validator() -> Validator:
    schema = RemoteAction.action_response_format_spec()
    kind: type[Validator] = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _validate_action_result(self: RemoteAction, result: Any) -> bool:
    """Rasa compiles its schema anew for each reply: 63% of the server's time. Here once.

    The compiled schema still tries each event against each kind of event, 3 ms a turn, so it is
    asked only where this plain look finds something odd.
    """
    if _is_plain_result(result):
        return True
    error = next(_validator().iter_errors(result), None)
    if error is not None:
        raise ValidationError(f"action '{self.name()}' returned an invalid result: {error.message}")
    return True


def _is_plain_result(result: Any) -> bool:
    """Messages, and slots that are set: all that most turns return."""
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events", ()), result.get("responses", ())
    return all(isinstance(response, dict) for response in responses) and all(
        isinstance(event, dict)
        and event.get("event") == "slot"
        and isinstance(event.get("name"), str)
        and "value" in event
        for event in events
    )


@lru_cache(maxsize=1)
def _event_types() -> dict[str, type[Event]]:
    return {kind.type_name: kind for kind in reversed(all_subclasses(Event))}


_stock_resolve_event = Event.resolve_by_type


def _resolve_event(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """Rasa walks all classes of events for each event of the conversation, at each turn."""
    found = _event_types().get(type_name)
    return found or _stock_resolve_event(type_name, default)


def _get_possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """Rasa tries each rule at each state of the conversation, three times a turn."""
    if not states:
        return set(lookup)
    index = _rule_index(tuple(lookup))
    found = index.candidates(states[-1])
    for back, state in enumerate(reversed(states[-index.longest :])):
        found = {key for key in found if self._is_rule_applicable(key, back, state)}
    return found


_stock_prediction_states = RulePolicy._prediction_states


def _prediction_states(
    self: RulePolicy, tracker: DialogueStateTracker, domain: Domain, *args: Any, **kwargs: Any
) -> list[State]:
    """Rasa replays the whole conversation three times a turn; no rule looks back so far."""
    steps_back = _rule_index(tuple(self.lookup[RULES])).longest + 1
    events = tracker.applied_events()
    steps = [n for n, event in enumerate(events) if isinstance(event, ActionExecuted)]
    recent = tracker.init_copy()
    recent.events.extend(events[steps[-steps_back] :] if len(steps) > steps_back else events)
    states: list[State] = _stock_prediction_states(self, recent, domain, *args, **kwargs)
    return states


def _check_for_unseen_features(self: MessageProcessor, parse_data: dict[str, Any]) -> None:
    """Rasa writes out the whole domain at each message; a test holds what this warns of."""


@lru_cache(maxsize=4)
def _rule_index(rule_keys: tuple[str, ...]) -> RuleIndex:
    return RuleIndex(rule_keys)


_stock_parse_message = MessageProcessor.parse_message


async def _parse_message(
    self: MessageProcessor,
    message: UserMessage,
    tracker: DialogueStateTracker | None = None,
    only_output_properties: bool = True,
) -> dict[str, Any]:
    """Cleans the text; a payload counts only if a button of this conversation offered it.

    Stock Rasa takes a typed `/intent{"slot": "value"}` past all understanding.
    """
    message.text = clean(message.text)
    if message.text.startswith("/") and not _was_offered(message.text, tracker):
        # Of a button far up in the chat, its title is what the patient asks.
        title = (message.metadata or {}).get("title", "")
        message.text = (clean(title) or message.text).lstrip("/ ") or "?"
    async with one_at_a_time():
        parsed: dict[str, Any] = await _stock_parse_message(
            self, message, tracker, only_output_properties
        )
    return parsed


def _was_offered(payload: str, tracker: DialogueStateTracker | None) -> bool:
    if tracker is None:
        return False
    if payload in ("/restart", "/session_start"):
        return False
    events = list(tracker.events)[-BUTTONS_LOOKED_AT:]
    return any(
        button.get("payload") == payload
        for event in events
        if isinstance(event, BotUttered)
        for button in event.data.get("buttons") or ()
    )
