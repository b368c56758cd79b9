"""A server that is too busy asks no Redis for a message that it will not answer in time."""

from __future__ import annotations

import asyncio

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.gate import TURN_WITHIN
from bot.storage.room import Room
from bot.storage.turn_lock import TurnLocks
from bot.website.conversations import Conversations, Turn
from bot.website.errors import IdTaken, TurnFailed
from bot.website.turns import Turns

SENDER = "web-patient"


class Unreached(Conversations):
    """As those in Redis, which nobody is to ask."""

    async def turn(self, sender: str, message_id: str) -> Turn | None:
        raise AssertionError("asked")

    async def is_forgotten(self, sender: str) -> bool:
        raise AssertionError("asked")


async def unhandled(message: UserMessage) -> None:
    raise AssertionError("a turn began")


def turn(said: str) -> Turn:
    return Turn("message-1", said, "", "2026-11-23T09:00:00+00:00")


@pytest.mark.parametrize(
    ("said", "words"), [("How often is Torisel given?", "try again"), ("my chest hurts", "911")]
)
async def test_the_patient_hears_the_apology_or_what_to_do_now(said: str, words: str) -> None:
    turns = Turns("website", Unreached(), unhandled)
    with pytest.raises(TurnFailed, match=words):
        await turns.reply_when_too_busy(SENDER, turn(said))
    assert turns.under_way(SENDER) == []


async def test_too_long_a_message_is_told_so_as_always() -> None:
    replied = await Turns("website", Unreached(), unhandled).reply_when_too_busy(
        SENDER, turn("word " * 2_000)
    )
    assert [item["kind"] for item in replied["items"]] == ["too_long"]


async def test_a_message_that_is_sent_again_gets_the_reply_of_its_turn_under_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go_on = asyncio.Event()

    async def handle(message: UserMessage) -> None:
        await go_on.wait()
        await message.output_channel.send_text_message(SENDER, "Once a week.")

    turns = Turns("website", Conversations(), handle)
    first = asyncio.ensure_future(turns.reply_to(TurnLocks(), SENDER, turn("how often?")))
    while not turns.under_way(SENDER):  # noqa: ASYNC110  (each round is one of the loop)
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)
    monkeypatch.setattr(Room, "is_too_busy", True)
    again = asyncio.ensure_future(turns.reply_when_too_busy(SENDER, turn("how often?")))
    with pytest.raises(IdTaken):
        await turns.reply_when_too_busy(SENDER, turn("other words"))
    go_on.set()
    assert (await asyncio.wait_for(again, TURN_WITHIN))["text"] == "Once a week."
    assert await first == await again
