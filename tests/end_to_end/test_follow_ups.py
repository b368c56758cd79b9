"""What a turn takes over from the turns before it, and what it does not."""

from __future__ import annotations

import pytest
from reply_checks import assert_cited, assert_not_covered, assert_readable, assert_tells
from running_bot import Bot, Conversation

from knowledge.answers import Answers

# A message, and what is answered after it: (treatment, topic).
FOLLOW_UPS = (
    ("What are the side effects of Sutent?", "sunitinib", "side_effects"),
    ("what can it do to me?", "sunitinib", "side_effects"),
    ("how many times a day?", "sunitinib", "schedule"),
    ("now the same for Inlyta", "axitinib", "schedule"),
    ("do you swallow that?", "axitinib", "administration"),
    ("and how does it work?", "axitinib", "how_it_works"),
    ("what about Torisel?", "temsirolimus", "how_it_works"),
    ("how often is it given?", "temsirolimus", "schedule"),
)
# A question without a treatment, and its topic.
UNNAMED = {
    "what should I watch out for?": "side_effects",
    "How often is it given?": "schedule",
    "How does it work?": "how_it_works",
    "How is it given?": "administration",
    "What are the side effects?": "side_effects",
}
TWO_QUESTIONS = {
    "What are the side effects of Sutent, and how often do you take it?": [
        ("sunitinib", "side_effects"), ("sunitinib", "schedule"),
    ],
    "How does Opdivo work? What are its side effects?": [
        ("nivolumab", "how_it_works"), ("nivolumab", "side_effects"),
    ],
    "How is Torisel given? And how often?": [
        ("temsirolimus", "administration"), ("temsirolimus", "schedule"),
    ],
    "How often is Avastin given, and what are the side effects of Opdivo?": [
        ("bevacizumab", "schedule"), ("nivolumab", "side_effects"),
    ],
}  # fmt: skip
TWO_TREATMENTS = {
    "What are the side effects of Sutent and Avastin?": (
        "side_effects",
        "sunitinib",
        "bevacizumab",
    ),
    "How often do you get Opdivo and Torisel?": ("schedule", "nivolumab", "temsirolimus"),
    "How does Afinitor work and how does Avastin work?": (
        "how_it_works",
        "everolimus",
        "bevacizumab",
    ),
}
FOREIGN = (
    "What are the side effects of metformin?",
    "How often is Keytruda given?",
    "And Keytruda?",
    "what about pembrolizumab",
    "how does tamoxifen work",
    "now the same for Tylenol",
)
MANNERS = {
    "hello": "I am a computer program, not a doctor or a nurse",
    "what can you do?": "You can ask me about the treatments in the document",
    "thanks": "You are welcome",
    "bye": "Goodbye",
    "are you a person?": "I am a chatbot",
}


def test_follow_ups_go_on_with_the_treatment_and_the_topic(
    chat: Conversation, answers: Answers
) -> None:
    for message, treatment, topic in FOLLOW_UPS:
        assert_tells(chat.ask(message), answers.on_topic(treatment, topic))


def test_where_did_you_get_that_is_answered_with_the_sources(
    chat: Conversation, answers: Answers
) -> None:
    chat.ask("What are the side effects of Sutent?")
    assert_tells(chat.ask("where did you get that?"), answers.sources())


@pytest.mark.parametrize(("question", "topic"), UNNAMED.items())
def test_a_question_without_a_treatment_asks_which_and_is_taken_up_when_told(
    bot: Bot, answers: Answers, question: str, topic: str
) -> None:
    typed, tapped = bot.chat(), bot.chat()
    asked_back = typed.ask(question)
    assert_readable(asked_back)
    assert "Which treatment do you mean?" in asked_back.text
    assert "radiation therapy" in asked_back.titles
    assert_tells(typed.ask("Avastin"), answers.on_topic("bevacizumab", topic))
    reply = tapped.tap(tapped.ask(question), "radiation therapy")
    assert_tells(reply, answers.on_topic("radiation therapy", topic))


def test_the_treatment_may_be_told_in_a_sentence(chat: Conversation, answers: Answers) -> None:
    chat.ask("what should I watch out for?")
    reply = chat.ask("Oh sorry, Votrient. My husband is on day 4")
    assert_tells(reply, answers.on_topic("pazopanib", "side_effects"))


@pytest.mark.parametrize(("message", "expected"), TWO_QUESTIONS.items())
def test_two_questions_get_one_cited_block_each(
    chat: Conversation, answers: Answers, message: str, expected: list[tuple[str, str]]
) -> None:
    replies = chat.say(message)
    assert len(replies) == len(expected), replies
    for reply, (treatment, topic) in zip(replies, expected, strict=True):
        assert_tells(reply, answers.on_topic(treatment, topic))


