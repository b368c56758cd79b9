"""The channel over HTTP, as any client may call it, kind or not."""

from __future__ import annotations

import base64
import json
import random
import string
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator
from pages import ClinicSite
from website_server import TEST_SECRET, Chat, Server, new_id

from bot.website.schema import schema
from bot.website.token import LIFETIME, Session, Tokens

QUESTION = "How often is Torisel given?"
ALPHABET = string.ascii_letters + string.digits + "-_"
FORGED_TOKENS = 10_000
SENDERS_AT_ONCE = 20
TURNS = ("What is Sutent?", "how often?", "How does Torisel work?", "how is it given?", "thanks")


def check(kind: str, response: requests.Response, status: int = 200) -> dict[str, Any]:
    """The body, which has to be of this kind of the published schema."""
    assert response.status_code == status, response.text
    whole = schema()
    Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": whole["$defs"]}).validate(
        response.json()
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    return response.json()


def code(response: requests.Response, status: int) -> str:
    return str(check("error", response, status)["error"]["code"])


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("What are the side effects of Opdivo?", "answer"),
        ("Compare Sutent and Opdivo.", "answer"),
        ("Where does this information come from?", "answer"),
        ("Is chest pain on the Opdivo list?", "answer"),
        ("What does Sutent cost?", "not_covered"),
        ("Should I stop taking Sutent?", "advice"),
        ("how often is it given?", "clarify"),
        ("hello", "text"),
        ("I have chest pain and can't breathe", "emergency"),
        ("I want to kill myself", "crisis"),
        ("word " * 250, "too_long"),
        ("help me, I can't breathe and my chest hurts. " * 30, "too_long"),
    ],
)
def test_each_reply_follows_the_published_schema(chat: Chat, message: str, kind: str) -> None:
    reply = check("reply", chat.send(message))
    assert [item["kind"] for item in reply["items"]] == [kind]
    cited = kind in ("answer", "not_covered", "advice")
    assert all(("citation" in item) == cited for item in reply["items"])


def test_the_schema_that_is_served_is_the_one_of_the_tests(server: Server) -> None:
    served = requests.get(f"{server.base}/schema.json", timeout=60)
    assert served.json() == schema()
    Draft202012Validator.check_schema(served.json())


def test_an_emergency_in_a_message_that_is_too_long_is_seen(chat: Chat) -> None:
    assert chat.ask("I can't breathe and my chest hurts. " * 40)["text"].startswith("Call 911")


def test_a_comparison_arrives_as_a_table_with_a_cell_for_each_column(chat: Chat) -> None:
    answer = chat.ask("What is the difference between Sutent and Opdivo?")["answer"]
    comparison = answer["comparison"]
    assert len(comparison["columns"]) == 2
    assert comparison["rows"]
    assert all(len(row["cells"]) == 2 for row in comparison["rows"])


def test_the_references_of_the_topic_are_told_apart(chat: Chat) -> None:
    citation = chat.ask("Where does this information come from?")["citation"]
    assert citation["on_topic"]
    assert citation["on_document"]
    assert not set(citation["on_topic"]) & set(citation["on_document"])


def test_a_repeated_request_gets_the_first_reply_and_runs_no_second_turn(chat: Chat) -> None:
    message_id = new_id()
    first = check("reply", chat.send(QUESTION, message_id=message_id))
    assert check("reply", chat.send(QUESTION, message_id=message_id)) == first
    assert len(check("transcript", chat.call("GET", "transcript"))["turns"]) == 1


def test_requests_repeated_at_the_same_time_run_one_turn(chat: Chat) -> None:
    message_id = new_id()
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(chat.send, QUESTION, None, message_id) for _ in range(8)]
        replies = [check("reply", one.result()) for one in sent]
    assert all(reply == replies[0] for reply in replies)
    assert len(chat.call("GET", "transcript").json()["turns"]) == 1


