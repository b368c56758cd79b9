"""A body that stalls, or comes byte by byte, on every route: it ends in time and blames the caller.

Stock Sanic starts its clock anew at each byte, and says after a while that the server has failed.
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from dataclasses import dataclass

from open_channels import MESSENGERS, OpenServer, Route
from raw_http import PATIENCE, Reply, parsed
from server_process import ServerProcess

WITHIN = 5.0  # seconds, of the promise
PAUSE = 0.2  # seconds between two drops
NOWHERE = (Route("POST", "/nowhere"), Route("PUT", "/webhooks/rest/webhook"), Route("GET", "/a/b"))
HEAD = "{} {} HTTP/1.1\r\nHost: bot.example\r\n{}\r\n\r\n"
# The header that announces a body, what of it comes at once, and what drips after it.
BODIES = {
    "announced": ("Content-Length: 200", b'{"message": "', b"a"),
    "chunked": ("Transfer-Encoding: chunked", b'd\r\n{"message": "\r\n', b"1\r\na\r\n"),
    "within a chunk": ("Transfer-Encoding: chunked", b"fff\r\n{", b"a"),
    "within the size of a chunk": ("Transfer-Encoding: chunked", b"", b"0"),
    "not even begun": ("Content-Length: 200", b"", b""),
    "asking whether to go on": ("Content-Length: 200\r\nExpect: 100-continue", b"", b" "),
}


@dataclass
class Slow:
    """A connection on which a body is sent too slowly; `ended` is seconds after its head."""

    route: Route
    kind: str
    connection: socket.socket
    drop: bytes
    began: float
    received: bytes = b""
    ended: float = 0.0

    def go_on(self) -> None:
        try:
            while piece := self.connection.recv(65536):
                self.received += piece
            self.ended = time.monotonic() - self.began
        except BlockingIOError:
            with suppress(OSError):
                self.connection.send(self.drop)
        except OSError:
            self.ended = time.monotonic() - self.began

    @property
    def reply(self) -> Reply:
        return parsed(self.received)


def send_slowly(server: ServerProcess, routes: list[Route]) -> list[Slow]:
    """Each kind of body to each route at once; returns when the connections are closed."""
    opened = [
        begin(server, route, kind, drips=drips)
        for route in routes
        for kind in BODIES
        for drips in (False, True)
    ]
    until = time.monotonic() + PATIENCE
    while (left := [one for one in opened if not one.ended]) and time.monotonic() < until:
        for one in left:
            one.go_on()
        time.sleep(PAUSE)
    for one in opened:
        one.connection.close()
    return opened


def begin(server: ServerProcess, route: Route, kind: str, *, drips: bool) -> Slow:
    announced, start, drop = BODIES[kind]
    connection = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
    connection.sendall(HEAD.format(route.method, route.path, announced).encode() + start)
    connection.setblocking(False)
    return Slow(route, kind, connection, drop if drips else b"", time.monotonic())


def test_on_every_route_a_slow_body_ends_in_time_and_is_no_fault_of_the_server(
    server: OpenServer, routes: list[Route]
) -> None:
    for one in send_slowly(server, [*routes, *NOWHERE]):
        assert 0 < one.ended <= WITHIN, (one.route, one.kind, one.ended)
        # What needs no body, or refuses the call anyway, was answered before.
        assert one.reply.status < 500, (one.route, one.kind, one.reply)


def test_who_sends_a_message_too_slowly_is_told(server: OpenServer) -> None:
    paths = [f"/webhooks/{channel}/webhook" for channel in ("rest", *MESSENGERS)]
    for one in send_slowly(server, [Route("POST", path) for path in paths]):
        assert one.reply.status == 408, (one.route, one.kind)
        assert one.reply.json()["error"]["text"].startswith("That took too long to arrive.")
        assert b"onnection: close" in one.received


def test_a_body_that_takes_a_while_is_waited_for(server: OpenServer) -> None:
    """A patient on a bad line is answered."""
    words = b'{"message": "How often is Torisel given?"}'
    head = HEAD.format("POST", "/webhooks/rest/webhook", f"Content-Length: {len(words)}")
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        connection.sendall(head.encode())
        for piece in (words[:20], words[20:]):
            time.sleep(1.5)
            connection.sendall(piece)
        assert b"Torisel (temsirolimus)" in connection.recv(65536)
