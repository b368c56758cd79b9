"""Reads the body of a request: no more of it, and no longer, than a patient's message needs."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from sanic.request import Request

READ_WITHIN = 5  # seconds; a message is one packet or two, even on a bad line
MOST_DISCARDED = 32 * 1024 * 1024  # bytes read past the limit, so that the caller gets the answer


class BodyTooLarge(Exception):
    """Attributes: start, the bytes up to the limit."""

    def __init__(self, start: bytes) -> None:
        super().__init__(f"a body of more than {len(start)} bytes")
        self.start = start


class BodyTooSlow(Exception):
    """It did not arrive in time."""


async def read_body(request: Request, most: int) -> bytes:
    """The body of a route with `stream=True`.

    Raises:
        BodyTooLarge: it has more than `most` bytes; nothing above them was kept.
        BodyTooSlow: it was not there within READ_WITHIN.
        SanicException: it is no body by HTTP's rules.
    """
    try:
        return await asyncio.wait_for(_read(request, most), READ_WITHIN)
    except asyncio.TimeoutError:
        _hang_up_after_the_answer(request)
        raise BodyTooSlow from None


async def _read(request: Request, most: int) -> bytes:
    kept, size = bytearray(), 0
    while request.stream is not None and (piece := await request.stream.read()):
        size += len(piece)
        kept += piece[: max(0, most - len(kept))]
        if size > MOST_DISCARDED:
            _hang_up_after_the_answer(request)
            break
    if size > most:
        raise BodyTooLarge(bytes(kept))
    return bytes(kept)


def _hang_up_after_the_answer(request: Request) -> None:
    """Sanic would wait for the rest of the body before it closes the connection."""
    if request.stream is not None:
        request.stream.request_body = None
        request.stream.keep_alive = False


def as_json(body: bytes) -> Any:
    """The value, or None for what is no JSON, of any depth."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


