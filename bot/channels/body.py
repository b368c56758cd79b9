"""Reads the body of a request: no more of it than a patient's message needs.

How long it may take is the web server's to say, for all routes alike (bot/web_server.py).
"""

from __future__ import annotations

import json
from typing import Any

from sanic.request import Request

MOST_DISCARDED = 32 * 1024 * 1024  # bytes read past the limit, so that the caller gets the answer


class BodyTooLarge(Exception):
    """Attributes: start, the bytes up to the limit."""

    def __init__(self, start: bytes) -> None:
        super().__init__(f"a body of more than {len(start)} bytes")
        self.start = start


async def read_body(request: Request, most: int) -> bytes:
    """The body of a route with `stream=True`.

    Raises:
        BodyTooLarge: it has more than `most` bytes; nothing above them was kept.
        SanicException: it is no body by HTTP's rules, or not there in time (RequestTimeout).
    """
    kept, size = bytearray(), 0
    while request.stream is not None and (piece := await request.stream.read()):
        size += len(piece)
        kept += piece[: max(0, most - len(kept))]
        if size > MOST_DISCARDED:
            # Sanic would wait for the rest of the body before it closes the connection.
            request.stream.request_body, request.stream.keep_alive = None, False
            break
    if size > most:
        raise BodyTooLarge(bytes(kept))
    return bytes(kept)


def as_json(body: bytes) -> Any:
    """The value, or None for what is no JSON, of any depth."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


