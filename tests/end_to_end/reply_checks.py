"""What every reply of the bot has to hold, whatever was asked."""

from __future__ import annotations

import re
from dataclasses import replace

from running_bot import Message

from knowledge import wording
from knowledge.answer import Answer, Citation
from knowledge.answers import Answers

NOT_SAID = "The document does not say"
WHOM_TO_ASK = re.compile(r"\bask\b[^.]*\b(?:doctor|nurse|pharmacist)")
# What a patient must never see: {slot}, /intent{"entity": ...}, 0[ and the names of intents.
TEMPLATE_SYNTAX = re.compile(r"[{}]|\b(?:ask|outside|utter|action|inform|seek|report)_\w+|0\[")


def assert_readable(message: Message) -> None:
    """Words, no blank line (a channel would split the message there) and no template syntax."""
    assert message.text.strip(), "the reply is empty"
    assert all(line.strip() for line in message.text.split("\n")), f"blank line:\n{message.text}"
    assert not TEMPLATE_SYNTAX.search(message.text), f"template syntax:\n{message.text}"
    for button in message.buttons:
        assert not TEMPLATE_SYNTAX.search(button["title"]), f"in a button: {button['title']}"


def assert_cited(message: Message, citation: Citation) -> None:
    """Publisher, review date with its age, and the references on the topic, at the end."""
    assert_readable(message)
    assert "WebMD" in message.text
    assert "September 11, 2017" in message.text
    assert wording.age(citation) in message.text, f"the age of the review:\n{message.text}"
    missing = [r for r in citation.on_topic if r not in message.text]
    assert not missing, f"references {missing} are missing in:\n{message.text}"
    assert message.text.count("Source: ") == 1, f"one citation a message:\n{message.text}"


def assert_tells(message: Message, answer: Answer) -> None:
    """Every sentence and item of the answer, each as the table has it, and whose fact it is."""
    assert_cited(message, answer.citation)
    wanted = [answer.verdict, answer.absence]
    for section in answer.sections:
        wanted += [section.whose] if section.whose.startswith("For ") else []
        wanted += [*section.sentences, *section.items]
    for _, cells in answer.comparison.rows if answer.comparison else ():
        wanted += cells
    missing = [text for text in wanted if text not in message.text]
    assert not missing, f"{missing} are missing in:\n{message.text}"


def assert_names(message: Message, answers: Answers, treatment: str) -> None:
    name = answers.full_name(treatment)
    assert name.lower() in message.text.lower(), f"'{name}' is not named in:\n{message.text}"


def assert_not_covered(message: Message, answers: Answers) -> None:
    """Says that the document does not say it, and whom to ask, with the citation."""
    citation = answers.sources().citation
    assert_cited(message, replace(citation, on_topic=()))
    assert NOT_SAID in message.text, f"not said to be outside:\n{message.text}"
    assert WHOM_TO_ASK.search(message.text), f"not said whom to ask:\n{message.text}"
