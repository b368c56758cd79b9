"""Every way by which a patient's words, or an attacker's, come to the server."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import requests
from server_process import ANSWER_WITHIN, ServerProcess

OVERSIZED = 600_000  # characters


def all_answers(server: ServerProcess, word: str) -> Iterator[requests.Response]:
    yield from over_rest(server, word)
    yield from over_the_website(server, word)
    yield from by_address(server, word)


def over_rest(server: ServerProcess, word: str) -> Iterator[requests.Response]:
    for text in (
        f"how often does my aunt {word} get torisel",
        f"i am {word} and my chest hurts and i cannot breathe",
        f"i am {word} and i want to die",
        f"side effects of {word}mab",
        f"was ist {word} und wie oft muss ich das nehmen bitte",
        word, word.upper(), f"{word} " * 120, word * 2_000, f"{word} " * (OVERSIZED // 20),
        f'/ask_schedule{{"treatment": ["{word}"]}}', f"/{word}", f"/restart {word}",
        f"{word}\ud800", f"{word}\x00\x07", f"{{{word}}} 0[{word}] %({word})s",
        f"'; DROP TABLE events; -- {word}", f"<script>{word}</script>",
        {"text": word}, [word], 7, None, True,
    ):  # fmt: skip
        yield post(server.rest, json.dumps({"sender": uuid.uuid4().hex, "message": text}))
    question = "how often is torisel given"
    for body in (
        {"sender": f"{word}@example.org", "message": question},
        {"sender": word * 100, "message": question},
        {"sender": f"{word}\ud800", "message": question},
        {"sender": [word], "message": question},
        {"sender": "a", "message": question, "metadata": {"name": word}, "input_channel": word},
        [word], word, {word: word},
    ):  # fmt: skip
        yield post(server.rest, json.dumps(body))
    for raw in (
        f'{{"sender": "a", "message": "{word}', f"message={word}&sender={word}", f"\xff{word}",
        "[" * 5_000 + word, f'{{"message": "{word}", "message": {{', "",
    ):  # fmt: skip
        yield post(server.rest, raw)
    yield post(f"{server.rest}?stream=true&name={word}", json.dumps({"message": word}))


def over_the_website(server: ServerProcess, word: str) -> Iterator[requests.Response]:
    started = post(f"{server.website}/conversations", "")
    headers = {"Authorization": f"Bearer {started.json()['token']}"}

    def send(path: str, body: Any, **more: str) -> requests.Response:
        return post(f"{server.website}/{path}", json.dumps(body), {**headers, **more})

    first = uuid.uuid4().hex
    yield send("messages", {"id": first, "text": f"how often does {word} get torisel"})
    yield send("messages", {"id": first, "text": f"other words, {word}"})
    for body in (
        {"id": uuid.uuid4().hex, "text": "hello", "payload": f"/{word}"},
        {"id": f"{word}!", "text": "hello"}, {"id": word, "text": 7}, {"id": [word], "text": word},
        {"id": uuid.uuid4().hex, "text": word * 9_000}, [word], word,
    ):  # fmt: skip
        yield send("messages", body)
    yield send("feedback", {"message_id": first, "rating": "up", "reason": word})
    yield send("feedback", {"message_id": first, "rating": word})
    yield send("feedback", {"message_id": word * 3, "rating": "up"})
    for token in (word, f"{word:x<96}", f"{word} {word}"):
        yield send("messages", {"id": first, "text": word}, Authorization=f"Bearer {token}")
    yield send("messages", {"id": first, "text": word}, Origin=f"https://{word}.example")
    yield send("messages", {"id": first, "text": word}, **{"X-Forwarded-For": word})


def by_address(server: ServerProcess, word: str) -> Iterator[requests.Response]:
    for path in (
        f"/{word}", f"/?name={word}", f"/webhooks/rest/webhook/{word}", f"/webhooks/{word}/webhook",
        f"/webhooks/website/{word}.js", f"/conversations/{word}/tracker", f"/..%2f{word}",
    ):  # fmt: skip
        for method in ("GET", "POST", "DELETE"):
            yield requests.request(
                method, server.origin + path, data=word, headers={"X-Name": word},
                timeout=ANSWER_WITHIN,
            )  # fmt: skip


def post(url: str, body: str, headers: dict[str, str] | None = None) -> requests.Response:
    content = body.encode("utf-8", "surrogatepass")
    return requests.post(url, content, headers=headers or {}, timeout=ANSWER_WITHIN)
