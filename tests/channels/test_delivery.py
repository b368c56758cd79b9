"""The way out: in order, tried again, kept while a vendor is down, and nobody waits for another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest

from bot.channels.messaging import delivery as module
from bot.channels.messaging.counts import Counts
from bot.channels.messaging.delivery import Delivery
from bot.channels.messaging.errors import (
    DeliveryError,
    MarkupRefused,
    VendorBusy,
    VendorDown,
    VendorRefused,
)
from bot.channels.messaging.in_order import MOST_WAITING, InOrder
from bot.channels.messaging.render import Part

SECRET_WORDS = "side effects of Opdivo"  # noqa: S105  (what must not reach the log)


class Vendor:
    """Takes parts, unless a failure is next in its list."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.failures: list[DeliveryError] = []
        self.down: DeliveryError | None = None
        self.addresses = {"ann": "+1", "bob": "+2"}
        self.counts = Counts()
        self.in_order = InOrder()
        self.delivery = Delivery(
            "test", self.send, self.address_of, self.in_order, pauses=(0, 0), counted=self.counts
        )

    async def send(self, address: str, part: Part) -> None:
        if self.failures:
            raise self.failures.pop(0)
        if self.down:
            raise self.down
        self.got.append((address, part.text))

    async def address_of(self, sender: str) -> str | None:
        return self.addresses.get(sender)

    async def retry(self) -> None:
        self.delivery.retry()
        await self.in_order.finish(5)


@pytest.fixture
def vendor() -> Vendor:
    return Vendor()


def parts(*texts: str) -> list[Part]:
    return [Part(text, text) for text in texts]


async def test_parts_arrive_in_order(vendor: Vendor) -> None:
    await vendor.delivery.deliver("ann", parts("1", "2", "3"))
    assert vendor.got == [("+1", "1"), ("+1", "2"), ("+1", "3")]
    assert vendor.counts.of("test") == {"sent": 3}


async def test_a_vendor_that_stumbles_is_tried_again(vendor: Vendor) -> None:
    vendor.failures = [VendorDown("502"), VendorBusy(0.0)]
    await vendor.delivery.deliver("ann", parts("1", "2"))
    assert vendor.got == [("+1", "1"), ("+1", "2")]
    assert vendor.counts.of("test") == {"retried": 2, "sent": 2}


async def test_what_a_vendor_does_not_take_is_kept_and_brought_in_order(vendor: Vendor) -> None:
    vendor.failures = [VendorDown("no answer")] * 3
    await vendor.delivery.deliver("ann", parts("1", "2"))
    assert vendor.got == []
    assert vendor.counts.of("test")["kept"] == 2
    await vendor.delivery.deliver("ann", parts("3"))
    assert [text for _, text in vendor.got] == ["1", "2", "3"]


async def test_urgent_words_go_ahead_of_what_is_kept(vendor: Vendor) -> None:
    vendor.failures = [VendorDown("no answer")] * 3
    await vendor.delivery.deliver("ann", parts("late"))
    await vendor.delivery.deliver("ann", parts("Call 911"), urgent=True)
    assert [text for _, text in vendor.got] == ["Call 911", "late"]


async def test_what_is_kept_goes_out_by_itself_once_the_vendor_is_back(vendor: Vendor) -> None:
    vendor.down = VendorDown("no answer")
    for sender in ("ann", "bob"):
        await vendor.delivery.deliver(sender, parts(f"for {sender}"))
    await vendor.retry()
    assert vendor.got == []
    vendor.down = None
    await vendor.retry()
    assert sorted(vendor.got) == [("+1", "for ann"), ("+2", "for bob")]


async def test_a_vendor_that_asks_for_a_long_wait_holds_up_no_conversation(vendor: Vendor) -> None:
    vendor.failures = [VendorBusy(600)]
    await asyncio.wait_for(vendor.delivery.deliver("ann", parts("1")), 5)
    assert vendor.counts.of("test") == {"kept": 1}


