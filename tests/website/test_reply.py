"""The bot's messages become what the widget draws."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date

import pytest
from jsonschema import Draft202012Validator

from actions.replies import as_json, citation_as_json
from bot.website.reply import reply
from bot.website.schema import schema
from knowledge.answer import Answer, Citation, Comparison, Section

CITATION = Citation(
    "Colds", "Elm Press", "Elm Reference", adapted=False, reviewed_by="Dr. Ash",
    reviewed_on=date(2020, 2, 3), age_years=6, is_old=True, on_topic=("A",), on_document=("B",),
)  # fmt: skip
ANSWER = Answer(
    "Side effects: Tea", ("tea",), "side_effects", CITATION, "c0ffee",
    sections=(Section("For drinks as a group:", ("It warms.",), ("Heat",)),),
    comparison=Comparison(("Tea", "Milk"), (("How it works", ("It warms.", "Not said.")),)),
)  # fmt: skip


def checked(*messages: dict[str, object], kind: str = "") -> list[dict[str, object]]:
    made = json.loads(json.dumps(reply("12345678", messages, kind)))  # as it travels
    whole = schema()
    rules = {"$ref": "#/$defs/reply", "$defs": whole["$defs"]}
    Draft202012Validator(rules).validate(made)
    items: list[dict[str, object]] = made["items"]
    return items


def test_urgent_words_stand_beside_the_answer() -> None:
    message = {"text": "Call!\nIt warms.", "urgent": "Call!", "answer": as_json(ANSWER)}
    (item,) = checked(message)
    assert item["urgent"] == "Call!"
    assert item["kind"] == "answer"


def test_nothing_of_an_answer_is_lost() -> None:
    (item,) = checked({"text": "It warms.", "answer": as_json(ANSWER)})
    shown = item["answer"]
    assert isinstance(shown, dict)
    assert shown["sections"] == json.loads(json.dumps([asdict(s) for s in ANSWER.sections]))
    assert shown["comparison"]["rows"] == [
        {"topic": "How it works", "cells": ["It warms.", "Not said."]}
    ]
    assert {k for k in asdict(ANSWER) if k not in shown} == {"citation", "passage_ids"}


@pytest.mark.parametrize(
    ("is_old", "notice"),
    [(True, "Some of this may have changed, ask your care team."), (False, "")],
)
def test_the_age_of_a_review_is_a_notice_of_its_own(is_old: bool, notice: str) -> None:
    citation = citation_as_json(replace(CITATION, is_old=is_old))
    (item,) = checked({"text": "No.", "kind": "advice", "lines": ["No."], "citation": citation})
    cited = item["citation"]
    assert isinstance(cited, dict)
    assert cited["age_notice"] == notice
    assert cited["review"].startswith("Reviewed by Dr. Ash on February 3, 2020, over 6 years ago")


def test_a_message_without_data_is_shown_line_by_line() -> None:
    (item,) = checked({"text": "Hello.\nAsk me.", "buttons": None})
    assert item == {
        "kind": "text", "text": "Hello.\nAsk me.", "buttons": [], "lines": ["Hello.", "Ask me."],
    }  # fmt: skip


def test_two_messages_of_one_turn_are_two_items_of_one_reply() -> None:
    assert len(checked({"text": "One."}, {"text": "Two."})) == 2
