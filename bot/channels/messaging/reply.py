"""One model of a reply, made from the data beside each message; every renderer draws this."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from knowledge.answer import Citation
from knowledge.render import BULLET, citation_lines

SAFETY_KINDS = ("emergency", "crisis")
OF_CITATION = ("Source: ", "Reviewed by ", "References on ")
# A full stop after these ends no sentence. Looked for behind the space that would part two.
ABBREVIATED = r"(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bSt\.)(?<!\be\.g\.)(?<!\bi\.e\.)"
SENTENCE_END = re.compile(rf"(?<=[.!?。])(?<!\b[A-Z]\.){ABBREVIATED}\s+(?=[“\"(A-Z0-9])")


class Style(Enum):
    URGENT = "urgent"  # what to do now: first, and never cut
    HEADING = "heading"
    LABEL = "label"  # speaks for the lines below it ("For mTOR inhibitors as a group: ...")
    TEXT = "text"
    ITEM = "item"  # of a list
    CITATION = "citation"  # last, and never cut
    CHOICE = "choice"  # a button in words, below everything


@dataclass(frozen=True)
class Line:
    """Words that stay in one message; `runs_on` follows the line before without a line break."""

    style: Style
    text: str
    runs_on: bool = False


@dataclass(frozen=True)
class Choice:
    """A button: what the patient reads, and what it asks."""

    title: str
    payload: str

    @property
    def key(self) -> str:
        """Stands for the payload at the vendor: short, and nothing can be read from it."""
        return hashlib.sha256(self.payload.encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Reply:
    """One message of the bot.

    `kind` is "answer", or what actions/replies.py names: text, clarify, not_covered, advice,
    emergency, crisis. `lines` are in reading order: urgent ones first, the citation last.
    `more_follows`: another reply to the same message comes after this one.
    """

    kind: str
    lines: tuple[Line, ...]
    choices: tuple[Choice, ...] = ()
    more_follows: bool = False

    @classmethod
    def of(cls, message: dict[str, Any]) -> Reply:
        """From a message as `dispatcher.utter_message` made it."""
        answer = message.get("answer")
        kind = message.get("kind") or ("answer" if answer else "text")
        lines = [Line(Style.URGENT, message["urgent"])] if message.get("urgent") else []
        if answer:
            lines += [*_of_answer(answer), *_of_citation(answer["citation"])]
        else:
            lines += [*_of_words(message, kind), *_of_citation(message.get("citation"))]
        lines = [line for line in lines if line.text.strip()]
        cited = [line for line in lines if line.style is Style.CITATION]
        before = [line for line in lines if line.style is not Style.CITATION]
        choices = tuple(Choice(b["title"], b["payload"]) for b in message.get("buttons") or ())
        return cls(kind, (*before, *dict.fromkeys(cited)), choices)

    @classmethod
    def words(cls, text: str, kind: str = "text") -> Reply:
        """The bot's own words, such as those of wording.py."""
        return cls.of({"text": text, "kind": kind})

    @property
    def is_urgent(self) -> bool:
        return any(line.style is Style.URGENT for line in self.lines)

    @property
    def citation(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.style is Style.CITATION)


def sentences(text: str) -> list[str]:
    return SENTENCE_END.split(text.strip())


def _of_answer(answer: dict[str, Any]) -> Iterator[Line]:
    yield Line(Style.HEADING, answer["heading"])
    yield from _text(answer["verdict"])
    for section in answer["sections"]:
        yield Line(Style.LABEL, section["whose"])
        said = [part for sentence in section["sentences"] for part in sentences(sentence)]
        introduces = bool(section["items"])  # "Side effects of Opdivo include:"
        for at, sentence in enumerate(said):
            is_last = at == len(said) - 1
            yield Line(Style.LABEL if is_last and introduces else Style.TEXT, sentence, at > 0)
        yield from (Line(Style.ITEM, item) for item in section["items"])
    comparison = answer["comparison"]
    for topic, cells in comparison["rows"] if comparison else ():
        yield Line(Style.LABEL, topic)
        for column, cell in zip(comparison["columns"], cells, strict=True):
            yield Line(Style.ITEM, f"{column}: {cell}")
    yield from _text(answer["absence"])
    for note in answer["notes"]:
        yield from _text(note)


def _of_words(message: dict[str, Any], kind: str) -> Iterator[Line]:
    given = message.get("lines") or [message.get("text") or ""]
    for line in (part for text in given for part in text.split("\n")):
        if kind in SAFETY_KINDS:
            yield Line(Style.URGENT, line)
        elif line.startswith(BULLET):
            yield Line(Style.ITEM, line.removeprefix(BULLET))
        elif line.startswith(OF_CITATION):  # an answer's text inside another message
            yield Line(Style.CITATION, line)
        else:
            yield from _text(line)


def _of_citation(data: dict[str, Any] | None) -> Iterator[Line]:
    if data:
        cited = Citation(**{**data, "reviewed_on": date.fromisoformat(data["reviewed_on"])})
        yield from (Line(Style.CITATION, line) for line in citation_lines(cited))


def _text(text: str) -> Iterator[Line]:
    for at, sentence in enumerate(sentences(text)):
        yield Line(Style.TEXT, sentence, at > 0)
