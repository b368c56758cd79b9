"""Brings parts to the vendor: in order, with time-outs and a few tries; kept where it is down."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.channels.messaging.counts import Counts, counts
from bot.channels.messaging.errors import (
    DeliveryError,
    MarkupRefused,
    VendorBusy,
    VendorDown,
    VendorRefused,
)
from bot.channels.messaging.in_order import InOrder
from bot.channels.messaging.render import Part

logger = logging.getLogger(__name__)
Send = Callable[[str, Part], Awaitable[None]]
PAUSES = (1.0, 3.0)  # seconds before the second and third try
LONGEST_PAUSE = 30.0  # seconds; a vendor that asks for more gets the part later
SEND_WITHIN = 20.0  # seconds
FIRST_RETRY, LAST_RETRY = 5.0, 60.0  # seconds between looks at what is kept
KEPT_FOR = 60 * 60  # seconds; an answer of long ago only confuses
MOST_KEPT = 1_000  # patients


@dataclass
class Kept:
    """Parts that the vendor did not take yet."""

    parts: list[Part]
    since: float


class Delivery:
    """One channel's way out. `address_of` gives None for a patient who is forgotten."""

    def __init__(
        self, channel: str, send: Send, address_of: Callable[[str], Awaitable[str | None]],
        in_order: InOrder, *, pauses: Sequence[float] = PAUSES, counted: Counts = counts,
    ) -> None:  # fmt: skip
        self._channel, self._send, self._address_of = channel, send, address_of
        self._in_order, self._pauses, self._counts = in_order, pauses, counted
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    async def deliver(self, sender: str, parts: Sequence[Part], *, urgent: bool = False) -> None:
        """Sends the parts after those kept from before; urgent ones ahead of them."""
        kept = self._kept.pop(sender, None)
        late = kept.parts if kept else []
        queue = [*parts, *late] if urgent else [*late, *parts]
        await self._send_all(sender, queue, kept.since if kept else time.monotonic())

    def forget(self, sender: str) -> None:
        self._kept.pop(sender, None)

    async def retry_for_ever(self) -> None:
        pause = FIRST_RETRY
        while True:
            await asyncio.sleep(pause)
            self.retry()
            pause = min(pause * 2, LAST_RETRY) if self._kept else FIRST_RETRY

    def retry(self) -> None:
        """Tries the patient who waits longest; where that goes well, the next one."""
        now = time.monotonic()
        for sender in [s for s, kept in self._kept.items() if now - kept.since > KEPT_FOR]:
            self._count("given_up", len(self._kept.pop(sender).parts))
        if self._kept:
            self._in_order.submit(sender := next(iter(self._kept)), lambda: self._again(sender))

    async def _again(self, sender: str) -> None:
        await self.deliver(sender, ())
        if sender not in self._kept:
            self.retry()

    async def _send_all(self, sender: str, queue: Sequence[Part], since: float) -> None:
        for at, part in enumerate(queue):
            try:
                if not await self._try_to_send(sender, part):
                    return  # forgotten: nothing may be sent any more
            except VendorRefused as error:
                logger.warning("%s refuses a message: %s", self._channel, error)
                self._count("refused", len(queue) - at)
                return
            except DeliveryError as error:
                logger.warning("%s does not take messages: %s", self._channel, error)
                self._keep(sender, Kept(list(queue[at:]), since))
                return

    def _keep(self, sender: str, kept: Kept) -> None:
        self._kept[sender] = kept
        self._count("kept", len(kept.parts))
        if len(self._kept) > MOST_KEPT:
            _, oldest = self._kept.popitem(last=False)
            self._count("given_up", len(oldest.parts))

    async def _try_to_send(self, sender: str, part: Part) -> bool:
        """Whether it was sent; False where there is no address any more.

        Raises:
            DeliveryError: of the last try.
        """
        for pause in (*self._pauses, None):
            address = await self._address_of(sender)
            if address is None:
                return False
            try:
                await self._send_once(address, part)
            except (VendorDown, VendorBusy) as error:
                wait = error.retry_after if isinstance(error, VendorBusy) else pause
                if pause is None or wait is None or wait > LONGEST_PAUSE:
                    raise
                self._count("retried")
                await asyncio.sleep(wait)
            else:
                self._count("sent")
                return True
        return False

    async def _send_once(self, address: str, part: Part) -> None:
        try:
            await asyncio.wait_for(self._send(address, part), SEND_WITHIN)
        except asyncio.TimeoutError:
            raise VendorDown(f"no answer within {SEND_WITHIN:g} s") from None
        except MarkupRefused as error:
            if part.is_plain:
                raise
            logger.warning("%s refuses markup, sent without: %s", self._channel, error)
            await self._send_once(address, part.as_plain())

    def _count(self, event: str, times: int = 1) -> None:
        for _ in range(times):
            self._counts.add(self._channel, event)
