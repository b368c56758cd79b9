"""Which earlier question a message takes up, and that urgent words come first."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from turns import tracker_of, typed

from actions.conversation import Context, Question
from actions.turn import TurnAction, taken_up

PENDING = Context(pending=Question("ask_side_effects").as_dict())
ANSWERED = Context(("sunitinib",), "ask_side_effects")
TOLD = Question("ask_overview", ("pazopanib",), asks=False, confidence=0.4)


class ActionSaysHello(TurnAction):
    """A turn that says one thing."""

    def name(self) -> str:
        return "action_says_hello"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        dispatcher.utter_message(text="Hello.")
        return [SlotSet("misses", 0)]


class ActionSaysNothing(ActionSaysHello):
    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        return [SlotSet("treatments", ["axitinib"])]


# --- taken_up -------------------------------------------------------------------------------------


def test_a_name_that_is_told_answers_the_question_that_waits() -> None:
    again = taken_up(TOLD, PENDING)
    assert again is not None
    assert (again.intent, again.treatments) == ("ask_side_effects", ("pazopanib",))


def test_a_treatment_that_the_waiting_question_has_stays_in_it() -> None:
    waiting = Context(pending=Question("ask_comparison", ("sunitinib",)).as_dict())
    again = taken_up(TOLD, waiting)
    assert again is not None
    assert again.treatments == ("sunitinib", "pazopanib")


def test_a_correction_asks_the_last_question_again() -> None:
    question = Question("ask_overview", ("pazopanib",), asks=False, corrects=True, confidence=0.4)
    again = taken_up(question, ANSWERED)
    assert again is not None
    assert (again.intent, again.treatments) == ("ask_side_effects", ("pazopanib",))


def test_the_same_for_another_treatment_asks_the_last_question_again() -> None:
    question = Question("ask_overview", ("axitinib",), repeats=True, confidence=0.9)
    again = taken_up(question, ANSWERED)
    assert again is not None
    assert (again.intent, again.treatments) == ("ask_side_effects", ("axitinib",))


@pytest.mark.parametrize(
    ("question", "context"),
    [
        (Question("ask_overview", asks=False), PENDING),  # names nothing
        (Question("ask_overview", ("pazopanib",), asks=False, outside_kind="medicine"), PENDING),
        (Question("ask_schedule", ("pazopanib",), asks=True), PENDING),  # asks something new
        (Question("ask_schedule", ("pazopanib",), asks=False, confidence=0.9), PENDING),
        (TOLD, ANSWERED),  # nothing waits, nothing is corrected
        (TOLD, Context()),
        (Question("ask_schedule", ("axitinib",), repeats=True, confidence=0.9), ANSWERED),
    ],
)
def test_any_other_message_is_a_message_of_its_own(question: Question, context: Context) -> None:
    assert taken_up(question, context) is None


# --- what all turns share -------------------------------------------------------------------------


async def run(action: TurnAction, tracker: Tracker, domain: Any) -> tuple[list[str], list[Any]]:
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, tracker, domain)
    return [message["text"] for message in dispatcher.messages], events


@pytest.mark.parametrize(
    ("danger", "words"), [("report_emergency", "call 911 now"), ("report_crisis", "988 now")]
)
async def test_urgent_words_stand_before_the_reply_in_the_same_message(
    domain: Any, danger: str, words: str
) -> None:
    texts, _ = await run(ActionSaysHello(), tracker_of(typed("hm", urgent=danger)), domain)
    assert len(texts) == 1
    first, last = texts[0].split("\n")
    assert words in first
    assert last == "Hello."


async def test_without_danger_the_reply_stands_alone(domain: Any) -> None:
    texts, _ = await run(ActionSaysHello(), tracker_of(typed("hm", urgent="")), domain)
    assert texts == ["Hello."]


async def test_a_treatment_that_was_only_told_is_kept_for_the_next_turn(domain: Any) -> None:
    message = typed("I got given Lenvima", {"intent": "greet", "treatments": ["lenvatinib"]})
    _, events = await run(ActionSaysHello(), tracker_of(message), domain)
    assert SlotSet("treatments", ["lenvatinib"]) in events


async def test_what_the_action_itself_remembers_is_not_overwritten(domain: Any) -> None:
    message = typed("and Lenvima", {"intent": "greet", "treatments": ["lenvatinib"]})
    _, events = await run(ActionSaysNothing(), tracker_of(message), domain)
    assert [e["value"] for e in events if e["name"] == "treatments"] == [["axitinib"]]
