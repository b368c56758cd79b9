"""What is only told is taken up, and a question invited."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from turns import tracker_of, typed

from actions.invite_question import ActionInviteQuestion


async def told(domain: Any, tracker: Tracker) -> dict[str, Any]:
    dispatcher = CollectingDispatcher()
    await ActionInviteQuestion().run(dispatcher, tracker, domain)
    assert len(dispatcher.messages) == 1
    message: dict[str, Any] = dispatcher.messages[0]
    return message


async def test_it_thanks_and_asks_what_the_patient_would_like_to_know(domain: Any) -> None:
    tracker = tracker_of(typed("we live far away", {"intent": "tell_situation"}))
    message = await told(domain, tracker)
    assert "Thank you for telling me" in message["text"]
    assert "What would you like to know?" in message["text"]
    assert message["buttons"] == []


async def test_after_an_answer_it_offers_what_else_is_said_of_that_treatment(domain: Any) -> None:
    tracker = tracker_of(typed("she takes it since May", {"intent": "tell_situation"}))
    tracker.slots["treatments"] = ["sunitinib"]
    titles = [button["title"] for button in (await told(domain, tracker))["buttons"]]
    assert "Side effects of Sutent" in titles
