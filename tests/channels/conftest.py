"""One loopback server a vendor, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
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
