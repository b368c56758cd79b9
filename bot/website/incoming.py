"""Reads the bodies of requests: bounded, cleaned, of the right types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sanic.exceptions import RequestTimeout
from sanic.request import Request

from bot.channels.body import BodyTooLarge, as_json, read_body
from bot.incoming import clean
from bot.website.errors import BadRequest, TooLarge, TooSlow

LARGEST_BODY = 8 * 1024  # bytes
MESSAGE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
RATINGS = ("up", "down")
REASONS = ("", "not_my_question", "hard_to_understand", "seems_wrong")


@dataclass(frozen=True)
class Asked:
    """A patient's message: what was typed, or the title and the payload of a button."""

    message_id: str
    text: str
    payload: str


@dataclass(frozen=True)
class Given:
    """Feedback on a reply. Reasons are picked, not typed: no words of patients are kept."""

    message_id: str
    rating: str
    reason: str


async def read_message(request: Request) -> Asked:
    """Raises BadRequest, TooLarge or TooSlow."""
    body = await _json(request)
    text = clean(_string(body, "text"))
    if not text:
        raise BadRequest("Please type a question first.")
    return Asked(_message_id(body, "id"), text, clean(_string(body, "payload", "")))


async def read_feedback(request: Request) -> Given:
    """Raises BadRequest, TooLarge or TooSlow."""
    body = await _json(request)
    rating = _one_of(body, "rating", RATINGS)
    return Given(_message_id(body, "message_id"), rating, _one_of(body, "reason", REASONS))


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = as_json(await read_body(request, LARGEST_BODY))
    except BodyTooLarge:
        raise TooLarge from None
    except RequestTimeout:
        raise TooSlow from None
    if not isinstance(body, dict):
        raise BadRequest("The body has to be a JSON object.")
    return body


def _string(body: dict[str, Any], name: str, default: str | None = None) -> str:
    value = body.get(name, default)
    if not isinstance(value, str):
        raise BadRequest(f"'{name}' has to be a text.")
    return value


def _message_id(body: dict[str, Any], name: str) -> str:
    value = _string(body, name)
    if not MESSAGE_ID.fullmatch(value):
        raise BadRequest(f"'{name}' has to be 8 to 64 letters, digits or hyphens.")
    return value


def _one_of(body: dict[str, Any], name: str, allowed: tuple[str, ...]) -> str:
    value = _string(body, name, allowed[0] if "" in allowed else None)
    if value not in allowed:
        raise BadRequest(f"'{name}' has to be one of: {', '.join(a for a in allowed if a)}.")
    return value
