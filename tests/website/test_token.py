"""Tokens are read only as they were signed, and only in their time."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.website.token import (
    LIFETIME,
    LONGEST,
    VARIABLE,
    SecretTooShort,
    Tokens,
    website_secret,
)

NOW = 1_800_000_000.0
TOKENS = Tokens(b"secret")


def test_a_token_is_read_as_it_was_made() -> None:
    token, session = TOKENS.start(NOW)
    assert TOKENS.read(token, NOW) == session
    assert session.sender not in token


def test_no_two_conversations_share_a_token_or_a_sender() -> None:
    started = [TOKENS.start(NOW) for _ in range(1000)]
    assert len({token for token, _ in started}) == 1000
    assert len({session.sender for _, session in started}) == 1000


@pytest.mark.parametrize(
    ("after", "read"), [(0, True), (LIFETIME - 1, True), (LIFETIME, False), (LIFETIME * 9, False)]
)
def test_a_token_ends_with_its_time(after: float, read: bool) -> None:
    token, _ = TOKENS.start(NOW)
    assert (TOKENS.read(token, NOW + after) is not None) == read


def test_a_token_of_another_secret_is_none() -> None:
    assert TOKENS.read(Tokens(b"other").start(NOW)[0], NOW) is None


@pytest.mark.parametrize("token", [None, 7, b"x", "", "x" * 96, "ä" * 96, "x" * 97, "\n" * 96])
def test_what_is_no_token_is_none(token: object) -> None:
    assert TOKENS.read(token, NOW) is None


def test_a_renewed_token_goes_on_with_the_same_conversation() -> None:
    token, session = TOKENS.start(NOW)
    assert TOKENS.renew(session, NOW) is None, "it is fresh"
    later = NOW + LIFETIME * 0.75
    renewed = TOKENS.renew(session, later)
    assert renewed is not None
    assert renewed[0] != token
    assert renewed[1].sender == session.sender
    assert TOKENS.read(renewed[0], NOW + LIFETIME + 1) == renewed[1]


def test_a_conversation_is_not_renewed_for_ever() -> None:
    _, session = TOKENS.start(NOW)
    now = NOW
    while now < NOW + 2 * LONGEST:
        now = session.expires - 1
        renewed = TOKENS.renew(session, now)
        if renewed is None:
            break
        session = renewed[1]
    assert session.expires == NOW + LONGEST


def test_the_first_run_makes_a_secret_that_later_ones_find(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    path = tmp_path / "folder" / "secret"
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: website_secret(path), range(1)))
    found.add(website_secret(path))
    assert len(found) == 1
    assert len(found.pop()) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_secret_of_the_environment_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "s" * 32)
    assert website_secret(tmp_path / "secret") == b"s" * 32
    assert not (tmp_path / "secret").exists()


def test_a_secret_that_can_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "hunter2")
    with pytest.raises(SecretTooShort, match="has 7 characters"):
        website_secret()


def test_a_secret_file_that_a_full_disk_left_empty_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    (tmp_path / "secret").touch()
    with pytest.raises(SecretTooShort, match="has 0 bytes. Remove it"):
        website_secret(tmp_path / "secret")
