"""Each mend of Rasa: what stock Rasa does, why it matters, and that the mend holds."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
import rasa
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.featurizers.tracker_featurizers import FullDialogueTrackerFeaturizer
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot import mends
from bot.errors import WrongRasa
from bot.nlu import language
from bot.rule_index import RuleIndex

PAYLOAD = '/ask_schedule{"treatment": ["sunitinib"]}'
MENDED = (
    (RemoteAction, "_validate_action_result"),
    (MessageProcessor, "parse_message"),
    (Event, "resolve_by_type"),
    (RulePolicy, "_get_possible_keys"),
    (RulePolicy, "_prediction_states"),
    (MessageProcessor, "_check_for_unseen_features"),
    (DaskGraphRunner, "run"),
)


@pytest.fixture
def mended_rasa(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa with the mends; as it was before, afterwards."""
    for owner, name in MENDED:
        monkeypatch.setattr(owner, name, getattr(owner, name))  # puts back what stands there now
    mends.mend_rasa()


def conversation(*events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("patient", list(events))


def offering(payload: str) -> BotUttered:
    return BotUttered("Pick one.", {"buttons": [{"title": "How often", "payload": payload}]})


# --- payloads -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payload", "events", "offered"),
    [
        (PAYLOAD, [offering(PAYLOAD)], True),
        (PAYLOAD, [], False),
        (PAYLOAD, [offering("/ask_schedule")], False),
        (PAYLOAD, [BotUttered("No buttons.", {"buttons": None})], False),
        (PAYLOAD, [UserUttered(PAYLOAD)], False),
        ("/restart", [offering("/restart")], False),
        ("/session_start", [offering("/session_start")], False),
    ],
)
def test_a_payload_counts_only_where_a_button_of_the_conversation_offered_it(
    payload: str, events: list[Event], offered: bool
) -> None:
    assert mends._was_offered(payload, conversation(*events)) is offered


def test_a_button_far_up_in_the_chat_no_longer_counts() -> None:
    later = [UserUttered("hello") for _ in range(mends.BUTTONS_LOOKED_AT)]
    assert not mends._was_offered(PAYLOAD, conversation(offering(PAYLOAD), *later))


def test_without_a_conversation_no_payload_was_offered() -> None:
    assert not mends._was_offered(PAYLOAD, None)


# --- events ---------------------------------------------------------------------------------------


def test_events_are_found_by_name_as_stock_rasa_finds_them(mended_rasa: None) -> None:
    for name in ("user", "bot", "slot", "action", "session_started", "restart", "form"):
        assert Event.resolve_by_type(name) is mends._stock_resolve_event(name)


def test_an_unknown_event_gets_the_default_or_an_error_as_in_stock_rasa(mended_rasa: None) -> None:
    assert Event.resolve_by_type("no such event", SlotSet) is SlotSet
    with pytest.raises(ValueError, match="Unknown event name 'no such event'"):
        Event.resolve_by_type("no such event")


# --- what actions return --------------------------------------------------------------------------


def check(result: Any) -> bool:
    return mends._validate_action_result(RemoteAction("action_answer_question", None), result)


@pytest.mark.parametrize(
    "result",
    [
        {"events": [], "responses": []},
        {"events": [], "responses": [{"text": "Hello"}]},
        {"events": [{"event": "slot", "name": "treatments", "value": ["sunitinib"]}]},
        {"events": [{"event": "slot", "timestamp": None, "name": "misses", "value": 0}]},
        {"events": [{"event": "action", "name": "action_listen"}], "responses": []},
    ],
)
def test_a_result_that_stock_rasa_takes_is_taken(result: dict[str, Any]) -> None:
    assert RemoteAction("action_answer_question", None)._validate_action_result(result)
    assert check(result)


