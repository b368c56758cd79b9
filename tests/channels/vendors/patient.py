"""A patient with the vendor's app: what they do arrives at the bot as the vendor would send it."""

from __future__ import annotations

import itertools
import random
from abc import ABC, abstractmethod
from typing import Any

import requests

from vendors.loopback import Button

ANSWER_WITHIN = 60  # seconds
numbers = itertools.count(random.randrange(10**8, 10**9))  # ids that no test has used before


class Patient(ABC):
    """Each call gives the response of the bot's webhook.

    `webhook` is the address to post to. `media` are the kinds that `sends` knows.
    """

    media: tuple[str, ...] = ()

    def __init__(self, webhook: str) -> None:
        self.webhook = webhook
        self._last: tuple[bytes, dict[str, str]] = (b"", {})

    @property
    @abstractmethod
    def address(self) -> str:
        """Where the bot's replies to this patient go: a chat id, a phone number."""

    @abstractmethod
    def says(self, text: str) -> requests.Response: ...

    @abstractmethod
    def taps(self, button: Button) -> requests.Response: ...

    @abstractmethod
    def sends(self, kind: str) -> requests.Response:
        """A photo, a voice message, a sticker, a location ..."""

    @abstractmethod
    def signed(self, body: bytes) -> dict[str, str]:
        """The headers that the vendor sends with this body."""

    def post(self, body: bytes, **headers: str) -> requests.Response:
        """Signed as the vendor does; a header given here replaces the right one."""
        all_headers = {**self.signed(body), **headers}
        self._last = (body, all_headers)
        return self._send(body, all_headers)

    def delivered_again(self, **headers: str) -> requests.Response:
        """The same delivery a second time, byte for byte, with more headers if given."""
        body, first = self._last
        return self._send(body, {**first, **headers})

    def _send(self, body: bytes, headers: dict[str, Any]) -> requests.Response:
        kept = {name: value for name, value in headers.items() if value}
        return requests.post(self.webhook, data=body, headers=kept, timeout=ANSWER_WITHIN)
