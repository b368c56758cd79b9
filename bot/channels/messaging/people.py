"""Who writes: a keyed hash for the tracker, and apart from it, sealed, what a reply needs."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from cryptography.fernet import InvalidToken

from bot.channels.messaging.keys import cipher_for, keyed_hash
from bot.channels.messaging.render import Part
from bot.channels.messaging.reply import Choice
from bot.channels.messaging.store import Store, current_store
from bot.storage.errors import RedisDown

KEPT_FOR = 24 * 60 * 60  # seconds since the last message; vendors repeat a delivery this long too
MOST_OFFERED = 60  # buttons, the latest
PURPOSE = "person"


@dataclass
class Person:
    """What is kept of a patient between two messages."""

    address: str = ""
    offered: dict[str, Choice] = field(default_factory=dict)  # by the key of its button
    numbers: list[Choice] = field(default_factory=list)  # what "1", "2" ... stand for now
    rest: list[Part] = field(default_factory=list)  # what MORE brings

    def offer(self, choices: tuple[Choice, ...]) -> None:
        for choice in choices:
            self.offered.pop(choice.key, None)
            self.offered[choice.key] = choice
        while len(self.offered) > MOST_OFFERED:
            del self.offered[next(iter(self.offered))]


class People:
    """The patients of one channel."""

    def __init__(self, channel: str, prefix: str, store: Store | None = None) -> None:
        self._channel, self._prefix = channel, prefix
        self._store = store or current_store()

    def sender(self, person: str) -> str:
        """The name that the tracker knows, such as "tg-" and 40 hex characters."""
        return f"{self._prefix}-{keyed_hash(f'sender {self._channel}', person)}"

    async def read(self, sender: str) -> Person:
        sealed = await self._store.get(_key(sender))
        if sealed is None:
            return Person()
        try:
            data = json.loads(cipher_for(PURPOSE).decrypt(sealed, ttl=KEPT_FOR))
        except InvalidToken:  # expired, or sealed with a secret of before
            return Person()
        return Person(
            data["address"], {key: Choice(**c) for key, c in data["offered"].items()},
            [Choice(**c) for c in data["numbers"]], [_part(part) for part in data["rest"]],
        )  # fmt: skip

    async def write(self, sender: str, person: Person) -> None:
        sealed = cipher_for(PURPOSE).encrypt(json.dumps(asdict(person)).encode())
        await self._store.swap(_key(sender), sealed, KEPT_FOR)

    async def forget(self, sender: str) -> None:
        await self._store.delete(_key(sender))

    async def is_repeated(self, sender: str, message_id: str, text: str, *, is_edit: bool) -> bool:
        """Whether this delivery was seen before; an edit, whether it changed no word."""
        name = keyed_hash(f"message {self._channel}", f"{sender} {message_id}")
        words = keyed_hash("words", text).encode()
        before = await self._store.swap(f"seen:{name}", words, KEPT_FOR)
        return before == words if is_edit else before is not None

    async def has_stopped(self, sender: str) -> bool:
        return await self._store.get(f"stopped:{sender}") is not None

    async def stop(self, sender: str) -> None:
        await self._store.swap(f"stopped:{sender}", b"1", None)

    async def resume(self, sender: str) -> None:
        with suppress(RedisDown):  # START can be sent again
            await self._store.delete(f"stopped:{sender}")


async def forget_address(sender: str) -> None:
    """Deletes all that is kept of a sender for replies, on whichever messaging channel.

    That a patient told us to stop stays: it has to be kept to be obeyed.

    Raises:
        RedisDown: it may be left there.
    """
    await current_store().delete(_key(sender))


def _key(sender: str) -> str:
    return f"person:{sender}"


def _part(data: dict[str, Any]) -> Part:
    return Part(**{**data, "choices": tuple(Choice(**choice) for choice in data["choices"])})
