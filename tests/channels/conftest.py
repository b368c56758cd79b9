"""One loopback server a vendor, and one bot, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from app import CHANNELS, App, new_app
from bot_server import BotServer
from matrix import (  # noqa: F401  (pytest finds its hooks here)
    pytest_collection_finish,
    pytest_configure,
    pytest_deselected,
    pytest_runtest_makereport,
    pytest_sessionfinish,
)
from vendors.messenger_api import MessengerVendor
from vendors.slack_api import SlackVendor
from vendors.telegram_api import TelegramVendor
from vendors.twilio_api import TwilioVendor


@pytest.fixture(scope="package")
def telegram_vendor() -> Iterator[TelegramVendor]:
    with TelegramVendor() as vendor:
        yield vendor


@pytest.fixture(scope="package")
def twilio_vendor() -> Iterator[TwilioVendor]:
    with TwilioVendor() as vendor:
        yield vendor


@pytest.fixture(scope="package")
def messenger_vendor() -> Iterator[MessengerVendor]:
    with MessengerVendor() as vendor:
        yield vendor


@pytest.fixture(scope="package")
def slack_vendor() -> Iterator[SlackVendor]:
    with SlackVendor() as vendor:
        yield vendor


@pytest.fixture(scope="package")
def bot(
    tmp_path_factory: pytest.TempPathFactory, telegram_vendor: TelegramVendor,
    twilio_vendor: TwilioVendor, messenger_vendor: MessengerVendor, slack_vendor: SlackVendor,
) -> Iterator[BotServer]:  # fmt: skip
    folder = tmp_path_factory.mktemp("channels")
    server = BotServer(folder, telegram_vendor, twilio_vendor, messenger_vendor, slack_vendor)
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=CHANNELS)
def app(request: pytest.FixtureRequest, bot: BotServer) -> Iterator[App]:
    """A new patient on each channel in turn; afterwards its vendor is well again."""
    opened = new_app(request.param, bot)
    yield opened
    opened.vendor.calm()
