"""The way in, the same for all messaging channels: who calls, what is new, and thanks at once."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, TypeVar

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.body import BodyTooLarge, read_body
from bot.channels.messaging.commands import EVERYWHERE, Command
from bot.channels.messaging.conversation import Conversations, Ways
from bot.channels.messaging.counts import counts
from bot.channels.messaging.delivery import Delivery
from bot.channels.messaging.in_order import InOrder
from bot.channels.messaging.incoming import Incoming
from bot.channels.messaging.keys import check_secret
from bot.channels.messaging.people import People, forget_address
from bot.channels.messaging.render import Part, Renderer
from bot.incoming import clean
from bot.privacy.forgetting import also_forget
from bot.safety.apology import tells_of_danger
from bot.turn_record import place_of
from bot.website.limiter import Limiter

logger = logging.getLogger(__name__)
LARGEST_BODY = 256 * 1024  # bytes; a batch of Messenger's is the largest of the vendors' requests
ALARMS_PER_MINUTE = 6  # lines of the log: nobody fills a disk with forged calls
THREADS = 8  # calls at a time, of a vendor's library that blocks
FINISH_WITHIN = 5.0  # seconds for the answers under way when the server stops
Result = TypeVar("Result")


class MessagingChannel(InputChannel, ABC):
    """A vendor's messages. docs/channels/a-new-channel.md tells what a subclass has to give."""

    prefix: ClassVar[str]  # of the senders' names in the tracker
    renderer: Renderer
    words: ClassVar[dict[str, Command]] = EVERYWHERE
    is_texting: ClassVar[bool] = False  # the rules for text messages hold: STOP, START, HELP

    def __init__(self) -> None:
        check_secret()
        counts.open(self.name())
        self._in_order = InOrder()
        self._people = People(self.name(), self.prefix)
        also_forget("messaging", forget_address)
        self._delivery = Delivery(self.name(), self.send, self._address_of, self._in_order)
        self._alarms = Limiter()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=self.name())
        self._tasks: list[asyncio.Task[None]] = []
        self._conversations: Conversations

    @abstractmethod
    def is_genuine(self, request: Request) -> bool:
        """Whether the vendor made this request; `request.body` is all of it. Constant time."""

    @abstractmethod
    def read(self, request: Request) -> Iterable[Incoming]:
        """The messages of a genuine request; empty for what is none."""

    @abstractmethod
    async def send(self, address: str, part: Part) -> None:
        """Calls the vendor once.

        Raises:
            DeliveryError: the one of errors.py that says whether another try makes sense.
        """

    def acknowledgement(self, request: Request, incoming: Sequence[Incoming]) -> HTTPResponse:
        """What the vendor wants to hear of a request that arrived."""
        return response.empty(200)

    def add_routes(self, routes: Blueprint) -> None:
        """More routes than POST /webhook."""

    async def on_start(self) -> None:
        """Runs beside the started server, such as to tell the vendor the webhook's address."""

    async def on_stop(self) -> None:
        """Runs when the server stops, such as to close connections."""

    async def in_thread(self, call: Callable[..., Result], *arguments: Any) -> Result:
        """Runs what blocks in a thread of this channel, so that nobody else waits."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        routes = Blueprint(self.name())
        self.add_routes(routes)

        @routes.post("/webhook", stream=True)
        async def webhook(request: Request) -> HTTPResponse:
            return await self._webhook(request)

        @routes.listener("after_server_start")
        async def start(app: Sanic, loop: Any) -> None:
            ways = Ways(self.name(), self.renderer, self.words, self.is_texting)
            self._conversations = Conversations(
                ways, self._people, self._delivery, on_new_message, lambda: app.ctx.agent
            )
            for work in (self._started(), self._delivery.retry_for_ever()):
                self._tasks.append(asyncio.ensure_future(work))

        @routes.listener("before_server_stop")
        async def stop(app: Sanic, loop: Any) -> None:
            for task in self._tasks:
                task.cancel()
            await self._in_order.finish(FINISH_WITHIN)
            await self.on_stop()
            self._threads.shutdown(wait=False)

        return routes

    async def _started(self) -> None:
        try:
            await self.on_start()
        except Exception as error:  # noqa: BLE001  (the other channels go on)
            logger.error("%s: did not start well: %s", self.name(), error)  # noqa: TRY400

    async def _address_of(self, sender: str) -> str | None:
        return (await self._people.read(sender)).address or None

    async def _webhook(self, request: Request) -> HTTPResponse:
        try:
            request.body = await read_body(request, LARGEST_BODY)
        except BodyTooLarge:
            return response.empty(413)
        if not self._is_genuine(request):
            counts.add(self.name(), "forged")
            if not await self._alarms.seconds_to_wait("forged", ALARMS_PER_MINUTE):
                logger.warning("%s: refused a request that the vendor did not sign", self.name())
            return response.empty(403)
        incoming = self._read(request)
        for one in incoming:
            await self._take(replace(one, text=clean(one.text)))
        return self.acknowledgement(request, incoming)

    def _is_genuine(self, request: Request) -> bool:
        try:
            return self.is_genuine(request)
        except Exception:  # noqa: BLE001  (a header or body that no vendor sends)
            return False

    def _read(self, request: Request) -> list[Incoming]:
        try:
            return [_checked(one) for one in self.read(request)]
        except Exception as error:  # noqa: BLE001  (the vendor would repeat what is not taken)
            counts.add(self.name(), "unreadable")
            kind, place = type(error).__name__, place_of(error)
            logger.error("%s: cannot read a request: %s at %s", self.name(), kind, place)  # noqa: TRY400
            return []

    async def _take(self, one: Incoming) -> None:
        sender = self._people.sender(one.person)
        counts.add(self.name(), "received")
        if await self._people.is_repeated(sender, one.message_id, one.text, is_edit=one.is_edit):
            counts.add(self.name(), "duplicate")
            return
        is_urgent = tells_of_danger(one.text)
        job = partial(self._conversations.take, sender, one)
        if not self._in_order.submit(sender, job, even_if_many=is_urgent):
            counts.add(self.name(), "limited")


def _checked(one: Incoming) -> Incoming:
    """Raises ValueError: a body that is signed may hold any type, half a character or NUL."""
    if not all(isinstance(value, str) for value in (one.person, one.address, one.message_id)):
        raise ValueError("an id is no text")
    if not all(value.isprintable() for value in (one.person, one.address, one.message_id)):
        raise ValueError("an id holds what no id has")
    return one if isinstance(one.key, str) else replace(one, key="")
