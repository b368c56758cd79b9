"""Slow callers at the proxy of deploy/: they never reach the bot, and hold up no patient."""

from __future__ import annotations

import socket
import ssl
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
import requests
import urllib3
from engines import skipped_where_missing
from open_channels import OpenServer

from benchmarks.engines.nginx import Nginx

urllib3.disable_warnings()
SLOW = 200  # connections at once
PATIENCE = 20  # seconds
WITHIN = 5.0  # seconds, of the promise
PATH = b"/webhooks/website/messages"
HEADS = {
    "a head that stalls": b"POST " + PATH + b" HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    "a body that stalls": b"POST "
    + PATH
    + b' HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{"a',
    "a chunk that stalls": b"POST " + PATH + b" HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked"
    b"\r\n\r\n5\r\n{",
}


@pytest.fixture(scope="module")
def nginx(server: OpenServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    with skipped_where_missing():
        proxy = Nginx(tmp_path_factory.mktemp("nginx"), [server.port, server.port])
    proxy.start()
    yield proxy
    proxy.stop()


def connect(nginx: Nginx) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection(("127.0.0.1", nginx.port), PATIENCE)
    return context.wrap_socket(plain)


def ask(nginx: Nginx) -> str:
    started = requests.post(f"{nginx.base}/conversations", timeout=60, verify=False)  # noqa: S501
    answered = requests.post(
        f"{nginx.base}/messages",
        json={"id": uuid.uuid4().hex, "text": "How often is Torisel given?"},
        headers={"Authorization": f"Bearer {started.json()['token']}"},
        timeout=60, verify=False,  # noqa: S501
    )  # fmt: skip
    return str(answered.json()["text"])


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_who_stalls_at_the_proxy_is_cut_and_holds_up_nobody(
    server: OpenServer, nginx: Nginx, head: bytes
) -> None:
    before = server.memory
    with ExitStack() as all_of_them:
        slow = [all_of_them.enter_context(connect(nginx)) for _ in range(SLOW)]
        for connection in slow:
            connection.sendall(head)
        begun = time.monotonic()
        assert "Torisel" in ask(nginx)
        assert time.monotonic() - begun < WITHIN
        for connection in slow:
            connection.settimeout(PATIENCE)
            with suppress(ConnectionError, ssl.SSLError):  # reset is as good as closed
                while connection.recv(4096):
                    pass
    assert server.memory - before < 60 * 1024 * 1024
