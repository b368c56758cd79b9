"""Holds the conversations of the cases with the bot over REST."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import requests
from tqdm import tqdm

from evaluation.cases import Case
from evaluation.replies import Reply

TIMEOUT = 30  # seconds a turn; a patient would have left long before
# Where channels put what can be tapped on instead of typed; it is offered, not said.
BUTTON_KEYS = frozenset({"buttons", "quick_replies", "suggestions", "chips", "options"})
# Part of an answer as data that channels draw; the same words stand in its text.
DATA_KEYS = frozenset({"answer"})


@dataclass(frozen=True)
class Conversation:
    """The replies to the turns of a case, with the seconds that each took.

    A fault ends it: `error` then says which, and there are fewer replies than turns.
    """

    case: Case
    replies: tuple[Reply, ...]
    seconds: tuple[float, ...]
    error: str = ""

    @property
    def silent_turns(self) -> int:
        return sum(not reply.text.strip() for reply in self.replies)


def hold_all(cases: Sequence[Case], url: str, jobs: int) -> list[Conversation]:
    """Holds the conversations, at most `jobs` at a time, in the order of `cases`."""
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        held = pool.map(lambda case: hold(case, url), cases)
        return list(tqdm(held, total=len(cases), desc="asking", unit=" cases", dynamic_ncols=True))


def hold(case: Case, url: str) -> Conversation:
    """Holds one conversation under a sender that nobody has used before."""
    sender = f"evaluation-{uuid.uuid4().hex}"
    replies: list[Reply] = []
    seconds: list[float] = []
    with requests.Session() as session:
        for turn in case.turns:
            start = time.perf_counter()
            try:
                response = session.post(
                    url, json={"sender": sender, "message": turn}, timeout=TIMEOUT
                )
                response.raise_for_status()
                replies.append(read_reply(response.json()))
            except (requests.RequestException, ValueError) as error:
                return _ended(case, replies, seconds, error)
            seconds.append(time.perf_counter() - start)
    return Conversation(case, tuple(replies), tuple(seconds))


def _ended(
    case: Case, replies: Sequence[Reply], seconds: Sequence[float], error: Exception
) -> Conversation:
    reason = f"turn {len(replies) + 1} failed: {type(error).__name__}: {error}"
    return Conversation(case, tuple(replies), tuple(seconds), reason[:300])


def read_reply(messages: Any) -> Reply:
    """The reply from the JSON of the REST channel.

    Raises:
        ValueError: it is no list of objects.
    """
    if not isinstance(messages, list) or not all(isinstance(m, dict) for m in messages):
        raise ValueError(f"the reply is {messages!r:.80}. Not a list of messages.")
    texts = [
        "\n".join([str(m.get("text") or ""), *_strings(m.get("custom"))]).strip() for m in messages
    ]
    buttons = [title for m in messages for title in _button_titles(m)]
    return Reply(tuple(text for text in texts if text), tuple(buttons))


def _strings(value: Any) -> Iterator[str]:
    """Every text inside a custom payload, apart from what is offered to tap on."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in BUTTON_KEYS | DATA_KEYS:
                yield from _strings(item)


def _button_titles(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _button_titles(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in BUTTON_KEYS and isinstance(item, list):
                yield from (str(b.get("title", "")) for b in item if isinstance(b, dict))
            elif key not in DATA_KEYS:
                yield from _button_titles(item)
