"""Which pages may use the chat: those of the bot's own address and those the clinic lists."""

from __future__ import annotations

from urllib.parse import urlsplit

from sanic.request import Request

from knowledge.clinic import Clinic


def is_allowed(request: Request, clinic: Clinic) -> bool:
    """Programs send no origin; they hold a token or get none of a patient's words."""
    origin = request.headers.get("origin")
    if origin is None or origin in clinic.allowed_origins:
        return True
    return urlsplit(origin).netloc == request.host and bool(request.host)


def cors_headers(request: Request, clinic: Clinic) -> dict[str, str]:
    """What lets a page of an allowed origin read the answer; nothing for another page."""
    headers = {"Vary": "Origin"}
    origin = request.headers.get("origin")
    if origin is None or not is_allowed(request, clinic):
        return headers
    headers["Access-Control-Allow-Origin"] = origin
    headers["Access-Control-Expose-Headers"] = "Retry-After"
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
        headers["Access-Control-Allow-Headers"] = "authorization, content-type"
        headers["Access-Control-Max-Age"] = "600"
    return headers
