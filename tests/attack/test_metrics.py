"""What the messengers' channels count is there for Prometheus: numbers, and nothing of anybody."""

from __future__ import annotations

import time

import pytest
import requests
from open_channels import CANARY, MESSENGERS, OpenServer
from raw_http import exchange, request

from bot.channels.messaging.counts import EVENTS

COUNTED_WITHIN = 60  # seconds


def count(server: OpenServer, channel: str, event: str) -> float:
    return server.metric("carecite_messages_total", channel=channel, event=event)


@pytest.mark.parametrize("channel", MESSENGERS)
def test_each_event_of_a_messenger_is_counted(server: OpenServer, channel: str) -> None:
    patient = server.patient(channel)
    before = {event: count(server, channel, event) for event in EVENTS}
    patient.says(f"How often is Torisel given? {CANARY}")
    patient.delivered_again()
    exchange(server.port, request("POST", f"/webhooks/{channel}/webhook", b"{}"))
    until = time.monotonic() + COUNTED_WITHIN
    while count(server, channel, "sent") == before["sent"]:
        assert time.monotonic() < until
        time.sleep(0.1)
    for event, more in (("received", 2), ("duplicate", 1), ("answered", 1), ("forged", 1)):
        assert count(server, channel, event) == before[event] + more, event


def test_every_count_is_there_from_the_start_and_holds_no_content(server: OpenServer) -> None:
    address = f"http://127.0.0.1:{server.metrics_port}/metrics"
    page = requests.get(address, timeout=60).text
    for channel in MESSENGERS:
        for event in EVENTS:
            assert f'carecite_messages_total{{channel="{channel}",event="{event}"}}' in page
    assert CANARY not in page
