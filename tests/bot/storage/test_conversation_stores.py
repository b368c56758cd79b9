"""What every store of conversations does: in memory, in SQLite and in PostgreSQL alike."""

from __future__ import annotations

import time
from typing import Any

import pytest
from kept_turns import BUTTONS, DOMAIN, QUESTION, MakeStore, say, turn, words
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted

from bot.storage.conversation_store import ConversationStore, conversations_of
from bot.storage.errors import StoreUnknown
from bot.storage.stored_events import MOST_EVENTS


async def test_what_was_said_is_known_in_the_next_turn(make_store: MakeStore) -> None:
    await say(make_store(), "patient", turn())
    tracker = await make_store().retrieve("patient")
    assert tracker is not None
    assert words(tracker) == [QUESTION]
    assert tracker.get_slot("treatments") == ["temsirolimus"]
    assert tracker.latest_message.intent["name"] == "ask_schedule"
    assert [entity["value"] for entity in tracker.latest_message.entities] == ["temsirolimus"]
    offered = [e.data["buttons"] for e in tracker.events if isinstance(e, BotUttered)]
    assert offered == [BUTTONS]


async def test_a_turn_is_added_to_those_before_it_and_each_is_kept_once(
    make_store: MakeStore,
) -> None:
    for number in range(3):
        await say(make_store(), "patient", turn(f"question {number}"))
    assert words(await make_store().retrieve("patient")) == [f"question {n}" for n in range(3)]


async def test_a_tracker_that_is_saved_twice_is_kept_once(store: ConversationStore) -> None:
    tracker = await store.get_or_create_tracker("patient")
    tracker.update_with_events(turn(), DOMAIN)
    await store.save(tracker)
    await store.save(tracker)
    assert words(await store.retrieve("patient")) == [QUESTION]


async def test_of_a_long_conversation_the_latest_events_are_read(store: ConversationStore) -> None:
    for number in range(MOST_EVENTS // 5 + 10):
        await say(store, "patient", turn(f"question {number}"))
    tracker = await store.retrieve("patient")
    assert tracker is not None
    assert len(tracker.events) == MOST_EVENTS
    assert words(tracker)[-1] == f"question {MOST_EVENTS // 5 + 9}"


async def test_a_new_session_knows_nothing_of_the_one_before(store: ConversationStore) -> None:
    await say(store, "patient", turn())
    await say(store, "patient", [ActionExecuted("action_session_start"), SessionStarted()])
    tracker = await store.retrieve("patient")
    assert tracker is not None
    assert words(tracker) == []
    assert tracker.get_slot("treatments") is None


async def test_nothing_is_kept_that_the_next_turn_does_not_need(store: ConversationStore) -> None:
    await say(store, "patient", turn())
    kept = str(await store.events_of("patient"))
    assert QUESTION in kept
    for unneeded in ("Once a week", "heading", "intent_ranking", "reading"):
        assert unneeded not in kept


async def test_an_unknown_sender_has_no_conversation(store: ConversationStore) -> None:
    assert await store.retrieve("nobody") is None
    assert not await store.exists("nobody")
    assert await store.events_of("nobody") == []


async def test_only_the_named_conversation_is_erased(store: ConversationStore) -> None:
    for sender in ("mine", "theirs"):
        await say(store, sender, turn())
    await store.erase("mine")
    await store.erase("mine")  # again: nothing left is no fault
    assert not await store.exists("mine")
    assert await store.exists("theirs")
    assert list(await store.keys()) == ["theirs"]


async def test_what_is_older_than_the_cutoff_is_erased(store: ConversationStore) -> None:
    await say(store, "old", turn())
    await say(store, "both", turn("before"))
    cutoff = time.time()
    await say(store, "both", turn("after"))
    assert await store.erase_older_than(cutoff) == 10
    assert not await store.exists("old")
    assert words(await store.retrieve("both")) == ["after"]


@pytest.mark.parametrize(
    "sender", ["s" * 3000, "\ud800", "a\x00b", "'; DROP TABLE events; --", "päтient-\U0001f48a"]
)
async def test_a_sender_of_any_form_is_remembered_and_forgotten(
    make_store: MakeStore, sender: str
) -> None:
    """Stock Rasa ends the process on the second, and remembers nothing of the first."""
    await say(make_store(), sender, turn())
    assert words(await make_store().retrieve(sender)) == [QUESTION]
    await make_store().erase(sender)
    assert not await make_store().exists(sender)


@pytest.mark.parametrize("text", ["\x00", "\ud800", "'; DROP TABLE events; --", "%s :name {x}"])
async def test_words_of_any_form_come_back_as_they_were(
    store: ConversationStore, text: str
) -> None:
    await say(store, "patient", turn(text))
    assert words(await store.retrieve("patient")) == [text]


async def test_the_store_is_found_inside_of_what_rasa_wraps_around_it(
    store: ConversationStore,
) -> None:
    assert conversations_of(FailSafeTrackerStore(store)) is store


def test_a_store_of_rasas_own_is_not_said_to_erase() -> None:
    with pytest.raises(StoreUnknown, match="InMemoryTrackerStore"):
        conversations_of(FailSafeTrackerStore(InMemoryTrackerStore(DOMAIN)))


async def test_memory_is_bounded(monkeypatch: Any, make_store: MakeStore) -> None:
    from bot.storage import memory

    monkeypatch.setattr(memory, "MOST_CONVERSATIONS", 3)
    store = memory.MemoryStore(DOMAIN)
    for number in range(5):
        await say(store, f"patient {number}", turn())
    assert list(await store.keys()) == ["patient 2", "patient 3", "patient 4"]
