"""How people ask about their own data, and what only sounds like it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from patient import Patient
from rasa.core.channels.channel import UserMessage

PHRASINGS: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("phrasings.yml").read_text(encoding="utf-8")
)
ASKED = [
    (intent, text)
    for intent in ("forget_me", "show_my_data", "ask_privacy")
    for text in PHRASINGS[intent]
]


@pytest.mark.parametrize(("intent", "text"), ASKED)
async def test_a_wish_about_own_data_is_understood(
    patient: Patient, intent: str, text: str
) -> None:
    parsed: dict[str, Any] = await patient.agent.processor.parse_message(UserMessage(text))
    assert parsed["intent"]["name"] == intent


@pytest.mark.parametrize("text", PHRASINGS["forget_me"])
async def test_a_plain_wish_to_be_forgotten_is_fulfilled_at_once(
    patient: Patient, text: str
) -> None:
    await patient.say("hello")
    reply = await patient.say(text)
    assert reply.startswith("Done. On ")


@pytest.mark.parametrize("text", PHRASINGS["unclear"])
async def test_an_unclear_wish_is_asked_back(patient: Patient, text: str) -> None:
    await patient.say("hello")
    assert (await patient.say(text)).startswith("Do you want me to delete")


@pytest.mark.parametrize("text", PHRASINGS["other"])
async def test_nothing_is_deleted_at_once_by_what_only_sounds_like_it(
    patient: Patient, text: str
) -> None:
    await patient.say("hello")
    assert not (await patient.say(text)).startswith("Done. On ")
    assert await patient.agent.tracker_store.exists(patient.sender)


@pytest.mark.parametrize("text", PHRASINGS["crisis"])
async def test_who_wants_to_disappear_is_in_a_crisis(patient: Patient, text: str) -> None:
    assert (await patient.say(text)).startswith("Please call or text 988 now")
