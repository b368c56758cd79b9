"""A channel that cannot work is one clear line at start, and no secret is in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.messaging.errors import SettingMissing, SettingWrong
from bot.channels.messaging.keys import check_secret
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.twilio.channel import SmsChannel, WhatsAppChannel
from bot.credentials import check_credentials, credentials_path
from bot.errors import BotError, CredentialsInvalid, SecretMissing
from knowledge.places import ROOT

EXAMPLE = ROOT / "credentials.example.yml"
VARIABLES = ("TELEGRAM_BOT_TOKEN", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "CARECITE_PUBLIC_URL")
TWILIO = {
    "account_sid": "AC1", "auth_token": "hush", "sender": "+15550100",
    "public_url": "https://bot.clinic.example",
}  # fmt: skip
TELEGRAM = {"token": "1:hush", "public_url": "https://bot.clinic.example/"}


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARECITE_SECRET", "the secret of the tests, which is no secret")


def test_the_default_credentials_need_nothing_of_the_environment() -> None:
    assert check_credentials(credentials_path()) == ROOT / "credentials.yml"
    assert "${" not in (ROOT / "credentials.yml").read_text(encoding="utf-8")


def test_the_example_holds_every_secret_as_a_variable() -> None:
    channels = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    values = [v for settings in channels.values() if settings for v in settings.values()]
    assert len(values) >= 10
    assert all(value.startswith("${") and value.endswith("}") for value in values)


def test_every_variable_that_is_missing_is_named_with_its_channel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "hush")
    with pytest.raises(SecretMissing) as error:
        check_credentials(EXAMPLE)
    said = str(error.value)
    assert "TELEGRAM_BOT_TOKEN (for bot.channels.telegram.channel.TelegramChannel)" in said
    assert "TWILIO_AUTH_TOKEN" not in said
    assert "hush" not in said
    assert "\n" not in said


def test_the_path_comes_from_the_command_or_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CARECITE_CREDENTIALS", "of-the-variable.yml")
    assert credentials_path() == Path("of-the-variable.yml")
    assert credentials_path("of-the-command.yml") == Path("of-the-command.yml")


@pytest.mark.parametrize("content", ["- a list", "rest: [", "\udcff"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "mine.yml"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(CredentialsInvalid, match="mine.yml"):
        check_credentials(path)


@pytest.mark.parametrize(
    ("channel", "settings", "wrong", "told"),
    [
        (TelegramChannel, TELEGRAM, {"token": "hush"}, "no token of @BotFather"),
        (TelegramChannel, TELEGRAM, {"token": ""}, "need 'token'"),
        (TelegramChannel, TELEGRAM, {"public_url": "http://x.example"}, "'http://x.example'"),
        (SmsChannel, TWILIO, {"sender": "15550100"}, "'15550100'"),
        (WhatsAppChannel, TWILIO, {"sender": "whatsapp:+15550100"}, "'whatsapp:+15550100'"),
        (WhatsAppChannel, TWILIO, {"auth_token": None}, "'whatsapp' need 'auth_token'"),
    ],
)
def test_a_wrong_setting_is_told_with_its_channel(
    channel: Any, settings: dict[str, str], wrong: dict[str, str], told: str
) -> None:
    with pytest.raises((SettingMissing, SettingWrong)) as error:
        channel.from_credentials({**settings, **wrong})
    assert told in str(error.value)
    assert "hush" not in str(error.value)


@pytest.mark.parametrize("given", ["", "short"])
def test_messaging_channels_need_a_secret_that_cannot_be_guessed(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("CARECITE_SECRET", given)
    with pytest.raises(BotError, match="CARECITE_SECRET .* openssl rand -hex 32"):
        check_secret()
    with pytest.raises(BotError, match="CARECITE_SECRET"):
        SmsChannel.from_credentials(TWILIO)


def test_the_command_tells_a_missing_secret_in_one_line_and_stops() -> None:
    environment = {name: v for name, v in os.environ.items() if name not in VARIABLES}
    command = [sys.executable, "-m", "bot", "serve", "--credentials", str(EXAMPLE)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"error: {EXAMPLE}: not set in the environment: TELEGRAM_BOT_TOKEN")


@pytest.mark.parametrize(
    "channel", ["rest", "socketio", "telegram", "twilio", "twilio_voice", "facebook", "callback"]
)
def test_a_channel_of_rasas_own_is_refused(tmp_path: Path, channel: str) -> None:
    path = tmp_path / "credentials.yml"
    path.write_text(f"bot.channels.rest.TesterRestInput:\n{channel}:\n  token: x\n")
    with pytest.raises(CredentialsInvalid, match=f"'{channel}' is a channel of Rasa's own"):
        check_credentials(path)
