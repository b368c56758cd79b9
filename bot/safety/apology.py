"""What is said when a turn fails: no table, no model and no network are needed for it."""

from __future__ import annotations

from functools import lru_cache

from bot.safety.gate import SafetyGate
from knowledge.clinic import Clinic

EDGE = 500  # characters looked at from both ends of a message that is too long


@lru_cache(maxsize=1)
def _gate() -> SafetyGate:
    return SafetyGate.from_files()


def prepare_words() -> None:
    """Reads the safety rules and tries them: once something has failed, no file is needed."""
    _gate().check("hello")


def tells_of_danger(text: str) -> bool:
    """Whether the rules see an emergency or a crisis in it."""
    return bool(_gate().check(text))


def apology(text: str, clinic: Clinic) -> str:
    """An apology that says whom to ask; where an emergency was told, what to do now comes first."""
    alarm = _gate().check(text)
    if alarm and alarm.kind == "crisis":
        return (
            f"Please call or text {clinic.crisis_line} now, or call {clinic.emergency_number}. "
            "Someone will listen to you at any hour."
        )
    if alarm:
        return (
            f"Call {clinic.emergency_number} now, or go to the nearest emergency room. "
            "I am a computer program and cannot help with this."
        )
    return (
        "I am sorry, something went wrong on my side and I could not answer. Please try again in a "
        f"moment. If it cannot wait, contact {clinic.contact}; "
        f"in an emergency call {clinic.emergency_number}."
    )


def too_long(text: str, limit: int, clinic: Clinic | None = None) -> str:
    """Friendly words for a message above the limit; an emergency in it is still recognized."""
    clinic = clinic or Clinic()
    if _gate().check(f"{text[:EDGE]}. {text[-EDGE:]}") or _gate().check(text):
        return apology(f"{text[:EDGE]}. {text[-EDGE:]}", clinic)
    return (
        f"I am sorry, that message is too long for me: I can read {limit} characters at a time. "
        "Please ask in a sentence or two."
    )
