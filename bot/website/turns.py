"""One message, one turn, one reply: however often it is sent, and to whichever server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockStore

from bot.channels.gate import Outcome, always_answered
from bot.storage.room import TooBusy
from bot.website.conversations import Conversations, Turn
from bot.website.errors import IdTaken, Refused, TokenInvalid, TurnFailed
from bot.website.reply import StructuredOutput, reply

Reply = dict[str, Any]
Handle = Callable[[UserMessage], Awaitable[Any]]


@dataclass
class _Running:
    turn: Turn
    reply: asyncio.Task[Reply]


class Turns:
    """Runs turns within the lock of their conversation; a repeated message gets the first reply."""

    def __init__(self, channel: str, conversations: Conversations, handle: Handle) -> None:
        self._channel = channel
        self._conversations = conversations
        self._handle = handle
        self._running: dict[tuple[str, str], _Running] = {}

    def under_way(self, sender: str) -> list[Turn]:
        return [one.turn for (of, _), one in self._running.items() if of == sender]

    async def first_reply(self, sender: str, turn: Turn) -> Reply | None:
        """What was replied to this message before, here or by another server.

        Raises:
            IdTaken: the message before had other words.
        """
        kept = await self._conversations.turn(sender, turn.message_id)
        if kept is None:
            return None
        if not kept.is_same_message(turn):
            raise IdTaken
        return kept.reply

    async def reply_to(self, locks: LockStore, sender: str, turn: Turn) -> Reply:
        """Raises IdTaken, TokenInvalid or TurnFailed."""
        name = (sender, turn.message_id)
        if name not in self._running:
            task = asyncio.ensure_future(self._run(locks, sender, turn))
            self._running[name] = _Running(turn, task)
            task.add_done_callback(lambda done: self._ended(name, done))
        return await self._reply_of(self._running[name], turn)

    async def reply_when_too_busy(self, sender: str, turn: Turn) -> Reply:
        """That of the same message where it is under way; no turn begins, and no Redis is asked.

        Raises:
            IdTaken: the message under way has other words.
            TurnFailed: with the words for a turn that fails.
        """
        if running := self._running.get((sender, turn.message_id)):
            return await self._reply_of(running, turn)
        output = StructuredOutput()
        message = UserMessage(turn.said, output, sender, input_channel=self._channel)
        if await always_answered(message, _refuse) is Outcome.TOO_LONG:
            return reply(turn.message_id, output.messages, "too_long")
        raise TurnFailed(output.messages[0]["text"])

    async def _reply_of(self, running: _Running, turn: Turn) -> Reply:
        """Raises IdTaken, and what the turn raises."""
        if not running.turn.is_same_message(turn):
            raise IdTaken
        # The turn goes on when this caller hangs up: a repeated request gets its reply.
        return await asyncio.shield(running.reply)

    def _ended(self, name: tuple[str, str], done: asyncio.Task[Reply]) -> None:
        del self._running[name]
        if not done.cancelled():
            done.exception()  # nobody may be left to hear it

    async def _run(self, locks: LockStore, sender: str, turn: Turn) -> Reply:
        output = StructuredOutput()
        message = UserMessage(turn.said, output, sender, input_channel=self._channel)
        outcomes: list[Reply | Refused] = []

        async def in_order(message: UserMessage) -> None:
            async with locks.lock(sender):  # Rasa's own, within, is the same one
                try:
                    outcomes.append(await self._turn(sender, turn, message))
                except Refused as refused:
                    outcomes.append(refused)
                    await output.send_text_message(sender, str(refused))  # no fault to be counted

        outcome = await always_answered(message, in_order)
        for settled in outcomes:
            if isinstance(settled, Refused):
                raise settled
            if outcome is Outcome.ANSWERED:
                return settled
        if outcome is Outcome.FAILED:
            raise TurnFailed(output.messages[0]["text"])
        kind = "too_long" if outcome is Outcome.TOO_LONG else ""
        return await self._keep(sender, turn, reply(turn.message_id, output.messages, kind))

    async def _turn(self, sender: str, turn: Turn, message: UserMessage) -> Reply:
        if await self._conversations.is_forgotten(sender):
            raise TokenInvalid
        first = await self.first_reply(sender, turn)
        output = message.output_channel
        if first is not None:
            output.messages.append({"text": first["text"]})
            return first
        if turn.payload and await self._conversations.was_offered(sender, turn.payload):
            message.text = turn.payload
        await self._handle(message)
        return await self._keep(sender, turn, reply(turn.message_id, output.messages))

    async def _keep(self, sender: str, turn: Turn, answer: Reply) -> Reply:
        offered = [b["payload"] for item in answer["items"] for b in item["buttons"]]
        if answer["items"]:
            await self._conversations.keep(sender, replace(turn, reply=answer), offered)
        return answer


async def _refuse(message: UserMessage) -> None:
    raise TooBusy("no turn can begin")
