"""The widget and the schema, as they are, or gzipped for those who take it."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

STATIC = Path(__file__).with_name("static")
SERVED = {
    "/widget.js": (STATIC / "widget.js", "text/javascript; charset=utf-8"),
    "/schema.json": (Path(__file__).with_name("schema.json"), "application/schema+json"),
}
FRESH_FOR = 600  # seconds a browser may use its copy without asking


def add_to(routes: Blueprint) -> None:
    for path, (file, kind) in SERVED.items():
        routes.add_route(served(file, kind), path, name=file.stem)


def served(
    path: Path, kind: str, headers: dict[str, str] | None = None
) -> Callable[[Request], Coroutine[Any, Any, HTTPResponse]]:
    """A handler for one file, which is read once."""
    plain = path.read_bytes()
    zipped = gzip.compress(plain, 9, mtime=0)
    tag = f'"{hashlib.sha256(plain).hexdigest()[:20]}"'

    async def serve(request: Request) -> HTTPResponse:
        sent = {
            "ETag": tag,
            "Cache-Control": f"public, max-age={FRESH_FOR}",
            "Vary": "Accept-Encoding",
            "Access-Control-Allow-Origin": "*",
            **(headers or {}),
        }
        if request.headers.get("if-none-match") == tag:
            return response.empty(304, sent)
        if "gzip" in request.headers.get("accept-encoding", ""):
            sent["Content-Encoding"] = "gzip"
            return response.raw(zipped, headers=sent, content_type=kind)
        return response.raw(plain, headers=sent, content_type=kind)

    return serve