@pytest.mark.parametrize(
    "result",
    [
        {"events": "none", "responses": []},
        {"events": [{"name": "no event"}], "responses": []},
        {"events": [{"event": "slot", "name": 3, "value": 1}], "responses": []},
        {"events": [], "responses": ["just text"]},
    ],
)
def test_a_result_that_stock_rasa_refuses_is_refused_with_the_name_of_the_action(
    result: dict[str, Any],
) -> None:
    with pytest.raises(ValidationError):
        RemoteAction("action_answer_question", None)._validate_action_result(result)
    with pytest.raises(ValidationError, match="action_answer_question"):
        check(result)


# --- rules ----------------------------------------------------------------------------------------

GREETED = [{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}}]
ANSWERED = [*GREETED, {"prev_action": {"action_name": "utter_greet"}, "user": {"intent": "greet"}}]
ASKED = [{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "ask_schedule"}}]
RULES = {json.dumps(states): "action" for states in (GREETED, ANSWERED, ASKED)}


@pytest.mark.parametrize("states", [GREETED, ANSWERED, ASKED, [], GREETED + ASKED])
def test_the_same_rules_fit_as_in_stock_rasa(states: list[dict[str, Any]]) -> None:
    """Stock Rasa tries each rule at each state of the chat; an index is asked first here."""
    policy = RulePolicy.__new__(RulePolicy)
    stock = RulePolicy._get_possible_keys(policy, RULES, states)
    assert mends._get_possible_keys(policy, RULES, states) == stock


def test_the_index_gives_only_rules_whose_last_step_fits() -> None:
    index = RuleIndex(RULES)
    assert index.longest == 2
    assert index.candidates(GREETED[-1]) == {json.dumps(GREETED)}


DOMAIN = Domain.from_dict({"intents": ["greet", "ask_schedule"], "actions": ["action_answer"]})


def turns(number: int) -> DialogueStateTracker:
    tracker = DialogueStateTracker("patient", DOMAIN.slots)
    for turn in range(number):
        tracker.update(ActionExecuted("action_listen"))
        tracker.update(UserUttered("hi", {"name": ("greet", "ask_schedule")[turn % 2]}))
        tracker.update(ActionExecuted("action_answer"))
    tracker.update(ActionExecuted("action_listen"))
    return tracker


@pytest.mark.parametrize("number", [0, 1, 2, 9])
def test_the_last_states_are_those_of_stock_rasa(number: int) -> None:
    """Stock Rasa rebuilds the states of the whole chat; only as many as a rule has are needed."""
    policy = RulePolicy.__new__(RulePolicy)
    policy._Policy__featurizer = FullDialogueTrackerFeaturizer()
    policy.lookup = {"rules": RULES}
    longest = RuleIndex(RULES).longest
    stock = mends._stock_prediction_states(policy, turns(number), DOMAIN)
    ours = mends._prediction_states(policy, turns(number), DOMAIN)
    assert ours[-longest:] == stock[-longest:]
    assert len(ours) == min(len(stock), longest + 2)


# --- the version ----------------------------------------------------------------------------------


def test_another_rasa_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa, "__version__", "3.7.0")
    with pytest.raises(WrongRasa, match=r"rasa 3\.7\.0 is installed.* Type: make setup") as error:
        mends.mend_rasa()
    assert "\n" not in str(error.value)


def test_the_installed_rasa_is_the_one_that_was_tried() -> None:
    assert rasa.__version__ == mends.SEEN_ON


def test_each_mend_is_in_place_afterwards(mended_rasa: None) -> None:
    for owner, name in MENDED:
        assert getattr(owner, name).__module__.startswith("bot.")


async def test_what_is_read_at_first_use_is_read_before_the_first_patient(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It took over a second, in which a server that had just been started answered nobody."""
    agent, asked = SimpleNamespace(is_ready=lambda: True), []

    async def load(*_: object) -> object:
        return agent

    async def ask(one: object) -> list[str]:
        asked.append(one)
        return []

    monkeypatch.setattr(mends, "_stock_load_agent", load)
    monkeypatch.setattr(mends, "try_question", ask)
    language._logs.cache_clear()
    assert await mends._load_agent("model") is agent
    assert asked == [agent]
    assert language._logs.cache_info().currsize == len(("en", *language.LATIN_LANGUAGES))
