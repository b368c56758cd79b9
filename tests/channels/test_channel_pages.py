"""The pages on the channels, held against the program."""

from __future__ import annotations

import re

import pytest
import yaml
from app import CHANNELS

from knowledge.places import ROOT

PAGES = ROOT / "docs" / "channels"
EXAMPLE = ROOT / "credentials.example.yml"
VARIABLE = re.compile(r"\$\{(\w+)\}")


NAMES = {"sms": ".SmsChannel", "whatsapp": ".WhatsAppChannel"}  # two of one vendor


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_page_names_each_variable_that_its_channel_needs_and_its_address(channel: str) -> None:
    page = (PAGES / f"{channel}.md").read_text(encoding="utf-8")
    channels = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    part = NAMES.get(channel, f".{channel}.")
    (settings,) = (s for name, s in channels.items() if part in name)
    wanted = {name for value in settings.values() for name in VARIABLE.findall(value)}
    assert set(re.findall(r"export (\w+)", page)) == wanted | {"CARECITE_SECRET"}
    assert f"/webhooks/{channel}/webhook" in page


def test_no_secret_stands_in_the_example() -> None:
    channels = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    values = [value for settings in channels.values() for value in (settings or {}).values()]
    assert values
    assert all(VARIABLE.fullmatch(value) for value in values)


def test_the_manifest_for_slack_asks_for_what_the_channel_reads() -> None:
    page = (PAGES / "slack.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert found
    manifest = yaml.safe_load(found[1])
    settings = manifest["settings"]
    assert settings["event_subscriptions"]["bot_events"] == ["app_mention", "message.im"]
    addresses = {part["request_url"] for part in settings.values()}
    assert addresses == {"https://bot.clinic.example/webhooks/slack/webhook"}
    assert "chat:write" in manifest["oauth_config"]["scopes"]["bot"]
