"""10,000 requests of any kind, to each route: no 5xx, no silence, no word of them in a log."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from open_channels import CANARY, MESSENGERS, OpenServer, Route
from raw_http import Reply, exchange, request
from vendors.loopback import Button
from vendors.patient import Patient

AT_ONCE = 50
# Requests of each kind, in batches of AT_ONCE.
REST, MESSAGES, FEEDBACK, WEBSITE = 2_000, 1_500, 500, 1_500
ANY_ROUTE, ANY_PATH, SIGNED, FORGED = 1_500, 500, 400, 100
QUICK = settings(
    deadline=None,
    database=None,
    phases=[Phase.generate],  # the request is told below; no minutes of shrinking
    suppress_health_check=list(HealthCheck),
)
WEBSITE_ROUTES = (
    ("POST", "conversations"), ("POST", "messages"), ("POST", "feedback"), ("GET", "transcript"),
    ("GET", "config"), ("OPTIONS", "messages"), ("DELETE", "conversation"),
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


# --- what messengers send -------------------------------------------------------------------------


def deliveries(patient: Patient) -> list[bytes]:
    """Bodies as the vendor sends them: each thing that a patient can do."""
    made: list[bytes] = []

    def keep(body: bytes, **headers: str) -> requests.Response:
        made.append(body)
        return requests.Response()

    patient.post = keep  # type: ignore[method-assign]
    try:
        patient.says(f"How often is Torisel given? {CANARY}")
        patient.says(f"my chest hurts and I can't breathe {CANARY}")
        patient.says("STOP")
        patient.taps(Button(f"How often? {CANARY}", "0123456789abcdef0123"))
        for kind in patient.media:
            patient.sends(kind)
        if isinstance(edits := getattr(patient, "edits", None), Callable):
            edits(f"How does it work? {CANARY}")
    finally:
        del patient.post
    return made


def spoiled(body: bytes, draw: Callable[[st.SearchStrategy[Any]], Any]) -> bytes:
    """The body with one of its values replaced by any other, or taken away."""
    try:
        whole = json.loads(body)
    except ValueError:  # a form
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
        name = draw(st.sampled_from(sorted(fields)))
        inside = fields[name]
        if inside.startswith("{"):  # Slack's taps: JSON in a form
            fields[name] = spoiled(inside.encode(), draw).decode("utf-8", "replace")
        else:
            fields[name] = str(draw(values))
        return urlencode(fields, errors="replace").encode()
    holder, key = draw(st.sampled_from(list(places(whole))))
    if draw(st.booleans()):
        holder[key] = draw(values)
    else:
        del holder[key]
    return to_json(whole)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Where values stand in a JSON value, at any depth."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        yield value, key
        if isinstance(inner, (dict, list)):
            yield from places(inner)


def signed(patient: Patient, body: bytes) -> bytes:
    """A request with this body, by whoever has the vendor's secret."""
    try:
        given = patient.signed(body)
    except (UnicodeDecodeError, AssertionError):  # the vendor's own library cannot sign it
        given = {}
    heads = {name.replace("-", "_"): value for name, value in given.items()}
    return request("POST", requests.utils.urlparse(patient.webhook).path, body, **heads)


# --- the requests ---------------------------------------------------------------------------------


def assert_held(sent: bytes, reply: Reply) -> None:
    assert 200 <= reply.status < 500, (sent[:600], reply)
    assert b"Traceback" not in reply.body
    assert b"sqlite" not in reply.body.lower()


def send_all(server: OpenServer, sent: list[bytes]) -> list[Reply]:
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda one: exchange(server.port, one), sent))
    for one, reply in zip(sent, replies, strict=True):
        assert_held(one, reply)
    return replies


