"""What is remembered of open conversations, by one server or by several, and what is not."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from redis_server import RedisServer

from bot.storage.errors import RedisDown
from bot.storage.shared_redis import SharedRedis
from bot.website import conversations as kept_in_memory
from bot.website.conversations import MOST_OFFERED, MOST_TURNS, Conversations, Turn
from bot.website.shared_conversations import SharedConversations
from bot.website.token import LIFETIME, Session, Tokens

TOKENS = Tokens(b"secret")
ANSWER = {"text": "Once a week.", "items": []}
MakeServer = Callable[[], Conversations]


@pytest.fixture(params=["one server", "several servers"])
async def server(request: pytest.FixtureRequest) -> MakeServer:
    """Makes another server that serves the same conversations."""
    if request.param == "one server":
        one = Conversations()
        return lambda: one
    redis: RedisServer = request.getfixturevalue("redis_server")
    client = SharedRedis(redis.url).client
    await client.flushall()
    await client.close()
    return lambda: SharedConversations(SharedRedis(redis.url))


def session(started: float | None = None) -> Session:
    return TOKENS.start(time.time() if started is None else started)[1]


def turn(message_id: str = "message-1", said: str = "How often is Torisel given?") -> Turn:
    return Turn(message_id, said, "", "2026-11-23T09:00:00+00:00", ANSWER)


async def test_a_turn_is_known_to_the_server_that_comes_next(server: MakeServer) -> None:
    sender = session().sender
    await server().keep(sender, turn(), ["/ask_schedule"])
    assert await server().turn(sender, "message-1") == turn()
    assert await server().turns(sender) == [turn()]
    assert await server().was_offered(sender, "/ask_schedule")


async def test_nothing_is_known_of_another_conversation(server: MakeServer) -> None:
    await server().keep(session().sender, turn(), ["/ask_schedule"])
    other = session().sender
    assert await server().turn(other, "message-1") is None
    assert await server().turns(other) == []
    assert not await server().was_offered(other, "/ask_schedule")


async def test_a_rating_is_kept_with_its_turn(server: MakeServer) -> None:
    sender = session().sender
    await server().keep(sender, turn())
    await server().rate(sender, turn(), {"rating": "up", "reason": ""})
    kept = await server().turn(sender, "message-1")
    assert kept is not None
    assert kept.rating == {"rating": "up", "reason": ""}
    assert len(await server().turns(sender)) == 1


async def test_only_the_latest_turns_are_remembered_in_their_order(server: MakeServer) -> None:
    sender = session().sender
    for number in range(MOST_TURNS + 5):
        await server().keep(sender, turn(f"message-{number}"))
    kept = [one.message_id for one in await server().turns(sender)]
    assert kept == [f"message-{number}" for number in range(5, MOST_TURNS + 5)]


async def test_only_the_latest_buttons_are_remembered(server: MakeServer) -> None:
    sender = session().sender
    for number in range(MOST_OFFERED + 5):
        await server().keep(sender, turn(), [f"/ask_{number}", "/ask_always"])
    assert not await server().was_offered(sender, "/ask_5")
    assert await server().was_offered(sender, f"/ask_{MOST_OFFERED + 4}")
    assert await server().was_offered(sender, "/ask_always")


async def test_an_expired_conversation_is_swept_away_once(server: MakeServer) -> None:
    now = time.time()
    old, young = session(now - LIFETIME), session(now)
    for one in (old, young):
        assert await server().open(one)
    assert await server().sweep(now + 1) == [old.sender]
    assert await server().sweep(now + 1) == []


async def test_a_conversation_that_is_renewed_is_not_swept_away(server: MakeServer) -> None:
    first = session()
    renewed = TOKENS.renew(first, first.expires - 1)
    assert renewed is not None
    await server().open(renewed[1])
    await server().open(first)  # a late message with the token of before
    assert await server().sweep(first.expires + 1) == []


async def test_a_forgotten_conversation_does_not_come_back(server: MakeServer) -> None:
    forgotten = session()
    await server().open(forgotten)
    await server().keep(forgotten.sender, turn(), ["/ask_schedule"])
    await server().forget(forgotten.sender)
    assert not await server().open(forgotten)
    assert await server().is_forgotten(forgotten.sender)
    await server().keep(forgotten.sender, turn())  # the turn that asked for it ends
    assert await server().turns(forgotten.sender) == []
    assert not await server().was_offered(forgotten.sender, "/ask_schedule")
    assert await server().sweep(forgotten.expires + 1) == []


async def test_above_the_limit_of_memory_the_one_unused_for_longest_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept_in_memory, "MOST_CONVERSATIONS", 2)
    conversations = Conversations()
    sessions = [session() for _ in range(3)]
    for one in (*sessions, sessions[0]):
        await conversations.open(one)
    assert await conversations.sweep(time.time()) == [sessions[1].sender]


async def test_while_redis_is_down_a_server_remembers_by_itself(redis_server: RedisServer) -> None:
    conversations = SharedConversations(SharedRedis(redis_server.url))
    mine = session()
    redis_server.stop()
    try:
        assert await conversations.open(mine)
        await conversations.keep(mine.sender, turn(), ["/ask_schedule"])
        assert await conversations.turns(mine.sender) == [turn()]
        assert await conversations.was_offered(mine.sender, "/ask_schedule")
        with pytest.raises(RedisDown):  # it must not be said that nothing is left
            await conversations.forget(mine.sender)
    finally:
        redis_server.start()


async def test_what_is_kept_in_redis_expires_by_itself(redis_server: RedisServer) -> None:
    redis = SharedRedis(redis_server.url)
    conversations = SharedConversations(redis)
    await redis.client.flushall()
    mine = session()
    await conversations.open(mine)
    await conversations.keep(mine.sender, turn(), ["/ask_schedule"])
    keys = [key async for key in redis.client.scan_iter("carecite:web:*")]
    lives = {key: await redis.client.ttl(key) for key in keys if not key.endswith(":expiry")}
    assert len(lives) == 3
    assert all(0 < seconds <= LIFETIME for seconds in lives.values()), lives
    assert not any(mine.sender in key for key in keys)
