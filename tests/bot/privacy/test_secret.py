"""The one secret, the keys made of it, and the senders hashed with one."""

from __future__ import annotations

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.privacy import secret
from bot.privacy.secret import VARIABLE, SecretTooShort, key_for
from bot.privacy.sender import keyed_sender


@pytest.fixture
def secret_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(secret, "SECRET_FILE", tmp_path / "folder" / "secret")
    return secret.SECRET_FILE


def test_the_first_run_makes_a_secret_that_later_ones_find(secret_file: Path) -> None:
    first = key_for("a purpose")
    secret._kept_secret.cache_clear()
    assert key_for("a purpose") == first
    assert len(secret_file.read_bytes()) == 32
    assert stat.S_IMODE(secret_file.stat().st_mode) == 0o600
    assert list(secret_file.parent.iterdir()) == [secret_file]


def test_processes_that_start_at_once_agree_on_one_secret(secret_file: Path) -> None:
    def start(_: int) -> bytes:
        return secret._kept_secret.__wrapped__(secret_file)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(32)))) == 1


def test_the_secret_of_the_environment_comes_first(
    secret_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "s" * 32)
    assert len(key_for("a purpose")) == 32
    assert not secret_file.exists()


def test_a_secret_that_can_be_guessed_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, "hunter2")
    with pytest.raises(SecretTooShort, match="has 7 characters") as refused:
        key_for("a purpose")
    assert "hunter2" not in str(refused.value)


def test_each_purpose_has_a_key_of_its_own() -> None:
    assert key_for("sender") != key_for("receipt")


def test_a_sender_is_a_keyed_hash_of_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    sender = keyed_sender("sms", "+15550100")
    assert re.fullmatch(r"sms-[0-9a-f]{40}", sender)
    assert keyed_sender("sms", "+15550100") == sender
    assert keyed_sender("whatsapp", "+15550100")[-40:] != sender[-40:]
    monkeypatch.setenv(VARIABLE, "another secret of thirty-two letters")
    assert keyed_sender("sms", "+15550100") != sender


def test_half_a_character_in_an_address_is_no_fault() -> None:
    assert keyed_sender("rest", "\ud800").startswith("rest-")