def batches(of: int, one: st.SearchStrategy[Any]) -> Callable[[Any], Any]:
    """Runs a test with lists of AT_ONCE, until there were `of` in all."""

    def decorate(test: Any) -> Any:
        many = st.lists(one, min_size=AT_ONCE, max_size=AT_ONCE)
        return settings(QUICK, max_examples=of // AT_ONCE)(given(sent=many)(test))

    return decorate


@pytest.fixture(scope="module")
def token(server: OpenServer) -> str:
    started = requests.post(f"{server.website}/conversations", timeout=60).json()
    return str(started["token"])


@batches(REST, rest_bodies)
def test_rest_answers_any_body_with_words(server: OpenServer, sent: list[bytes]) -> None:
    requests_ = [request("POST", "/webhooks/rest/webhook", body) for body in sent]
    for reply in send_all(server, requests_):
        assert reply.status == 200
        assert reply.json(), "silence"
        assert all(message["text"].strip() for message in reply.json())
        assert not any("<script" in message["text"] for message in reply.json())
        assert "nosniff" in reply.head


@batches(MESSAGES, message_bodies)
def test_the_website_answers_any_message_with_words(
    server: OpenServer, token: str, sent: list[bytes]
) -> None:
    path, bearer = "/webhooks/website/messages", f"Bearer {token}"
    for reply in send_all(server, [request("POST", path, b, Authorization=bearer) for b in sent]):
        answer = reply.json()
        assert (answer.get("text") or answer["error"]["text"]).strip()


@batches(FEEDBACK, feedback_bodies)
def test_feedback_is_kept_or_refused_with_words(
    server: OpenServer, token: str, sent: list[bytes]
) -> None:
    path, bearer = "/webhooks/website/feedback", f"Bearer {token}"
    for reply in send_all(server, [request("POST", path, b, Authorization=bearer) for b in sent]):
        # One may hit an id that a message of the test above had.
        assert reply.json() == {"kept": True} or reply.json()["error"]["text"].strip()


@batches(
    WEBSITE,
    st.tuples(st.sampled_from(WEBSITE_ROUTES), headers, st.binary(max_size=100), st.booleans()),
)
def test_each_route_of_the_website_holds_any_headers_and_body(
    server: OpenServer, token: str, sent: list[Any]
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


@batches(
    ANY_ROUTE,
    st.tuples(
        st.randoms(use_true_random=False), st.sampled_from(METHODS) | st.none(), headers, raw,
        st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=20),
    ),
)  # fmt: skip
def test_every_public_route_holds_any_method_query_headers_and_body(
    server: OpenServer, routes: list[Route], sent: list[Any]
) -> None:
    chosen = [(rnd.choice(routes), *rest) for rnd, *rest in sent]
    send_all(
        server,
        [
            request(method or route.method, f"{route.path}?a={query}", body, **heads)
            for route, method, heads, body, query in chosen
        ],
    )


@batches(
    ANY_PATH,
    st.tuples(
        st.sampled_from(METHODS),
        st.one_of(
            st.sampled_from(["/", "/webhooks/", "/webhooks/rest/", "/webhooks/website/"]),
            st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=20),
        ),
        st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=30),
    ),
)
def test_any_method_and_path_is_an_answer_in_json(server: OpenServer, sent: list[Any]) -> None:
    for reply in send_all(server, [request(m, f"{start}{path}") for m, start, path in sent]):
        if reply.status >= 400 and reply.body:
            assert set(reply.json()["error"]) == {"code", "text"}


@pytest.mark.parametrize("channel", MESSENGERS)
@batches(SIGNED, st.data())
def test_a_messenger_takes_any_body_that_is_signed(
    server: OpenServer, channel: str, sent: list[st.DataObject]
) -> None:
    patient = server.patient(channel)
    known = deliveries(patient)

    def body(data: st.DataObject) -> bytes:
        kind = data.draw(st.sampled_from(["spoiled", "spoiled", "spoiled", "json", "raw"]))
        if kind == "raw":
            return data.draw(raw)
        if kind == "json":
            return to_json(data.draw(values))
        return spoiled(data.draw(st.sampled_from(known)), data.draw)

    for reply in send_all(server, [signed(patient, body(data)) for data in sent]):
        assert reply.status in {200, 403}, "403: what cannot be signed"


@pytest.mark.parametrize("channel", MESSENGERS)
@batches(FORGED, st.tuples(headers, st.text(max_size=40) | st.none(), raw))
def test_a_messenger_refuses_what_is_not_signed(
    server: OpenServer, channel: str, sent: list[Any]
) -> None:
    patient = server.patient(channel)
    names = [name.replace("-", "_") for name in patient.signed(b"{}") if "Type" not in name]
    path = f"/webhooks/{channel}/webhook"

    def forged(heads: dict[str, str], signature: str | None, body: bytes) -> bytes:
        if signature is not None:
            word = "".join(c for c in signature if c.isprintable())
            heads = {**heads, **dict.fromkeys(names, word)}
        return request("POST", path, body, **heads)

    # 400: the head itself is malformed.
    for reply in send_all(server, [forged(*one) for one in sent]):
        assert reply.status in {400, 403}


def test_these_are_ten_thousand_requests() -> None:
    messengers = len(MESSENGERS) * (SIGNED + FORGED)
    each = (REST, MESSAGES, FEEDBACK, WEBSITE, ANY_ROUTE, ANY_PATH, messengers)
    assert sum(each) >= 10_000
    assert not any(one % AT_ONCE for one in (*each, SIGNED, FORGED))