def test_a_message_id_with_other_words_is_refused(chat: Chat) -> None:
    message_id = new_id()
    chat.send(QUESTION, message_id=message_id)
    assert code(chat.send("What is Sutent?", message_id=message_id), 409) == "id_taken"


def test_ten_thousand_forged_tokens_open_nothing(chat: Chat) -> None:
    """Mutations of a valid token, and tokens of right form signed with another secret."""
    secret = TEST_SECRET.encode()
    ours, theirs, chance = Tokens(secret), Tokens(b"another secret"), random.Random(4)
    now = 1_800_000_000.0
    valid = chat.token
    assert ours.start(now)[0] != valid
    forged = [theirs.start(now)[0] for _ in range(FORGED_TOKENS // 10)]
    raw = base64.urlsafe_b64decode(valid)
    while len(forged) < FORGED_TOKENS:
        way = len(forged) % 4
        at = chance.randrange(len(valid))
        if way == 0:  # one character
            token = valid[:at] + chance.choice(ALPHABET) + valid[at + 1 :]
        elif way == 1:  # one bit
            flipped = bytearray(raw)
            flipped[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
            token = base64.urlsafe_b64encode(bytes(flipped)).decode()
        elif way == 2:  # another length, or another's signature
            token = chance.choice((valid[:at], valid + valid[:at], valid[:54] + forged[at][54:]))
        else:
            token = "".join(chance.choices(ALPHABET, k=len(valid)))
        if token != valid:
            forged.append(token)
    reader = Tokens(secret)
    assert reader.read(valid, now=0) is not None
    assert [t for t in forged if reader.read(t, now=0) is not None] == []
    for token in chance.sample(forged, 60):  # and over the wire
        stranger = Chat(chat.base, token)
        assert code(stranger.call("GET", "transcript"), 401) == "token_invalid"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic abc", "bearer {}", "Token {}", "{}"]
)
def test_a_header_of_another_form_opens_nothing(chat: Chat, header: str) -> None:
    given = {"Authorization": header.format(chat.token)}
    response = requests.get(f"{chat.base}/transcript", headers=given, timeout=60)
    assert code(response, 401) == "token_invalid"


def _aged(seconds_left: int) -> tuple[str, Session]:
    """A token of the server's own secret, made some time ago."""
    started = int(time.time()) - LIFETIME + seconds_left
    return Tokens(TEST_SECRET.encode()).start(started)


def test_an_expired_token_opens_nothing(server: Server) -> None:
    token, _ = _aged(-1)
    assert code(Chat(server.base, token).send(QUESTION), 401) == "token_invalid"


def test_a_token_is_renewed_while_it_is_used(server: Server) -> None:
    token, session = _aged(LIFETIME // 4)
    old = Chat(server.base, token)
    renewed = check("reply", old.send("What are the side effects of Sutent?"))["token"]
    read = Tokens(TEST_SECRET.encode()).read(renewed, time.time())
    assert read is not None
    assert read.sender == session.sender
    assert read.expires > session.expires
    new = Chat(server.base, renewed)
    assert "Sutent" in new.ask("how often?")["text"]
    assert "token" not in new.send("thanks").json()


def test_no_conversation_sees_anything_of_another(server: Server) -> None:
    mine, theirs = Chat(server.base), Chat(server.base)
    mine.ask("What are the side effects of Sutent?")
    assert theirs.call("GET", "transcript").json() == {"turns": []}
    assert theirs.ask("how often is it given?")["kind"] == "clarify"


def test_a_sender_named_by_the_client_counts_for_nothing(server: Server) -> None:
    mine, other = Chat(server.base), Chat(server.base)
    mine.ask("What are the side effects of Sutent?")
    body = {"id": new_id(), "text": "how often?", "sender": mine.token, "metadata": {"x": 1}}
    reply = check("reply", other.call("POST", "messages", json=body))
    assert "Sutent" not in reply["items"][0].get("answer", {}).get("heading", "")


def test_a_button_asks_its_question(chat: Chat) -> None:
    button = chat.ask("What is Sutent?")["buttons"][0]
    assert chat.ask(button["title"], button["payload"])["kind"] == "answer"


def test_a_payload_that_no_button_offered_counts_for_nothing(chat: Chat) -> None:
    payload = '/ask_side_effects{"treatment": ["sunitinib"]}'
    item = chat.ask(QUESTION, payload)
    assert item["answer"]["topic"] == "schedule"
    assert "Torisel" in item["answer"]["heading"]


def test_a_payload_of_another_conversation_counts_for_nothing(server: Server) -> None:
    button = Chat(server.base).ask("What is Sutent?")["buttons"][0]
    item = Chat(server.base).ask("hello", button["payload"])
    assert item["kind"] == "text"


@pytest.mark.parametrize(
    "body",
    [
        "", "null", "[]", "42", '"text"', "{", "{}", "[" * 4000,
        '{"id": "abcdefgh"}', '{"text": "hello"}', '{"id": "abcdefgh", "text": null}',
        '{"id": "abcdefgh", "text": ["hello"]}', '{"id": "abcdefgh", "text": {"a": 1}}',
        '{"id": "abcdefgh", "text": ""}', '{"id": "abcdefgh", "text": " \\u0000 "}',
        '{"id": "abcdefgh", "text": "\\ud800"}', '{"id": 12345678, "text": "hello"}',
        '{"id": "short", "text": "hello"}', '{"id": "with blanks in it", "text": "hello"}',
        '{"id": "abcdefgh", "text": "hello", "payload": 7}', "\xff\xfe",
    ],
)  # fmt: skip
def test_a_body_of_another_form_is_refused_with_words(chat: Chat, body: str) -> None:
    response = chat.call("POST", "messages", data=body.encode("latin-1"))
    assert code(response, 400) == "bad_request"
    assert chat.call("GET", "transcript").json() == {"turns": []}


@pytest.mark.parametrize(
    "text",
    ["How often is\u0000 Torisel\u202e given?", "Is Torisel given weekly?\ud83d\udc8a", "\u200b?"],
)
def test_control_and_format_characters_are_cleaned_away(chat: Chat, text: str) -> None:
    reply = check("reply", chat.send(text))
    assert reply["text"]
    said = chat.call("GET", "transcript").json()["turns"][0]["said"]
    assert not set(said) & set("\u0000\u202e\u200b")


@pytest.mark.parametrize("how", ["at once", "in pieces"])
def test_a_body_above_eight_kilobytes_is_refused_with_words(chat: Chat, how: str) -> None:
    body = json.dumps({"id": new_id(), "text": "a" * 9000}).encode()
    data: Any = body if how == "at once" else iter([body[:4000], body[4000:]])
    assert code(chat.call("POST", "messages", data=data), 413) == "too_large"


def test_the_transcript_tells_the_whole_conversation(chat: Chat) -> None:
    reply = check("reply", chat.send(QUESTION))
    turns = check("transcript", chat.call("GET", "transcript"))["turns"]
    assert [(turn["said"], turn["reply"]) for turn in turns] == [(QUESTION, reply)]


def test_a_forgotten_conversation_is_gone_and_its_token_with_it(server: Server) -> None:
    chat = Chat(server.base)
    chat.ask("What are the side effects of Sutent?")
    check("forgotten", chat.call("DELETE", "conversation"))
    for method, path in (("GET", "transcript"), ("DELETE", "conversation")):
        assert code(chat.call(method, path), 401) == "token_invalid"
    assert code(chat.send("how often?"), 401) == "token_invalid"


def test_forget_me_in_the_chat_does_what_the_route_does(server: Server) -> None:
    chat = Chat(server.base)
    chat.ask("What are the side effects of Sutent?")
    reply = check("reply", chat.send("forget me"))
    assert reply["items"][0]["kind"] == "forgotten"
    assert "token" not in reply
    assert code(chat.call("GET", "transcript"), 401) == "token_invalid"
    assert code(chat.send("how often?"), 401) == "token_invalid"


def test_feedback_is_kept_without_who_gave_it_or_in_which_words(server: Server, chat: Chat) -> None:
    reply = chat.send(QUESTION).json()
    given = {"message_id": reply["message_id"], "rating": "down", "reason": "seems_wrong"}
    before = server.feedback.read_text().splitlines() if server.feedback.exists() else []
    check("feedback_kept", chat.call("POST", "feedback", json=given))
    check("feedback_kept", chat.call("POST", "feedback", json=given))
    lines = server.feedback.read_text().splitlines()
    mine = [json.loads(line) for line in lines[len(before) :]]
    assert len(mine) == 1, "the same rating given twice counts once"
    assert mine[0]["topic"] == "schedule"
    assert set(mine[0]) == {
        "on", "rating", "reason", "kind", "topic", "about", "content_version",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"message_id": "no-such-message", "rating": "up"}, 404),
        ({"message_id": "no-such-message", "rating": "sideways"}, 400),
        ({"message_id": "no-such-message", "rating": "up", "reason": "because"}, 400),
        ({"message_id": None, "rating": "up"}, 400),
        ({"rating": "up"}, 400),
    ],
)
def test_feedback_on_nothing_is_refused(chat: Chat, given: dict[str, Any], status: int) -> None:
    code(chat.call("POST", "feedback", json=given), status)