@pytest.mark.parametrize(("message", "expected"), TWO_TREATMENTS.items())
def test_two_treatments_get_one_cited_block_each(
    chat: Conversation, answers: Answers, message: str, expected: tuple[str, str, str]
) -> None:
    topic, *treatments = expected
    replies = chat.say(message)
    assert len(replies) == len(treatments), replies
    for reply, treatment in zip(replies, treatments, strict=True):
        assert_tells(reply, answers.on_topic(treatment, topic))


@pytest.mark.parametrize("message", FOREIGN)
def test_a_foreign_medicine_gets_nothing_of_the_turn_before(
    chat: Conversation, answers: Answers, message: str
) -> None:
    chat.ask("What are the side effects of Opdivo?")
    reply = chat.ask(message)
    assert_not_covered(reply, answers)
    assert "Opdivo" not in reply.text.split("Source:")[0]
    assert "nivolumab" not in reply.text.split("Source:")[0]


def test_after_a_foreign_medicine_its_follow_up_is_not_answered_for_ours(
    chat: Conversation,
) -> None:
    chat.ask("What are the side effects of Opdivo?")
    chat.ask("How often is Keytruda given?")
    reply = chat.ask("and how does it work?")
    assert "Opdivo" not in reply.text


def test_two_conversations_know_nothing_of_each_other(bot: Bot) -> None:
    bot.chat().ask("What are the side effects of Sutent?")
    assert "Which treatment do you mean?" in bot.chat().ask("how often is it given?").text


def test_a_correction_names_the_right_treatment(chat: Conversation, answers: Answers) -> None:
    chat.ask("What are the side effects of Sutent?")
    reply = chat.ask("no, I meant Votrient")
    assert_tells(reply, answers.on_topic("pazopanib", "side_effects"))


def test_a_name_two_letters_off_is_asked_back_and_a_yes_answers(
    chat: Conversation, answers: Answers
) -> None:
    asked_back = chat.ask("What are the side effects of Lenwimma?")
    assert asked_back.text == "Did you mean Lenvima (lenvatinib)?"
    assert "None of these" in asked_back.titles
    assert_tells(chat.ask("yes"), answers.on_topic("lenvatinib", "side_effects"))


def test_a_name_one_letter_off_is_taken(bot: Bot, answers: Answers) -> None:
    reply = bot.ask("How often is Torisell given?")
    assert_tells(reply, answers.on_topic("temsirolimus", "schedule"))


@pytest.mark.parametrize(("message", "words"), MANNERS.items())
def test_manners_are_returned(bot: Bot, message: str, words: str) -> None:
    reply = bot.ask(message)
    assert_readable(reply)
    assert words in reply.text


def test_an_answer_offers_what_to_ask_next(chat: Conversation, answers: Answers) -> None:
    reply = chat.ask("What are the side effects of Opdivo?")
    assert reply.titles == ["How Opdivo is given", "How often Opdivo is given", "How Opdivo works"]
    shown = chat.tap(reply, "How often Opdivo is given")
    assert_tells(shown, answers.on_topic("nivolumab", "schedule"))


def test_when_unsure_readings_are_offered_and_a_second_miss_names_the_care_team(
    chat: Conversation,
) -> None:
    unsure = chat.ask("it says so, but")
    assert_readable(unsure)
    assert "I am not sure what you are asking" in unsure.text
    reply = chat.tap(unsure, "None of these")
    assert_readable(reply)
    assert "contact the care team" in reply.text


def test_a_long_conversation_still_gets_cited_answers(chat: Conversation, answers: Answers) -> None:
    names = {"Sutent": "sunitinib", "Opdivo": "nivolumab", "Torisel": "temsirolimus"}
    for number in range(30):
        name = list(names)[number % len(names)]
        reply = chat.ask(f"How often is {name} given?")
        assert_cited(reply, answers.on_topic(names[name], "schedule").citation)


@pytest.mark.parametrize("name", ["pazopenab", "Inlitta", "Zorvexa", "Sutentix", "Glivanza"])
def test_an_unknown_name_is_never_answered_for_the_treatment_of_the_turn_before(
    chat: Conversation, name: str
) -> None:
    chat.ask("What are the side effects of Opdivo?")
    reply = chat.ask(f"What are the side effects of {name}?")
    assert_readable(reply)
    assert "Opdivo" not in reply.text.split("Source:")[0]
