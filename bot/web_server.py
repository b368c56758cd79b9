"""Limits of the web server, and words for what it refuses itself.

The server stands behind a proxy or on this machine alone; it holds its own all the same.
"""

from __future__ import annotations

import logging
from typing import Any

from sanic import Sanic, response
from sanic.compat import Header
from sanic.exceptions import InvalidUsage, PayloadTooLarge, RequestTimeout, SanicException
from sanic.handlers import ErrorHandler
from sanic.http import Http, Stage
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.server.protocols.http_protocol import HttpProtocol

from bot.channels.gate import clinic_or_defaults
from bot.turn_record import place_of

logger = logging.getLogger(__name__)
MOST_CONNECTIONS = 1_000  # each may hold a buffer; files and memory are not endless
ARRIVES_WITHIN = 4.5  # seconds for a request, head and body; a message is a packet or two
SETTINGS = {
    "REQUEST_MAX_SIZE": 1024 * 1024,  # 100 MB by default; routes for messages have their own
    "REQUEST_MAX_HEADER_SIZE": 8 * 1024,  # a browser sends one or two
    "REQUEST_BUFFER_SIZE": 64 * 1024,  # read ahead of the handler, for each connection
    "REQUEST_TIMEOUT": 5,  # seconds of silence in a head; ARRIVES_WITHIN is the limit in all
    "RESPONSE_TIMEOUT": 15,  # seconds for the handler: three times what a turn may take
    "KEEP_ALIVE_TIMEOUT": 75,  # longer than a proxy keeps its idle connections (nginx: 60)
    "GRACEFUL_SHUTDOWN_TIMEOUT": 6,  # seconds: a turn under way ends with its words
    "ACCESS_LOG": False,  # addresses of patients
}
WORDS = {
    400: ("bad_request", "I could not read that request."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that kind of request."),
    408: ("too_slow", "That took too long to arrive. Please try again."),
    413: ("too_large", "That is too long for me. Please ask in a sentence or two."),
}


class WordsForErrors(ErrorHandler):
    """Short words as JSON: Sanic's pages show paths, and its log the values of the stack."""

    def default(self, request: Request, exception: Exception) -> HTTPResponse:
        status, headers = _status(request, exception)
        if status >= 500:
            logger.error("request failed: %s at %s", type(exception).__name__, place_of(exception))
        code, text = WORDS.get(status) or ("failed", _sorry())
        if status < 500 and status not in WORDS:
            code, text = WORDS[400]
        return response.json({"error": {"code": code, "text": text}}, status, headers)


def _status(request: Request, exception: Exception) -> tuple[int, dict[str, Any]]:
    if isinstance(exception, SanicException):
        headers = getattr(exception, "headers", None) or {}
        return getattr(exception, "status_code", None) or 500, headers
    # Sanic stumbles over some heads ("Content-Length: x") before it has looked for the route.
    return (400 if request.route is None else 500), {}


def _sorry() -> str:
    clinic = clinic_or_defaults()
    return (
        "I am sorry, something went wrong on my side. If it cannot wait, contact "
        f"{clinic.contact}; in an emergency call {clinic.emergency_number}."
    )


class CheckedRequest(Request):
    """Refuses a head that says its body's length in no way, or in two.

    "Content-Length: -5" keeps Sanic 21.12 reading for ever, and nobody else is answered. Of two
    lengths a proxy may believe the other one, and take the rest for a request of somebody else.
    """

    def __init__(self, url_bytes: bytes, headers: Header, *args: Any, **kwargs: Any) -> None:
        lengths, codings = headers.getall("content-length", []), _codings(headers)
        if len(lengths) + len(codings) > 1 or any(coding != "chunked" for coding in codings):
            raise InvalidUsage("a length in two ways")
        if not all(length.isascii() and length.isdigit() for length in lengths):
            raise InvalidUsage("no length")
        super().__init__(url_bytes, headers, *args, **kwargs)


def _codings(headers: Header) -> list[str]:
    return [coding.strip() for coding in headers.getall("transfer-encoding", [])]


def guard(app: Sanic) -> None:
    """Applies the limits, after Rasa has set its own."""
    app.error_handler = WordsForErrors()
    app.request_class = CheckedRequest

    async def limit(app: Sanic, loop: Any) -> None:
        app.config.update(SETTINGS)
        Http.set_header_max_size(app.config.REQUEST_MAX_HEADER_SIZE)

    app.register_listener(limit, "before_server_start")


_stock_connection_made = HttpProtocol.connection_made
_stock_receive_more = HttpProtocol.receive_more
_stock_init_for_request = Http.init_for_request


def _connection_made(self: HttpProtocol, transport: Any) -> None:
    """Sanic 21.12 takes connections until the process has no files left."""
    if len(self.connections) >= MOST_CONNECTIONS:
        transport.abort()
        return
    _stock_connection_made(self, transport)  # type: ignore[no-untyped-call]


def _init_for_request(self: Http) -> None:
    _stock_init_for_request(self)  # type: ignore[no-untyped-call]
    self.protocol.ctx.arrives_by = None


async def _receive_more(self: HttpProtocol) -> None:
    """Waits for bytes of one request no longer than ARRIVES_WITHIN in all, on whatever route.

    Sanic 21.12 starts its clock anew at each byte: a request may arrive byte by byte for ever. And
    where a body stalls it says after RESPONSE_TIMEOUT that the server has failed.

    Raises:
        RequestTimeout: the head or the body is not there in time.
        PayloadTooLarge: the rest of a body is not, whose request was answered without it.
    """
    http, times = self._http, self.ctx
    is_answered = http.stage is Stage.IDLE
    if is_answered and not http.request_body:  # between two requests
        await _stock_receive_more(self)  # type: ignore[no-untyped-call]
        return
    now, had = self.loop.time(), len(self.recv_buffer)
    times.arrives_by = times.arrives_by or now + ARRIVES_WITHIN
    alarm = self.loop.call_later(times.arrives_by - now, self._data_received.set)
    try:
        await _stock_receive_more(self)  # type: ignore[no-untyped-call]
    finally:
        alarm.cancel()
    if len(self.recv_buffer) == had and self.loop.time() >= times.arrives_by:
        http.request_body, http.keep_alive = None, False  # Sanic would wait for the rest again
        # It hangs up without a word at the second, and logs any other after an answer.
        raise PayloadTooLarge("too slow") if is_answered else RequestTimeout("too slow")


_stock_create_empty_request = Http.create_empty_request


def _create_empty_request(self: Http) -> None:
    """Sanic 21.12 parses a path that it could not parse once more, for the error's own answer.

    So it says nothing, and logs the path with a traceback.
    """
    self.url = None
    _stock_create_empty_request(self)


def mend_sanic() -> None:
    Http.create_empty_request = _create_empty_request  # type: ignore[method-assign]
    HttpProtocol.connection_made = _connection_made  # type: ignore[method-assign]
    HttpProtocol.receive_more = _receive_more  # type: ignore[method-assign, assignment]
    Http.init_for_request = _init_for_request  # type: ignore[method-assign]
