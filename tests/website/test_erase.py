"""A forgotten conversation leaves the tracker store, and other conversations stay."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from rasa.core.tracker_store import (
    AwaitableTrackerStore,
    FailSafeTrackerStore,
    InMemoryTrackerStore,
    MongoTrackerStore,
    SQLTrackerStore,
    TrackerStore,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered

from bot.website.erase import erase
from bot.website.errors import CannotForget

DOMAIN = Domain.empty()


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: the browser's driver holds the loop of this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def in_memory(folder: Path) -> TrackerStore:
    return InMemoryTrackerStore(DOMAIN)


def wrapped(folder: Path) -> TrackerStore:
    return FailSafeTrackerStore(AwaitableTrackerStore(InMemoryTrackerStore(DOMAIN)))


def sql(folder: Path) -> TrackerStore:
    return SQLTrackerStore(DOMAIN, db=str(folder / "conversations.db"))


@pytest.mark.parametrize("store", [in_memory, wrapped, sql])
def test_only_the_named_conversation_goes(store: Any, tmp_path: Path) -> None:
    async def work() -> tuple[bool, bool]:
        made = store(tmp_path)
        for sender in ("mine", "theirs"):
            tracker = await made.get_or_create_tracker(sender)
            tracker.update(UserUttered("hello"))
            await made.save(tracker)
        assert await made.exists("mine")
        await erase(made, "mine")
        return await made.exists("mine"), await made.exists("theirs")

    assert run(work()) == (False, True)


def test_what_was_never_there_is_forgotten_too(tmp_path: Path) -> None:
    run(erase(in_memory(tmp_path), "nobody"))


def test_an_unknown_store_is_not_said_to_have_forgotten() -> None:
    unknown = MongoTrackerStore.__new__(MongoTrackerStore)
    with pytest.raises(CannotForget):
        run(erase(unknown, "mine"))
