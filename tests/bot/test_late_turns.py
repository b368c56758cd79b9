"""A turn whose answer was in time, but not its end: the conversation knows of it or begins anew."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.channels import gate
from bot.channels.gate import Outcome, always_answered
from bot.storage.gaps import gaps
from bot.storage.turn_lock import TurnLocks
from bot.website.conversations import Conversations, Turn
from bot.website.turns import Turns
from knowledge.edition import current_editions

SENDER = "late patient"
Late = Callable[[UserMessage], Awaitable[None]]


@pytest.fixture(autouse=True)
def short_times(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    current_editions().latest()  # the first look at the table takes longer than these turns
    monkeypatch.setattr(gate, "TURN_WITHIN", 0.05)
    monkeypatch.setattr(gate, "KEPT_WITHIN", 60)
    yield
    gaps.discard(SENDER)


async def ask(handle: Late) -> tuple[Outcome, UserMessage]:
    message = UserMessage("how often?", CollectingOutputChannel(), SENDER, input_channel="rest")
    return await always_answered(message, handle), message


async def answer(message: UserMessage) -> None:
    await message.output_channel.send_text_message(SENDER, "Once a week.")


async def test_a_turn_that_has_answered_is_given_time_to_be_kept() -> None:
    go_on, kept = asyncio.Event(), asyncio.Event()

    async def handle(message: UserMessage) -> None:
        await answer(message)
        await go_on.wait()
        kept.set()

    outcome, message = await ask(handle)
    assert outcome is Outcome.ANSWERED
    assert [said["text"] for said in message.output_channel.messages] == ["Once a week."]
    assert gate._ending
    go_on.set()
    await asyncio.wait_for(asyncio.gather(*gate._ending), 5)
    assert kept.is_set()
    assert SENDER not in gaps


async def test_where_that_is_not_enough_the_conversation_begins_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate, "KEPT_WITHIN", 0.05)
    known_in_time = asyncio.Event()

    async def handle(message: UserMessage) -> None:
        await answer(message)
        try:
            await asyncio.sleep(60)
        finally:  # here the lock tells it to the other servers
            if SENDER in gaps:
                known_in_time.set()

    outcome, _ = await ask(handle)
    assert outcome is Outcome.ANSWERED
    await asyncio.wait_for(known_in_time.wait(), 5)


async def test_a_turn_without_an_answer_ends_at_once_and_leaves_the_memory_as_it_was() -> None:
    ended = asyncio.Event()

    async def handle(message: UserMessage) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    outcome, _ = await ask(handle)
    assert outcome is Outcome.FAILED
    await asyncio.wait_for(ended.wait(), 5)
    assert SENDER not in gaps


async def test_on_the_website_a_late_answer_is_drawn_as_what_it_is() -> None:
    """It was taken for the words about a message that is too long."""
    go_on = asyncio.Event()

    async def handle(message: UserMessage) -> None:
        await answer(message)
        await go_on.wait()

    turns = Turns("website", Conversations(), handle)
    asked = Turn("message-1", "how often?", "", "2026-01-01T00:00:00+00:00")
    reply = await turns.reply_to(TurnLocks(), SENDER, asked)
    go_on.set()
    await asyncio.wait_for(asyncio.gather(*gate._ending), 5)
    assert [(item["kind"], item["text"]) for item in reply["items"]] == [("text", "Once a week.")]
    kept = await turns.first_reply(SENDER, asked)
    assert kept is not None
    assert kept["items"] == reply["items"]
