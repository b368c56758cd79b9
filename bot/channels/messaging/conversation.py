"""From one incoming message to the reply that goes out, on any messaging channel."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from bot.channels.gate import Outcome, always_answered
from bot.channels.messaging import wording
from bot.channels.messaging.commands import Command, command, number
from bot.channels.messaging.counts import counts
from bot.channels.messaging.delivery import Delivery
from bot.channels.messaging.incoming import Incoming
from bot.channels.messaging.people import People, Person
from bot.channels.messaging.render import Part, Renderer
from bot.channels.messaging.reply import Choice, Reply
from bot.errors import BotError
from bot.privacy.forgetting import forget
from bot.safety.apology import tells_of_danger
from bot.website.reply import StructuredOutput
from bot.website.sharing import limiter
from knowledge.clinic import current_clinic

logger = logging.getLogger(__name__)
FORGET_ME = "forget me"  # what the command says; the bot understands other ways too


class Collected(StructuredOutput):
    """The bot's messages of one turn, whole, under the name of the channel."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._channel = channel

    def name(self) -> str:  # type: ignore[override]  # Rasa asks the instance
        return self._channel


@dataclass(frozen=True)
class Ways:
    """What differs between channels."""

    channel: str
    renderer: Renderer
    words: dict[str, Command]
    is_texting: bool