def test_a_page_of_a_listed_origin_may_call_it(server: Server, site: ClinicSite) -> None:
    for method in ("OPTIONS", "POST"):
        url, headers = f"{server.base}/conversations", {"Origin": site.origin}
        answered = requests.request(method, url, headers=headers, timeout=60)
        assert answered.ok
        assert answered.headers["Access-Control-Allow-Origin"] == site.origin
        assert "Access-Control-Allow-Credentials" not in answered.headers
        assert "Origin" in answered.headers["Vary"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1:1"])
@pytest.mark.parametrize("method", ["OPTIONS", "POST"])
def test_a_page_of_another_origin_may_not(server: Server, method: str, origin: str) -> None:
    url, headers = f"{server.base}/conversations", {"Origin": origin}
    answered = requests.request(method, url, headers=headers, timeout=60)
    assert code(answered, 403) == "origin_not_allowed"
    assert "Access-Control-Allow-Origin" not in answered.headers


def test_it_says_that_it_is_alive_and_whether_it_can_answer(
    server: Server,
) -> None:
    check("health", requests.get(f"{server.base}/health/live", timeout=60))
    ready = check("health", requests.get(f"{server.base}/health/ready", timeout=60))
    assert ready == {"status": "ok", "notes": []}


def test_the_configuration_is_told_to_the_widget(server: Server) -> None:
    config = check("config", requests.get(f"{server.base}/config", timeout=60))
    assert "911" in config["emergency"]
    assert "not a doctor" in config["greeting"]


def test_many_conversations_at_once_are_all_answered_and_none_mixed_up(server: Server) -> None:
    """200 of them are in the benchmark; these are enough to see a mix-up."""

    def talk(number: int) -> list[dict[str, Any]]:
        chat = Chat(server.base)
        name = "Sutent" if number % 2 else "Torisel"
        said = [f"What is {name}?", "how often is it given?", "how does it work?"]
        return [check("reply", chat.send(text)) for text in said]

    with ThreadPoolExecutor(SENDERS_AT_ONCE) as pool:
        talks = list(pool.map(talk, range(SENDERS_AT_ONCE)))
    for number, replies in enumerate(talks):
        name, other = ("Sutent", "Torisel") if number % 2 else ("Torisel", "Sutent")
        for reply in replies:
            assert name in reply["items"][0]["answer"]["heading"]
            assert other not in reply["text"]
