"""Who asks to be forgotten is forgotten: nothing of them is left, and they get a receipt."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from patient import Patient

from bot.channels.gate import TURN_WITHIN
from bot.privacy.forgetting import also_forget
from bot.privacy.receipt import day_of_receipt
from bot.storage.conversation_store import ConversationStore
from bot.storage.sql import SqlStore

CANARY = "quokkaberry"
QUESTION = f"my sister {CANARY} asks how often torisel is given"
DONE = "Done. On "
MakePatient = Callable[[ConversationStore], Patient]


async def test_after_forget_me_nothing_of_the_person_is_stored(
    store: ConversationStore, patient_of: MakePatient
) -> None:
    patient, other = patient_of(store), patient_of(store)
    await patient.say(QUESTION)
    await other.say("how often is sutent taken")
    assert (await patient.say("forget me")).startswith(DONE)
    assert await store.events_of(patient.sender) == []
    assert list(await store.keys()) == [other.sender]


async def test_no_byte_of_it_is_left_in_the_files_of_sqlite(
    sqlite_store: SqlStore, patient_of: MakePatient, tmp_path: Path
) -> None:
    patient = patient_of(sqlite_store)
    for number in range(20):
        await patient.say(f"{QUESTION} {number}")
    files = list((tmp_path / "store").iterdir())
    assert any(CANARY.encode() in file.read_bytes() for file in files), "it is stored before"
    await patient.say("please delete all my messages")
    for file in (tmp_path / "store").iterdir():
        assert CANARY.encode() not in file.read_bytes()
        assert patient.sender.encode() not in file.read_bytes()


async def test_no_row_of_it_is_left_in_postgresql(
    postgres_store: SqlStore, patient_of: MakePatient
) -> None:
    patient = patient_of(postgres_store)
    await patient.say(QUESTION)
    count = f"SELECT count(*) FROM events WHERE data LIKE '%%{CANARY}%%'"
    assert postgres_store.engine.execute(count).scalar() == 1
    await patient.say("erase everything I told you")
    assert postgres_store.engine.execute("SELECT count(*) FROM events").scalar() == 0


async def test_the_receipt_says_what_was_deleted_and_can_be_checked(patient: Patient) -> None:
    await patient.say(QUESTION)
    await patient.say("thank you")
    text = await patient.say("forget me")
    assert "2 messages that you wrote" in text
    assert re.search(r"\d\d:\d\d UTC", text)
    receipt = re.search(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", text)
    assert receipt is not None
    assert day_of_receipt(receipt[0]) is not None
    assert patient.sender not in text


async def test_what_was_said_before_is_unknown_afterwards(patient: Patient) -> None:
    await patient.say("side effects of sutent")
    await patient.say("forget me")
    assert "Which treatment do you mean?" in await patient.say("how often is it given?")


async def test_what_else_keeps_something_of_the_person_forgets_too(patient: Patient) -> None:
    asked: list[str] = []

    async def keeper(sender: str) -> None:
        asked.append(sender)

    also_forget("a channel", keeper)
    also_forget("a channel", keeper)
    await patient.say("hello")
    await patient.say("forget me")
    assert asked == [patient.sender]


# --- asked back -----------------------------------------------------------------------------------

UNCLEAR = "maybe delete the sutent stuff i told you"


async def test_an_unclear_wish_is_asked_back_and_a_tap_deletes(patient: Patient) -> None:
    await patient.say("hello")
    assert "Do you want me to delete" in await patient.say(UNCLEAR)
    assert (await patient.tap("Delete it all")).startswith(DONE)


@pytest.mark.parametrize("yes", ["yes", "yes please delete my messages"])
async def test_a_typed_yes_deletes_as_well(patient: Patient, yes: str) -> None:
    await patient.say(UNCLEAR)
    assert (await patient.say(yes)).startswith(DONE)


async def test_who_taps_no_is_told_that_nothing_was_deleted(patient: Patient) -> None:
    await patient.say(UNCLEAR)
    assert "nothing was deleted" in await patient.tap("Keep it")
    assert await patient.agent.tracker_store.exists(patient.sender)


async def test_a_yes_to_something_else_deletes_nothing(patient: Patient) -> None:
    await patient.say(UNCLEAR)
    await patient.say("how often is torisel given")
    assert "All right." in await patient.say("yes")
    assert await patient.agent.tracker_store.exists(patient.sender)


# --- emergencies and faults -----------------------------------------------------------------------


async def test_an_emergency_in_the_same_message_goes_first(patient: Patient) -> None:
    text = await patient.say("delete my messages. my husband collapsed and is not breathing")
    assert text.startswith("Call 911 now")
    assert await patient.agent.tracker_store.exists(patient.sender)


@contextmanager
def held_up(path: Path) -> Iterator[None]:
    """A database in which nobody else can write."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


async def test_a_deletion_that_fails_is_not_called_done_and_works_when_tried_again(
    sqlite_store: SqlStore, patient_of: MakePatient, tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    patient = patient_of(sqlite_store)
    await patient.say(QUESTION)
    with held_up(tmp_path / "store" / "conversations.db"):
        # A server gives a turn up then, with an apology that says nothing of the deletion.
        text = await asyncio.wait_for(patient.say("forget me"), TURN_WITHIN)
    assert "could not delete it" in text
    assert DONE not in text
    assert "could not be forgotten" in caplog.text
    assert (await patient.say("forget me")).startswith(DONE)
    assert await sqlite_store.events_of(patient.sender) == []