class Conversations:
    """Takes the messages of one patient one at a time: the caller sees to that."""

    def __init__(
        self, ways: Ways, people: People, delivery: Delivery,
        handle: Callable[[UserMessage], Awaitable[Any]], agent: Callable[[], Agent],
    ) -> None:  # fmt: skip
        self._ways, self._people, self._delivery = ways, people, delivery
        self._handle, self._agent = handle, agent
        self._turns, self._notices = limiter("turns"), limiter("notices")

    async def take(self, sender: str, incoming: Incoming) -> None:
        """Answers one message, whatever it is."""
        person = await self._people.read(sender)
        person.address = incoming.address
        has_stopped = await self._people.has_stopped(sender)
        asked = command(incoming.text, self._ways.words, has_stopped=has_stopped)
        if has_stopped and asked is not Command.START:
            # Emergency words may be sent even now: 47 CFR 64.1200 (f) (4).
            if not tells_of_danger(incoming.text):
                counts.add(self._ways.channel, "stopped")
                return
            asked = None
        await self._people.write(sender, person)  # the reply needs the address
        if asked is Command.MORE and not person.rest:
            asked = None
        if asked is Command.FORGET:
            asked, incoming = None, replace(incoming, text=FORGET_ME, key="")
        if asked:
            await self._obey(sender, person, asked)
            return
        replies = await self._answers(sender, person, incoming)
        is_forgotten = any(reply.kind == "forgotten" for reply in replies)
        if is_forgotten:
            self._delivery.forget(sender)
            person = Person(person.address)
        await self._say(sender, person, replies)
        if is_forgotten:
            await self._people.forget(sender)  # the receipt needed the address once more

    async def _obey(self, sender: str, person: Person, asked: Command) -> None:
        clinic = current_clinic()
        if asked is Command.MORE:
            part = person.rest.pop(0)
            await self._people.write(sender, person)
            await self._delivery.deliver(sender, [part])
        elif asked is Command.START:
            await self._people.resume(sender)
            await self._say(sender, person, [self._response("utter_greet", wording.HOW_TO_STOP)])
        elif asked is Command.HELP and self._ways.is_texting:
            await self._say(sender, person, [Reply.words(wording.help_on_texting(clinic))])
        elif asked is Command.HELP:
            await self._say(sender, person, [self._response("utter_help")])
        else:
            await self._stop(sender, person)

    async def _stop(self, sender: str, person: Person) -> None:
        """Nothing of the conversation stays, and nothing more is sent."""
        self._delivery.forget(sender)
        try:
            await forget(self._agent().tracker_store, sender)
        except BotError as error:  # it expires all the same, and STOP has to be obeyed now
            logger.error("who stopped could not be forgotten: %s", error)  # noqa: TRY400
        await self._people.stop(sender)
        said = wording.stopped(current_clinic())
        await self._say(sender, Person(person.address), [Reply.words(said)])
        await self._people.forget(sender)

    def _response(self, name: str, texting: str = "") -> Reply:
        domain = self._agent().domain
        text: str = domain.responses[name][0]["text"] if domain else ""
        return Reply.words(f"{text.strip()} {texting if self._ways.is_texting else ''}".strip())

    async def _answers(self, sender: str, person: Person, incoming: Incoming) -> list[Reply]:
        """The replies to a message; the most urgent first."""
        clinic, text = current_clinic(), incoming.text
        wait = await self._turns.seconds_to_wait(sender, clinic.chat_turns_per_minute)
        if wait and not tells_of_danger(text):
            counts.add(self._ways.channel, "limited")
            told = bool(await self._notices.seconds_to_wait(sender, 1))
            return [] if told else [Reply.words(wording.too_many(clinic))]
        if not incoming.is_private:
            return [Reply.words(wording.IN_PRIVATE)]
        unread = [Reply.words(wording.TEXT_ONLY)] if incoming.has_media or not text else []
        if not text:
            return unread
        chosen = self._chosen(person, incoming)
        if isinstance(chosen, Reply):
            return [chosen]
        replies = sorted(await self._ask(sender, text, chosen), key=lambda r: not r.is_urgent)
        if unread and not replies[0].is_urgent:
            lines = (*unread[0].lines, *replies[0].lines)
            replies[0] = replace(replies[0], lines=lines)
        return replies

    def _chosen(self, person: Person, incoming: Incoming) -> Choice | Reply | None:
        """What a tap or a number stands for; words where the number is none of them."""
        if incoming.key:
            return person.offered.get(incoming.key)
        said = number(incoming.text)
        if said is None or not person.numbers:
            return None
        if not 1 <= said <= len(person.numbers):
            again = Reply.words(wording.number_needed(len(person.numbers)))
            return replace(again, choices=tuple(person.numbers))
        return person.numbers[said - 1]

    async def _ask(self, sender: str, text: str, chosen: Choice | None) -> list[Reply]:
        """Rasa's replies. A title is what counts where its payload was not offered lately."""
        output = Collected(self._ways.channel)
        message = UserMessage(
            chosen.payload if chosen else text, output, sender, input_channel=self._ways.channel,
            metadata={"title": chosen.title} if chosen else None,
        )  # fmt: skip
        outcome = await always_answered(message, self._handle)
        counts.add(self._ways.channel, "failed" if outcome is Outcome.FAILED else "answered")
        if outcome is Outcome.ANSWERED:
            return [Reply.of(said) for said in output.messages]
        kind = "emergency" if tells_of_danger(text) else "text"
        return [Reply.words(said["text"], kind) for said in output.messages]

    async def _say(self, sender: str, person: Person, replies: Sequence[Reply]) -> None:
        """Renders the replies and sends them; what was offered is kept for the next message."""
        if not replies:
            return
        choices = tuple(dict.fromkeys(c for reply in replies for c in reply.choices))
        drawn = [replace(reply, choices=(), more_follows=True) for reply in replies]
        drawn[-1] = replace(drawn[-1], choices=choices, more_follows=False)
        parts: list[Part] = []
        rest: list[Part] = []
        numbers: list[Choice] = []
        for reply in drawn:
            made = self._ways.renderer.render(reply)
            waits = bool(rest or (parts and self._ways.is_texting))
            (rest if waits else parts).extend(made.parts)
            rest.extend(made.rest)
            numbers.extend(made.numbers)
        person.offer(choices)
        person.numbers, person.rest = numbers, rest
        await self._people.write(sender, person)
        await self._delivery.deliver(sender, parts, urgent=replies[0].is_urgent)
