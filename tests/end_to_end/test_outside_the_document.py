"""What the document does not say is said not to be there, with whom to ask and the citation."""

from __future__ import annotations

import pytest
from reply_checks import assert_not_covered, assert_readable
from running_bot import Bot

from knowledge.answers import Answers

QUESTIONS = (
    "How many milligrams of Sutent should I take?",
    "What is the dose of Inlyta?",
    "I missed a dose of Votrient. What do I do?",
    "I forgot my Afinitor this morning, can I take it tonight?",
    "Do I take Nexavar with food or on an empty stomach?",
    "Can I crush Cabometyx pills?",
    "How long do people stay on Opdivo?",
    "What happens when I stop taking Lenvima?",
    "Can I take ibuprofen with Sutent?",
    "Does Inlyta interact with blood thinners?",
    "Can I drink alcohol while on Votrient?",
    "Can I eat grapefruit with Sutent?",
    "Can I get pregnant while taking Afinitor?",
    "Is it safe to breastfeed on Avastin?",
    "How should I store Lenvima?",
    "What color are Sutent capsules?",
    "What are the inactive ingredients in Votrient?",
    "How much does Opdivo cost?",
    "Does insurance pay for Cabometyx?",
    "How long do people live with stage 4 kidney cancer?",
    "What causes kidney cancer?",
    "What are the symptoms of kidney cancer?",
    "What blood tests do I need on Sutent?",
    "How long until Inlyta starts working?",
    "Can I drive after an Avastin infusion?",
    "Can I get a flu shot while on Opdivo?",
    "Does turmeric help against kidney cancer?",
    "Is Opdivo used for lung cancer?",
    "What are the side effects of metformin?",
    "How often is Keytruda given?",
    "How long is the recovery after kidney surgery?",
    "What is the half life of axitinib?",
    "How long do the side effects of Votrient last?",
    "Can people with diabetes take Afinitor?",
    "What is the weather tomorrow?",
)
ADVICE = (
    "Should I stop taking Sutent?",
    "Should I have surgery or take Opdivo?",
    "Is my rash from the Votrient?",
    "What would you do in my place?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_outside_the_document_is_said_to_be_outside(
    bot: Bot, answers: Answers, question: str
) -> None:
    assert_not_covered(bot.ask(question), answers)


@pytest.mark.parametrize("question", ADVICE)
def test_personal_advice_is_left_to_the_care_team(bot: Bot, question: str) -> None:
    reply = bot.ask(question)
    assert_readable(reply)
    assert "I cannot" in reply.text
    assert "your doctor or nurse" in reply.text
    assert "September 11, 2017" in reply.text


def test_a_near_fact_stands_beside_what_is_not_said_and_not_in_its_place(bot: Bot) -> None:
    reply = bot.ask("What is the dose of Inlyta?")
    lines = reply.text.split("\n")
    assert lines[0].startswith("The document does not say how much of Inlyta (axitinib) to take")
    assert "once or twice a day" in reply.text
