"""HTTP against its own rules: slow, endless, oversized, malformed; nobody else is held up by it."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from contextlib import ExitStack
from pathlib import Path

import pytest
from open_channels import CANARY
from raw_http import PATIENCE, exchange, read_reply, request
from server_process import ServerProcess

from bot.web_server import ARRIVES_WITHIN, MOST_CONNECTIONS
from bot.website.files import STATIC

REST = "/webhooks/rest/webhook"
LARGE = 10_000_000  # bytes
MOST_MEMORY = 60 * 1024 * 1024  # bytes that an attack may take of the server for good
QUESTION = b'{"sender": "a", "message": "How often is Torisel given?"}'


def test_10_mb_of_text_is_answered_with_words(server: ServerProcess) -> None:
    before = server.memory
    for message in ("a" * LARGE, f"I can't breathe {CANARY} " * (LARGE // 26)):
        for sender in ("b", "b" * LARGE):
            body = f'{{"message": "{message}", "sender": "{sender}"}}'.encode()
            reply = exchange(server.port, request("POST", REST, body))
            assert reply.status == 200
            text = reply.json()[0]["text"]
            assert ("Call 911 now" if "breathe" in message else "too long for me") in text
    assert server.memory - before < MOST_MEMORY


def test_10_mb_over_the_website_is_refused_with_words(server: ServerProcess) -> None:
    token = exchange(server.port, request("POST", "/webhooks/website/conversations")).json()
    reply = exchange(
        server.port,
        request(
            "POST", "/webhooks/website/messages", b"a" * 900_000,
            Authorization=f"Bearer {token['token']}",
        ),
    )  # fmt: skip
    assert reply.status == 413
    assert "too long for me" in reply.json()["error"]["text"]


@pytest.mark.parametrize("path", [REST, "/webhooks/website/messages", "/", "/webhooks/website/"])
def test_a_body_without_end_is_cut_and_takes_no_memory(server: ServerProcess, path: str) -> None:
    before, piece = server.memory, b"ffff\r\n" + b"a" * 0xFFFF + b"\r\n"
    head = request("POST", path, Transfer_Encoding="chunked").replace(b"Content-Length: 0\r\n", b"")
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        connection.sendall(head)
        sent = 0
        try:
            while sent < 200:  # 13 MB a second at least, if nobody stops it
                connection.sendall(piece * 10)
                sent += 1
        except OSError:
            pass
    assert server.memory - before < MOST_MEMORY


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_decompression_bomb_stays_packed(server: ServerProcess, coding: str) -> None:
    before, text = server.memory, b'{"message": "' + b"a" * 300_000_000 + b'"}'
    bomb = gzip.compress(text, 1) if coding == "gzip" else zlib.compress(text, 1)
    reply = exchange(server.port, request("POST", REST, bomb[:400_000], Content_Encoding=coding))
    assert reply.status == 200
    assert "did not understand" in reply.json()[0]["text"]
    assert server.memory - before < MOST_MEMORY


@pytest.mark.parametrize(
    "head",
    [
        b"X-Long: " + b"a" * 100_000,
        b"".join(b"X-%d: a\r\n" % number for number in range(5_000)).strip(),
        b"Cookie: " + b"a=b; " * 20_000,
        b"a" * 100_000,
    ],
    ids=["a long header", "many headers", "many cookies", "a line without end"],
)
def test_a_flood_of_headers_is_refused(server: ServerProcess, head: bytes) -> None:
    sent = b"GET / HTTP/1.1\r\nHost: bot.example\r\n" + head + b"\r\n\r\n"
    assert exchange(server.port, sent).status in {413, 0}  # cut off while it was still sending


@pytest.mark.parametrize(
    "lines",
    [
        "POST {} HTTP/1.1\r\nContent-Length: -5",
        "POST {} HTTP/1.1\r\nContent-Length: abc",
        "POST {} HTTP/1.1\r\nContent-Length: 99999999999999999999999999",
        "POST {} HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6",
        "POST {} HTTP/1.1\r\nTransfer-Encoding: gzip",
        "POST {} HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3",
        "POST {} HTTP/1.1\r\nExpect: something",
        "POST {} HTTP/9.9",
        "POST {}",
        "{}",
        "POST  {}  HTTP/1.1",
        "POST {} HTTP/1.1\r\nno colon",
        "POST {} HTTP/1.1\r\n: no name",
        "POST {} HTTP/1.1\r\nHost: \x00\x01",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 {}",
        "PRI * HTTP/2.0 {}",
        "GET {}\x00 HTTP/1.1",
        "GET http://evil.example{} HTTP/1.1",
        "GET //evil.example{} HTTP/1.1",
    ],
)
def test_a_head_against_the_rules_is_an_answer_below_500(server: ServerProcess, lines: str) -> None:
    sent = lines.format(REST).encode("latin-1") + b"\r\nConnection: close\r\n\r\n{}\r\n0\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        assert read_reply(connection).status < 500


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd",
        "/webhooks/website/../../../clinic.yml", "/webhooks/website/..%5c..%5cclinic.yml",
        "/webhooks/website/widget.js/../token.py", "/webhooks/website/widget.js%00.css",
        "/demo.css/..", "/static/widget.js", "/webhooks/website/static/widget.js",
        "/webhooks/website//widget.js", "//etc/passwd", "/.git/config", "/models/carecite.tar.gz",
        "/webhooks/website/%2e%2e%2f%2e%2e%2fbuild%2fwebsite_secret", "/demo.css%2f..%2fdemo.html",
        "/webhooks/website/widget%2ejs%2f%2e%2e", "/%c0%ae%c0%ae/etc/passwd", "/metrics",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_files_that_are_served(server: ServerProcess, path: str) -> None:
    reply = exchange(server.port, request("GET", path))
    served = {file.read_bytes() for file in STATIC.iterdir()}
    assert reply.status in {400, 404} or reply.body in served, reply
    assert b"root:" not in reply.body


def open_connections(server: ServerProcess, sent: bytes, number: int) -> list[socket.socket]:
    opened = []
    for _ in range(number):
        connection = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
        connection.sendall(sent)
        opened.append(connection)
    return opened


def test_heads_that_come_byte_by_byte_are_cut_and_hold_up_nobody(server: ServerProcess) -> None:
    """Stock Sanic starts its clock anew at each byte."""
    opened = open_connections(server, b"GET / HTTP/1.1\r\nX-Slow: ", 100)
    until = time.monotonic() + 3 * ARRIVES_WITHIN
    with ExitStack() as all_of_them:
        for connection in opened:
            all_of_them.enter_context(connection)
            connection.settimeout(0.01)
        alive, replies = list(opened), []
        while alive and time.monotonic() < until:
            for connection in list(alive):
                try:
                    connection.sendall(b"a")
                    if (said := connection.recv(4096)) or said == b"":
                        replies.append(said)
                        alive.remove(connection)
                except TimeoutError:
                    continue
                except OSError:
                    alive.remove(connection)
            assert "Torisel" in server.ask("How often is Torisel given?")
        assert alive == []
        assert any(b"408" in said for said in replies)


def test_more_connections_than_the_server_holds_are_closed(server: ServerProcess) -> None:
    before = server.memory
    with ExitStack() as all_of_them:
        for connection in open_connections(server, b"", MOST_CONNECTIONS + 50):
            all_of_them.enter_context(connection)
        files = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
        assert files < MOST_CONNECTIONS + 100
    assert server.memory - before < MOST_MEMORY


def test_callers_that_hang_up_leave_nothing_behind(server: ServerProcess) -> None:
    before = server.memory
    for _ in range(300):
        with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
            connection.sendall(request("POST", REST, QUESTION))
    assert server.memory - before < MOST_MEMORY


def test_a_pipeline_of_requests_is_answered_in_order(server: ServerProcess) -> None:
    one = request("GET", "/webhooks/rest/").replace(b"Connection: close", b"Connection: keep-alive")
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        connection.sendall(one * 50 + request("GET", "/health/live"))
        assert read_reply(connection).body.count(b'"status":"ok"') == 51
