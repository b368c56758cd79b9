"""A vendor's web server on this machine: it keeps what it got, and can be slow, down or unkind."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from typing_extensions import Self

START_WITHIN = 10  # seconds


@dataclass(frozen=True)
class Reply:
    """What the vendor's server answers."""

    body: Mapping[str, Any]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class VendorError(Exception):
    """The vendor's way to say no."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(str(reply.body))
        self.reply = reply


@dataclass(frozen=True)
class Call:
    """A request of the bot: the method of the vendor's API, its fields, and the answer."""

    method: str
    fields: dict[str, Any]
    reply: Reply
    at: float  # monotonic seconds

    @property
    def accepted(self) -> bool:
        return self.reply.status < 300 and self.reply.body.get("ok", True) is True


@dataclass(frozen=True)
class Button:
    title: str
    payload: str


@dataclass(frozen=True)
class Shown:
    """A message as the patient sees it: markup resolved, buttons below, row by row."""

    to: str
    text: str
    rows: tuple[tuple[Button, ...], ...] = ()

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(button for row in self.rows for button in row)

    def button(self, title: str) -> Button:
        found = {button.title: button for button in self.buttons}
        assert title in found, f"no button '{title}' among {list(found)}"
        return found[title]


class Vendor(ABC):
    """Used as a context manager; `address` is where the vendor's library has to be pointed."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._delay = 0.0
        self._open_gate = threading.Event()
        self._open_gate.set()
        self._next: deque[Reply] = deque()
        self._changed = threading.Condition()
        self._port = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._runner: web.AppRunner | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    # What each vendor tells of itself.

    @abstractmethod
    def answer(self, request: web.Request, fields: dict[str, Any]) -> Reply:
        """Raises VendorError where the vendor would refuse."""

    @abstractmethod
    def too_many(self, seconds: int) -> Reply:
        """The rate limit's answer: come back after so many seconds."""

    @abstractmethod
    def unwanted(self) -> Reply:
        """The answer for a patient who has blocked the bot."""

    @abstractmethod
    def broken(self) -> Reply:
        """The answer while something fails on the vendor's side."""

    @abstractmethod
    def shown_by(self, call: Call) -> Shown | None:
        """What the call puts on the patient's screen, if anything."""

    def method_of(self, request: web.Request) -> str:
        return request.path.rpartition("/")[2]

    # What a test makes of it.

    def slow(self, seconds: float) -> None:
        """From now on each request waits so long before it is taken."""
        self._delay = seconds

    def hold(self) -> None:
        """From now on each request waits until `release`."""
        self._open_gate.clear()

    def release(self) -> None:
        self._open_gate.set()

    def limit(self, times: int = 1, seconds: int = 1) -> None:
        self._next.extend([self.too_many(seconds)] * times)

    def refuse(self, times: int = 1) -> None:
        self._next.extend([self.unwanted()] * times)

    def stumble(self, times: int = 1) -> None:
        self._next.extend([self.broken()] * times)

    def down(self) -> None:
        """Nobody listens at the address any more."""
        if self._runner:
            self._run(self._runner.cleanup())
            self._runner = None

    def up(self) -> None:
        if self._runner is None:
            self._run(self._open())

    def calm(self) -> None:
        """As new: nothing received, nothing wrong."""
        self.up()
        self.release()
        self._delay = 0.0
        self._next.clear()
        self.calls.clear()

    def shown(self, to: str | None = None) -> list[Shown]:
        """What patients saw, in order; of one patient where `to` is given."""
        seen = [self.shown_by(call) for call in list(self.calls) if call.accepted]
        return [message for message in seen if message and to in (None, message.to)]

    def wait_for(self, is_enough: Callable[[], Any], within: float = 30) -> None:
        """Returns as soon as it is so; it is looked at after each request."""
        with self._changed:
            assert self._changed.wait_for(is_enough, within), f"not within {within} s"

    # The server.

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._port = _free_port()
        self.up()
        return self

    def __exit__(self, *exception: object) -> None:
        self.down()
        assert self._loop
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self, work: Any) -> Any:
        assert self._loop, "use it as a context manager"
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(START_WITHIN)

    async def _open(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    async def _serve(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        if self._delay:
            await asyncio.sleep(self._delay)
        await asyncio.to_thread(self._open_gate.wait)
        reply = self._next.popleft() if self._next else self._judged(request, fields)
        with self._changed:
            self.calls.append(Call(self.method_of(request), fields, reply, time.monotonic()))
            self._changed.notify_all()
        return web.json_response(reply.body, status=reply.status, headers=reply.headers)

    def _judged(self, request: web.Request, fields: dict[str, Any]) -> Reply:
        try:
            return self.answer(request, fields)
        except VendorError as refused:
            return refused.reply


async def _fields(request: web.Request) -> dict[str, Any]:
    """Query, form and JSON alike."""
    fields: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = json.loads(await request.text() or "{}")
        return {**fields, **body}
    return {**fields, **await request.post()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
