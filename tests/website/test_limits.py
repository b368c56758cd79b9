"""Limits by conversation and by address, as a patient meets them."""

from __future__ import annotations

from website_server import Chat, Server


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
