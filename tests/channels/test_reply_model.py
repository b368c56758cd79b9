"""The bot's messages become one model, whatever data they carry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions.replies import as_json, citation_as_json
from bot.channels.messaging.reply import Reply, Style, sentences
from knowledge.answer import Answer, Citation, Comparison, Section
from knowledge.render import citation_lines, render_text

CITATION = Citation(
    "Colds", "Elm Press", "Elm Reference", adapted=False, reviewed_by="Dr. Ash",
    reviewed_on=date(2020, 2, 3), age_years=6, is_old=True, on_topic=("A",), on_document=("B",),
)  # fmt: skip
ANSWER = Answer(
    "Side effects: Tea", ("tea",), "side_effects", CITATION, "c0ffee",
    sections=(Section("For drinks as a group:", ("It is warm.", "Effects include:"), ("Heat",)),),
    absence="The document does not say how much.",
)  # fmt: skip


def styles(reply: Reply) -> list[tuple[str, str]]:
    return [(line.style.value, line.text) for line in reply.lines]


def test_an_answer_has_its_lines_in_reading_order_and_the_citation_last() -> None:
    assert styles(Reply.of({"answer": as_json(ANSWER), "text": "ignored"})) == [
        ("heading", "Side effects: Tea"),
        ("label", "For drinks as a group:"),
        ("text", "It is warm."),
        ("label", "Effects include:"),
        ("item", "Heat"),
        ("text", "The document does not say how much."),
        *(("citation", line) for line in citation_lines(CITATION)),
    ]


def test_a_comparison_names_the_column_in_each_cell() -> None:
    cells = Comparison(("Tea", "Milk"), (("How it works", ("It warms.", "Not said.")),))
    compared = replace(ANSWER, sections=(), absence="", comparison=cells)
    assert styles(Reply.of({"answer": as_json(compared)}))[1:4] == [
        ("label", "How it works"),
        ("item", "Tea: It warms."),
        ("item", "Milk: Not said."),
    ]


@pytest.mark.parametrize("kind", ["emergency", "crisis"])
def test_every_line_of_an_emergency_is_urgent(kind: str) -> None:
    reply = Reply.of({"kind": kind, "lines": ["Call 911 now. Go.", "Then call us."], "text": "x"})
    assert styles(reply) == [("urgent", "Call 911 now. Go."), ("urgent", "Then call us.")]
    assert reply.is_urgent


def test_urgent_words_beside_an_answer_come_first() -> None:
    reply = Reply.of({"urgent": "Call 911.", "answer": as_json(ANSWER)})
    assert reply.lines[0].text == "Call 911."
    assert reply.is_urgent


def test_words_with_a_citation_end_with_it() -> None:
    message = {"lines": ["Which one?"], "text": "x", "citation": citation_as_json(CITATION)}
    reply = Reply.of({**message, "kind": "clarify", "buttons": [{"title": "A", "payload": "/a"}]})
    assert [line.text for line in reply.citation] == list(citation_lines(CITATION))
    assert [choice.title for choice in reply.choices] == ["A"]


def test_the_text_of_an_answer_inside_other_words_keeps_its_parts() -> None:
    reply = Reply.of({"kind": "clarify", "lines": ["Did you mean this?", render_text(ANSWER)]})
    assert ("item", "Heat") in styles(reply)
    assert [line.text for line in reply.citation] == list(citation_lines(CITATION))
    assert reply.lines[-1].style is Style.CITATION


def test_plain_text_is_parted_into_sentences_that_run_on() -> None:
    reply = Reply.words("Hello. I am a program, e.g. no doctor. Ask Dr. Ash.\nOr me.")
    assert [(line.text, line.runs_on) for line in reply.lines] == [
        ("Hello.", False),
        ("I am a program, e.g. no doctor.", True),
        ("Ask Dr. Ash.", True),
        ("Or me.", False),
    ]


@pytest.mark.parametrize("text", ["Reviewed by Laura J. Martin, MD", "See the U.S. National plan"])
def test_an_initial_ends_no_sentence(text: str) -> None:
    assert sentences(text) == [text]
