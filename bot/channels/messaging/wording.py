"""What only the messaging channels say. No medical fact stands here."""

from __future__ import annotations

from knowledge.clinic import Clinic

TEXT_ONLY = (
    "I can read text only, so I do not know what is in the picture, voice message or file that "
    "you sent. Please write your question in words."
)
IN_PRIVATE = (
    "I answer in private only, so that nobody else reads about your health. Please write to me "
    "in a direct message."
)
HOW_TO_STOP = "Reply STOP to end, HELP for help."
MORE = "Reply MORE for the rest."
MORE_WITH_SOURCE = "Reply MORE for the rest and the source."
MORE_CHOICES = "Reply MORE for questions to ask next."
MORE_SOURCE = "Reply MORE for the source."
MORE_REFERENCES = "Reply MORE for the references."
MORE_ANSWERS = "Reply MORE for the next answer."
MORE_HINTS = (MORE, MORE_WITH_SOURCE, MORE_CHOICES, MORE_SOURCE, MORE_REFERENCES, MORE_ANSWERS)


def stopped(clinic: Clinic) -> str:
    return (
        f"You have stopped these messages from {clinic.name}. Nothing more will be sent. "
        f"Reply START to go on. In an emergency call {clinic.emergency_number}."
    )


def help_on_texting(clinic: Clinic) -> str:
    """Who sends, what for, whom to ask, how to stop: as CTIA wants it of HELP."""
    return (
        f"In an emergency call {clinic.emergency_number}. This is the chatbot of {clinic.name}, "
        "a computer program. Text a question about a treatment, such as: side effects of Opdivo. "
        f"For people, contact {clinic.contact}. Message and data rates may apply. "
        "Reply STOP to end."
    )


def number_needed(most: int) -> str:
    numbers = "1" if most == 1 else f"a number from 1 to {most}"
    return f"Please reply with {numbers}, or ask in your own words."


def too_many(clinic: Clinic) -> str:
    return (
        "These are more messages than I can answer at a time. Please wait a minute. "
        f"In an emergency call {clinic.emergency_number}."
    )
