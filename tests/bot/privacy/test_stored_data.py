"""Who asks for their data sees what is stored, and until when it is kept."""

from __future__ import annotations

from collections.abc import Callable

from patient import Patient

from bot.privacy.stored_data import BUTTON, LONGEST_SHOWN, MOST_SHOWN, latest_messages, summary
from bot.storage.conversation_store import ConversationStore
from bot.storage.sql import SqlStore
from bot.storage.stored_events import StoredEvent

MakePatient = Callable[[ConversationStore], Patient]
NOON = 1_790_000_000.0  # seconds since 1970: September 21, 2026, 13:33 UTC


def said(text: str, at: float = NOON) -> StoredEvent:
    return {"event": "user", "timestamp": at, "text": text}


async def test_the_data_shown_are_the_messages_that_are_stored(
    store: ConversationStore, patient_of: MakePatient
) -> None:
    patient = patient_of(store)
    await patient.say("how often is torisel given")
    await patient.tap("Side effects of Torisel")
    text = await patient.say("what do you know about me?")
    assert "2 messages that you wrote" in text
    assert text.endswith(f"UTC: {BUTTON}")
    assert "UTC: how often is torisel given" in text
    assert "It is kept until " in text


async def test_nothing_is_shown_of_anybody_else(
    store: ConversationStore, patient_of: MakePatient
) -> None:
    await patient_of(store).say("how often is torisel given")
    text = await patient_of(store).say("give me my data")
    assert "Nothing is stored of you here but this message" in text


async def test_a_long_conversation_is_shown_in_part_and_says_so(
    sqlite_store: SqlStore, patient_of: MakePatient
) -> None:
    patient = patient_of(sqlite_store)
    for number in range(40):
        await patient.say(f"tell me in some more words how often torisel is given, time {number}")
    text = await patient.say("show my data")
    assert "40 messages that you wrote" in text
    assert len(text) < MOST_SHOWN + 600
    assert "time 39" in text
    assert "time 3\n" not in text
    assert "Only the latest" in text


async def test_a_question_about_privacy_is_answered_with_the_retention_time(
    patient: Patient,
) -> None:
    text = await patient.say("do you save what i type")
    assert "30 days at most" in text
    assert list(patient.buttons) == ["Show what is stored", "Delete it all"]
    assert (await patient.tap("Delete it all")).startswith("Done. On ")


def test_a_long_message_is_cut_and_line_breaks_do_not_break_the_list() -> None:
    (line,) = latest_messages([said("a\nb " + "x" * 900)])
    assert line.startswith("• 2026-09-21 14:13 UTC: a b xxx")
    assert len(line) < LONGEST_SHOWN + 40


def test_what_is_stored_is_counted_since_the_first_message() -> None:
    kept = summary([{"event": "slot", "timestamp": NOON}, said("one"), said("two", NOON + 9e6)])
    assert kept.messages == 2
    assert kept.in_words() == (
        "2 messages that you wrote, the first on September 21, 2026, and what I took them to ask"
    )
    assert summary([]).in_words() == "nothing"
