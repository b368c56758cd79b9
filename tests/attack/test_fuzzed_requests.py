"""10,000 requests of any kind, to each route: no 5xx, no silence, no word of them in a log."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from conftest import CANARY
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from raw_http import Reply, exchange, request
from server_process import ServerProcess

from bot.website.schema import schema

AT_ONCE = 20
QUICK = settings(
    deadline=None,
    database=None,
    phases=[Phase.generate],  # one request out of 20 is told below; no minutes of shrinking
    suppress_health_check=list(HealthCheck),
)
WEBSITE_ROUTES = (
    ("POST", "conversations"), ("POST", "messages"), ("POST", "feedback"), ("GET", "transcript"),
    ("GET", "config"), ("GET", "widget.js"), ("GET", "schema.json"), ("GET", "health/live"),
    ("GET", "health/ready"), ("OPTIONS", "messages"), ("DELETE", "conversation"),
)  # fmt: skip
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "X")
HOSTILE = (
    "\x00", "\ud800", "' OR 1=1 --", '"; DROP TABLE passages; --', '" OR text:*', "NEAR(a b, 2)",
    "passages_fts:*", "a* OR b^", "<script>alert(1)</script>", "{{7*7}}", "${7*7}", "%s%n%x",
    "../../etc/passwd", "/ask_schedule{\"treatment\": [\"sunitinib\"]}", "/restart", "\u202e",
    "/session_start", "😀" * 20, "\r\nSet-Cookie: a=b", "a" * 1001, "I can't breathe", "0[", "{x}",
    "What are the side effects of Sutent?", "how often is it given?",
)  # fmt: skip

texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=40),
    st.tuples(st.sampled_from(HOSTILE), st.text(max_size=10)).map(" ".join),
).map(lambda text: f"{text} {CANARY}")
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
ids = st.one_of(st.uuids().map(lambda one: one.hex), texts)
raw = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b"", b"{", b"[" * 50_000, b'{"a":' * 20_000, b"null", b'"', b"\xff\xfe"]),
)


def to_json(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


def bodies(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    """Bodies as they should be, with any field of any type, and such as are no body at all."""
    right = st.fixed_dictionaries({}, optional=fields)
    some_wrong = st.fixed_dictionaries(
        {}, optional={name: st.one_of(values, good) for name, good in fields.items()}
    )
    return st.one_of(right, some_wrong, values).map(to_json) | raw


rest_bodies = bodies(
    sender=st.sampled_from(["a", "b", "c"]) | texts, message=texts, metadata=values,
    input_channel=texts, stream=st.booleans(),
)  # fmt: skip
message_bodies = bodies(id=ids, text=texts, payload=texts)
feedback_bodies = bodies(
    message_id=ids, rating=st.sampled_from(["up", "down"]) | texts, reason=texts
)
headers = st.dictionaries(
    st.sampled_from(
        ["Origin", "Content_Type", "Accept_Encoding", "X_Forwarded_For", "If_None_Match", "Range",
         "Content_Encoding", "Cookie", "Upgrade", "Accept"]
    ),
    st.one_of(
        st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=30),
        st.sampled_from(["null", "gzip", "deflate", "chunked", "100-continue", "websocket",
                         "https://evil.example", "*/*", "bytes=0-"]),
    ),
    max_size=3,
)  # fmt: skip


def assert_held(sent: bytes, reply: Reply) -> None:
    assert 200 <= reply.status < 500, (sent[:300], reply)
    assert b"Traceback" not in reply.body
    assert b"sqlite" not in reply.body.lower()


def send_all(server: ServerProcess, sent: list[bytes]) -> list[Reply]:
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda one: exchange(server.port, one), sent))
    for one, reply in zip(sent, replies, strict=True):
        assert_held(one, reply)
    return replies


@pytest.fixture(scope="module")
def token(server: ServerProcess) -> str:
    started = requests.post(f"{server.website}/conversations", timeout=60).json()
    return str(started["token"])


@settings(QUICK, max_examples=150)
@given(st.lists(rest_bodies, min_size=AT_ONCE, max_size=AT_ONCE))
def test_rest_answers_any_body_with_words(server: ServerProcess, sent: list[bytes]) -> None:
    requests_ = [request("POST", "/webhooks/rest/webhook", body) for body in sent]
    for reply in send_all(server, requests_):
        assert reply.status == 200
        assert reply.json(), "silence"
        assert all(message["text"].strip() for message in reply.json())
        assert not any("<script" in message["text"] for message in reply.json())
        assert "nosniff" in reply.head


@settings(QUICK, max_examples=100)
@given(st.lists(message_bodies, min_size=AT_ONCE, max_size=AT_ONCE))
def test_the_website_answers_any_message_with_words(
    server: ServerProcess, token: str, sent: list[bytes]
) -> None:
    path, bearer = "/webhooks/website/messages", f"Bearer {token}"
    for reply in send_all(server, [request("POST", path, b, Authorization=bearer) for b in sent]):
        answer = reply.json()
        assert (answer.get("text") or answer["error"]["text"]).strip()


@settings(QUICK, max_examples=50)
@given(st.lists(feedback_bodies, min_size=AT_ONCE, max_size=AT_ONCE))
def test_feedback_is_refused_with_words(
    server: ServerProcess, token: str, sent: list[bytes]
) -> None:
    path, bearer = "/webhooks/website/feedback", f"Bearer {token}"
    for reply in send_all(server, [request("POST", path, b, Authorization=bearer) for b in sent]):
        assert reply.json()["error"]["text"].strip()


@settings(QUICK, max_examples=150)
@given(
    st.lists(
        st.tuples(st.sampled_from(WEBSITE_ROUTES), headers, st.binary(max_size=100), st.booleans()),
        min_size=AT_ONCE, max_size=AT_ONCE,
    )
)
def test_each_route_of_the_website_holds_any_headers_and_body(
    server: ServerProcess, token: str, sent: list[Any]
) -> None:
    send_all(
        server,
        [
            request(
                method, f"/webhooks/website/{path}", body,
                # What forgets a conversation is called without the token of the other tests.
                **({"Authorization": f"Bearer {token}"} if known and method != "DELETE" else {}),
                **heads,
            )
            for (method, path), heads, body, known in sent
        ],
    )  # fmt: skip


@settings(QUICK, max_examples=50)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(METHODS),
            st.one_of(
                st.sampled_from(["/", "/webhooks/", "/webhooks/rest/", "/webhooks/website/"]),
                st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=20),
            ),
            st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=30),
        ),
        min_size=AT_ONCE, max_size=AT_ONCE,
    )
)
def test_any_method_and_path_is_an_answer_in_json(server: ServerProcess, sent: list[Any]) -> None:
    for reply in send_all(server, [request(m, f"{start}{path}") for m, start, path in sent]):
        if reply.status >= 400 and reply.body:
            assert set(reply.json()["error"]) == {"code", "text"}


def test_the_published_schema_names_each_route_that_is_attacked() -> None:
    described = " ".join(d.get("description", "") for d in schema()["$defs"].values())
    for _, path in WEBSITE_ROUTES:
        assert path in described or path in {"widget.js", "schema.json"}
