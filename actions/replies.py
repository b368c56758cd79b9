"""Puts replies together: the bot's own wording from domain.yml, answers from the table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.sources import current_clinic
from knowledge.answer import Answer, Citation
from knowledge.render import citation_lines, render_text

Button = dict[str, str]


def wording(domain: DomainDict, response: str, **values: str) -> str:
    """The text of a response in domain.yml, with `{name}` replaced by its value.

    Rasa's own interpolation is not used: a treatment's name or a clinic's may hold braces.
    """
    clinic = current_clinic()
    values = {
        "contact": clinic.contact,
        "phone": f" {clinic.phone}" if clinic.phone else "",
        "emergency_number": clinic.emergency_number,
        "crisis_line": clinic.crisis_line,
        "poison_line": clinic.poison_line,
        **values,
    }
    text: str = domain["responses"][response][0]["text"]
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text.strip()


def utter_answer(
    dispatcher: CollectingDispatcher, answer: Answer, buttons: Sequence[Button] = ()
) -> None:
    """One message: the answer as text, and beside it as data for channels that draw it."""
    dispatcher.utter_message(
        text=render_text(answer), buttons=list(buttons), answer=as_json(answer)
    )


def utter_text(
    dispatcher: CollectingDispatcher,
    lines: Iterable[str],
    citation: Citation | None = None,
    buttons: Sequence[Button] = (),
    kind: str = "text",
) -> None:
    """One message of the bot's own wording, with the citation of what it speaks about.

    `kind` tells channels that draw it what it is: text, clarify, not_covered, advice, emergency
    or crisis.
    """
    lines = list(lines)
    cited = citation_lines(citation) if citation else ()
    dispatcher.utter_message(
        text="\n".join([*lines, *cited]), buttons=list(buttons), kind=kind, lines=lines,
        citation=citation_as_json(citation) if citation else None,
    )  # fmt: skip


def as_json(answer: Answer) -> dict[str, Any]:
    """The answer with plain values only; dates as ISO 8601."""
    return {**asdict(answer), "citation": citation_as_json(answer.citation)}


def citation_as_json(citation: Citation) -> dict[str, Any]:
    return {**asdict(citation), "reviewed_on": citation.reviewed_on.isoformat()}
