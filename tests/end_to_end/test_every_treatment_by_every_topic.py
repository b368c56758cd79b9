"""Every treatment, by each of its names, asked on every topic that it can be asked on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from reply_checks import assert_names, assert_tells
from running_bot import Bot

from knowledge.answers import Answers

TABLE = yaml.safe_load(Path(__file__).with_name("treatment_questions.yml").read_text("utf-8"))


class Case(NamedTuple):
    treatment: str
    topic: str
    question: str


def _cases() -> Iterator[Case]:
    for topic, by_kind in TABLE["questions"].items():
        for kind, wordings in by_kind.items():
            names = [(known[0], name) for known in TABLE["names"][kind] for name in known]
            for number, (treatment, name) in enumerate(names):
                wording = wordings[number % len(wordings)]
                yield Case(treatment, topic, wording.format(name=name))


CASES = list(_cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.question)
def test_the_answer_holds_all_that_the_table_has_on_the_topic_with_its_citation(
    bot: Bot, answers: Answers, case: Case
) -> None:
    reply = bot.ask(case.question)
    assert_tells(reply, answers.on_topic(case.treatment, case.topic))
    assert_names(reply, answers, case.treatment)


def test_each_treatment_of_the_table_is_asked_about(answers: Answers) -> None:
    assert {case.treatment for case in CASES} == set(answers.table.treatment_ids())


# The topics that are missing in the file (choosing, trials) are asked in test_the_document.py.
def test_each_topic_that_the_document_has_of_a_treatment_is_asked_about(answers: Answers) -> None:
    asked = {(case.treatment, case.topic) for case in CASES}
    told = {
        (treatment, topic)
        for treatment in answers.table.treatment_ids()
        for topic in TABLE["questions"]
        if answers.table.passages(treatment, topic)
    }
    assert told <= asked, f"never asked: {sorted(told - asked)}"


def test_there_are_more_than_three_hundred_questions() -> None:
    assert len({case.question for case in CASES}) > 300
