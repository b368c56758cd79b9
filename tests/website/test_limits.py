"""Limits by conversation and by address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from website_server import Chat, Server

from bot.website.limiter import Limiter, address_key


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Iterator[Clock]:
    return Clock()


def test_as_many_as_a_minute_allows_pass_at_once_and_no_more(clock: Clock) -> None:
    limiter = Limiter(clock)
    assert [limiter.seconds_to_wait("a", 3) > 0 for _ in range(5)] == [False] * 3 + [True] * 2


def test_after_the_time_it_names_one_more_passes(clock: Clock) -> None:
    limiter = Limiter(clock)
    for _ in range(3):
        limiter.seconds_to_wait("a", 3)
    clock.now += limiter.seconds_to_wait("a", 3)
    assert limiter.seconds_to_wait("a", 3) == 0
    assert limiter.seconds_to_wait("a", 3) > 0


def test_one_does_not_use_up_what_another_has(clock: Clock) -> None:
    limiter = Limiter(clock)
    assert limiter.seconds_to_wait("a", 1) == 0
    assert limiter.seconds_to_wait("b", 1) == 0
    assert limiter.seconds_to_wait("a", 1) > 0


def test_a_flood_of_keys_takes_no_more_memory_than_set(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.website.limiter.MOST_KEYS", 10)
    limiter = Limiter(clock)
    for number in range(1000):
        limiter.seconds_to_wait(str(number), 1)
    assert len(limiter._buckets) == 10


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("nonsense", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_is_counted_by_what_one_subscriber_has(address: str, key: str) -> None:
    assert address_key(address) == key


def test_who_writes_too_fast_is_told_when_to_come_back(server: Server) -> None:
    chat = Chat(server.base)
    with server.configured(chat_turns_per_minute=2):
        seen = [chat.send("hello") for _ in range(3)]
    assert [one.status_code for one in seen] == [200, 200, 429]
    assert 1 <= int(seen[-1].headers["Retry-After"]) <= 30
    assert seen[-1].json()["error"]["text"].startswith("That is more than I can answer")


def test_an_address_that_asks_too_much_is_held_up(server: Server) -> None:
    with server.configured(chat_requests_per_minute_and_address=20):
        statuses = [Chat(server.base, "x").call("GET", "config").status_code for _ in range(40)]
        other = {"X-Forwarded-For": "192.0.2.1", "Forwarded": "for=192.0.2.2"}
        pretending = Chat(server.base, "x").call("GET", "config", headers=other)
    assert statuses[:5] == [200] * 5
    assert 429 in statuses
    assert pretending.status_code == 429, "no client may choose the address it is counted by"
