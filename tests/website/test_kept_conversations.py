"""What the server remembers is bounded, and forgotten in time."""

from __future__ import annotations

import pytest

from bot.website.conversations import MOST_OFFERED, Conversations
from bot.website.token import LIFETIME, Tokens

NOW = 1_800_000_000.0
TOKENS = Tokens(b"secret")


def test_an_expired_conversation_is_swept_away() -> None:
    conversations = Conversations()
    _, old = TOKENS.start(NOW)
    _, young = TOKENS.start(NOW + LIFETIME)
    conversations.of(old)
    kept = conversations.of(young)
    assert conversations.sweep(NOW + LIFETIME + 1) == [old.sender]
    assert conversations.of(young) is kept


def test_above_the_limit_the_one_unused_for_longest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.website.conversations.MOST_CONVERSATIONS", 2)
    conversations = Conversations()
    sessions = [TOKENS.start(NOW)[1] for _ in range(3)]
    for session in sessions:
        conversations.of(session)
    conversations.of(sessions[0])
    assert conversations.sweep(NOW) == [sessions[1].sender]


async def test_a_forgotten_conversation_does_not_come_back_while_its_token_could() -> None:
    conversations = Conversations()
    _, session = TOKENS.start(NOW)
    conversations.of(session)
    await conversations.forget(session.sender)
    conversations.sweep(NOW + 1)
    assert conversations.of(session) is None
    assert conversations.sweep(session.expires) == []


def test_only_the_latest_buttons_are_remembered() -> None:
    conversation = Conversations().of(TOKENS.start(NOW)[1])
    assert conversation is not None
    for number in range(MOST_OFFERED + 5):
        conversation.offer([{"payload": f"/ask_{number}", "title": "a"}])
    assert len(conversation.offered) == MOST_OFFERED
    assert "/ask_0" not in conversation.offered