async def test_a_refusal_is_not_tried_again(vendor: Vendor) -> None:
    vendor.failures = [VendorRefused("blocked")]
    await vendor.delivery.deliver("ann", parts("1", "2"))
    await vendor.retry()
    assert vendor.got == []
    assert vendor.counts.of("test") == {"refused": 2}


async def test_where_markup_is_refused_the_plain_words_go_out(vendor: Vendor) -> None:
    vendor.failures = [MarkupRefused("cannot parse")]
    await vendor.delivery.deliver("ann", [Part("<b>1", "1")])
    assert vendor.got == [("+1", "1")]


async def test_nothing_is_sent_to_a_patient_who_is_forgotten(vendor: Vendor) -> None:
    vendor.down = VendorDown("no answer")
    await vendor.delivery.deliver("ann", parts("1"))
    vendor.down = None
    del vendor.addresses["ann"]
    await vendor.retry()
    await vendor.delivery.deliver("ann", parts("2"))
    assert vendor.got == []


async def test_an_answer_of_long_ago_is_given_up(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor.down = VendorDown("no answer")
    await vendor.delivery.deliver("ann", parts("1", "2"))
    vendor.down = None
    monkeypatch.setattr(module, "KEPT_FOR", -1)
    await vendor.retry()
    assert vendor.got == []
    assert vendor.counts.of("test")["given_up"] == 2


async def test_what_is_kept_is_bounded(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 1)
    vendor.down = VendorDown("no answer")
    for sender in ("ann", "bob"):
        await vendor.delivery.deliver(sender, parts("1"))
    assert vendor.counts.of("test")["given_up"] == 1


async def test_a_vendor_that_hangs_is_left(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(address: str, part: Part) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(module, "SEND_WITHIN", 0.01)
    hanging = Delivery(
        "test", hangs, vendor.address_of, vendor.in_order, pauses=(), counted=vendor.counts
    )
    await asyncio.wait_for(hanging.deliver("ann", parts("1")), 5)
    assert vendor.counts.of("test") == {"kept": 1}


async def test_the_log_tells_of_failures_without_words_or_addresses(
    vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    vendor.down = VendorDown("status 502")
    await vendor.delivery.deliver("ann", parts(SECRET_WORDS))
    vendor.down = VendorRefused("status 403")
    await vendor.delivery.deliver("ann", parts(SECRET_WORDS))
    assert "status 502" in caplog.text
    assert "status 403" in caplog.text
    assert SECRET_WORDS not in caplog.text
    assert "+1" not in caplog.text


async def test_jobs_of_one_key_run_in_order_and_others_do_not_wait() -> None:
    in_order, done, gate = InOrder(), list[str](), asyncio.Event()

    def job(name: str, *, waits: bool = False) -> Callable[[], asyncio.Future[None]]:
        async def run() -> None:
            if waits:
                await gate.wait()
            done.append(name)

        return run  # type: ignore[return-value]

    in_order.submit("ann", job("ann 1", waits=True))
    in_order.submit("ann", job("ann 2"))
    in_order.submit("bob", job("bob 1"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert done == ["bob 1"]
    gate.set()
    await in_order.finish(5)
    assert done == ["bob 1", "ann 1", "ann 2"]


async def test_a_job_that_fails_does_not_stop_the_next(caplog: pytest.LogCaptureFixture) -> None:
    in_order, done = InOrder(), list[str]()

    async def fails() -> None:
        raise ValueError(SECRET_WORDS)

    async def goes_well() -> None:
        done.append("second")

    with caplog.at_level(logging.ERROR):
        in_order.submit("ann", fails)
        in_order.submit("ann", goes_well)
        await in_order.finish(5)
    assert done == ["second"]
    assert "ValueError" in caplog.text
    assert SECRET_WORDS not in caplog.text


async def test_the_jobs_that_wait_are_bounded() -> None:
    in_order, gate = InOrder(), asyncio.Event()

    async def waits() -> None:
        await gate.wait()

    taken = [in_order.submit("ann", waits) for _ in range(MOST_WAITING + 5)]
    assert taken.count(False) == 5
    assert in_order.submit("bob", waits)
    gate.set()
    await in_order.finish(5)
