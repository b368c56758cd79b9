"""Each mend of Rasa: what stock Rasa does, why it matters, and that the mend holds."""

from __future__ import annotations

import asyncio
import json
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import getattr_static
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

import pytest
import rasa
import rasa.core.run
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.featurizers.tracker_featurizers import FullDialogueTrackerFeaturizer
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.core.utils import AvailableEndpoints
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot import graph_order, mends
from bot.errors import ModelUnreadable, WrongRasa
from bot.nlu import language
from bot.rule_index import RuleIndex

PAYLOAD = '/ask_schedule{"treatment": ["sunitinib"]}'
MENDED = (
    (rasa.core.run, "load_agent_on_start"),
    (RemoteAction, "_validate_action_result"),
    (MessageProcessor, "parse_message"),
    (Event, "resolve_by_type"),
    (RulePolicy, "_get_possible_keys"),
    (RulePolicy, "_prediction_states"),
    (MessageProcessor, "_check_for_unseen_features"),
    (DaskGraphRunner, "run"),
)

# As installed: mends are put on by a call, which no import makes.
STOCK = {(owner, name): getattr_static(owner, name) for owner, name in MENDED}


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


# --- understanding --------------------------------------------------------------------------------


async def test_between_two_messages_that_are_understood_all_else_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rounds, understood = 0, []

    async def count_rounds() -> None:
        nonlocal rounds
        while len(understood) < 5:
            rounds += 1
            await asyncio.sleep(0)

    async def stock(self: Any, message: UserMessage, *others: Any) -> dict[str, Any]:
        understood.append(rounds)
        return {}

    monkeypatch.setattr(mends, "_stock_parse_message", stock)
    messages = [UserMessage("hello") for _ in range(5)]
    await asyncio.gather(*(mends._parse_message(None, one) for one in messages), count_rounds())
    assert len(set(understood)) == 5


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


def test_each_mend_says_why(mended_rasa: None) -> None:
    for owner, name in MENDED:
        made = getattr(owner, name)
        why = made.__doc__ if made.__module__ == mends.__name__ else graph_order.__doc__
        assert "Rasa " in (why or ""), name


# --- the faults themselves: each of these fails without its mend ---------------------------------


@pytest.fixture
def stock_rasa(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa as it is installed, whatever another test has put on it."""
    for owner, name in MENDED:
        monkeypatch.setattr(owner, name, STOCK[owner, name])


@contextmanager
def calls() -> Iterator[Counter[str]]:
    """How often which function of Python was called."""
    counted: Counter[str] = Counter()

    def count(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            counted[frame.f_code.co_name] += 1

    sys.setprofile(count)
    try:
        yield counted
    finally:
        sys.setprofile(None)


@pytest.fixture(params=["stock_rasa", "mended_rasa"])
def is_mended(request: pytest.FixtureRequest) -> bool:
    request.getfixturevalue(request.param)
    return bool(request.param == "mended_rasa")


async def test_without_a_model_the_server_ends(is_mended: bool, tmp_path: Path) -> None:
    """Stock Rasa says "up and running", and has nobody who answers."""
    app = SimpleNamespace(ctx=SimpleNamespace())
    broken = tmp_path / "model.tar.gz"
    with tarfile.open(broken, "w:gz"):
        pass
    loading = rasa.core.run.load_agent_on_start(
        str(broken), AvailableEndpoints(), None, app, asyncio.get_running_loop()
    )
    if is_mended:
        with pytest.raises(ModelUnreadable, match="Type: make train"):
            await loading
    else:
        assert not (await loading).is_ready()


def test_the_schema_of_results_is_compiled_once(is_mended: bool) -> None:
    """Stock Rasa compiles it at each reply: 63% of the server's time."""
    action, odd = RemoteAction("action_answer_question", None), {"events": [{"event": "restart"}]}
    action._validate_action_result(odd)
    with calls() as counted:
        for _ in range(3):
            action._validate_action_result(odd)
    assert counted["check_schema"] == (0 if is_mended else 3)


def test_the_classes_of_events_are_not_walked_for_each_event(is_mended: bool) -> None:
    Event.resolve_by_type("user")
    with calls() as counted:
        for _ in range(10):
            Event.resolve_by_type("user")
    assert bool(counted["all_subclasses"]) is not is_mended


def test_rules_that_cannot_fit_are_not_tried(is_mended: bool) -> None:
    policy, tried = RulePolicy.__new__(RulePolicy), 0
    with calls() as counted:
        policy._get_possible_keys(RULES, GREETED)
    tried = counted["_is_rule_applicable"]
    assert tried == (1 if is_mended else len(RULES))


def test_a_long_conversation_has_no_more_states_than_a_rule_looks_at(is_mended: bool) -> None:
    policy = RulePolicy.__new__(RulePolicy)
    policy._Policy__featurizer = FullDialogueTrackerFeaturizer()
    policy.lookup = {"rules": RULES}
    more = len(policy._prediction_states(turns(9), DOMAIN)) - len(
        policy._prediction_states(turns(5), DOMAIN)
    )
    assert (more == 0) is is_mended


def test_the_domain_is_not_written_out_at_each_message(is_mended: bool) -> None:
    processor = MessageProcessor.__new__(MessageProcessor)
    processor.domain = DOMAIN
    with calls() as counted:
        processor._check_for_unseen_features({"intent": {"name": "greet"}, "entities": []})
    assert bool(counted["as_dict"]) is not is_mended


async def test_a_payload_that_nobody_offered_is_no_command(is_mended: bool) -> None:
    """Stock Rasa takes it past all understanding, and sets its slots."""
    processor = MessageProcessor.__new__(MessageProcessor)
    processor.http_interpreter, processor.domain = None, DOMAIN
    read: list[str] = []

    def graph(message: UserMessage, *others: Any) -> dict[str, Any]:
        read.append(message.text)
        return {"text": message.text, "intent": {"name": "greet"}, "entities": []}

    processor._parse_message_with_graph = graph
    await processor.parse_message(UserMessage(PAYLOAD), conversation())
    assert read[0].startswith("/") is not is_mended


def test_dask_is_not_asked_for_the_order_of_the_graph(is_mended: bool, tmp_path: Path) -> None:
    schema = GraphSchema({})
    runner = DaskGraphRunner(schema, LocalModelStorage(tmp_path), ExecutionContext(schema))
    with calls() as counted:
        runner.run({"said": "!"}, [])
    assert bool(counted["_build_dask_graph"]) is not is_mended
