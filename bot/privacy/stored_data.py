"""What is stored of a person, in words for that person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone

from bot.storage.stored_events import StoredEvent

MOST_SHOWN = 1500  # characters of messages in one reply: about ten text messages on a phone
LONGEST_SHOWN = 200  # characters of one message
BUTTON = "(a button that you tapped)"


@dataclass(frozen=True)
class Summary:
    """How many messages are stored, and since when."""

    messages: int = 0
    since: date | None = None

    def in_words(self) -> str:
        if self.since is None:
            return "nothing"
        one = self.messages == 1
        return (
            f"{self.messages} message{'s' * (not one)} that you wrote, "
            f"{'' if one else 'the first '}on {day_in_words(self.since)}, "
            f"and what I took {'it' if one else 'them'} to ask"
        )


def summary(events: Sequence[StoredEvent]) -> Summary:
    written = [event for event in events if event["event"] == "user"]
    if not written:
        return Summary()
    return Summary(len(written), _time(written[0]).date())


def latest_messages(events: Sequence[StoredEvent]) -> list[str]:
    """A line for each message, the oldest first; the latest ones, as many as one reply holds."""
    lines: list[str] = []
    room = MOST_SHOWN
    for event in reversed(events):
        if event["event"] != "user":
            continue
        line = f"• {_time(event):%Y-%m-%d %H:%M} UTC: {_words(event)}"
        room -= len(line)
        if room < 0 and lines:
            break
        lines.insert(0, line)
    return lines


def day_in_words(day: date) -> str:
    """ "November 1, 2026"."""
    return f"{day:%B} {day.day}, {day.year}"


def _time(event: StoredEvent) -> datetime:
    return datetime.fromtimestamp(event["timestamp"], timezone.utc)


def _words(event: StoredEvent) -> str:
    text = " ".join((event.get("text") or "").split())
    if text.startswith("/"):  # Rasa keeps a payload as it keeps words; typed ones have no slash
        return BUTTON
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]} …"
