"""Questions over all of the document: ways, comparisons, words, sources, choosing."""

from __future__ import annotations

from itertools import combinations

import pytest
from reply_checks import assert_cited, assert_tells
from running_bot import Bot

from knowledge.answers import Answers

# Question -> ids of knowledge.ways, in the order in which they are named there.
WAYS = {
    "Which treatments are pills?": ["pill"],
    "Which of these can be swallowed?": ["pill"],
    "Which treatments are given through an IV?": ["iv"],
    "Which medicines are dripped into a vein?": ["iv"],
    "Which treatments are given as a shot under the skin?": ["shot"],
    "Which treatments come from a machine?": ["machine"],
    "Which treatments are given once a week?": ["weekly"],
    "Which drugs are given every 2 weeks?": ["every_two_weeks"],
    "Which drugs do you take every day?": ["once_a_day"],
    "Which treatments are given in a hospital?": ["hospital"],
    "Which treatments can I take at home?": ["home"],
}
COMPARED = (
    "Sutent", "Votrient", "Opdivo", "Avastin", "Afinitor", "Torisel", "radiation", "chemotherapy",
)  # fmt: skip
COMPARISONS = (
    "What is the difference between {} and {}?",
    "Compare {} and {}.",
    "How do {} and {} compare?",
)
ID_OF = {
    "Sutent": "sunitinib",
    "Votrient": "pazopanib",
    "Opdivo": "nivolumab",
    "Avastin": "bevacizumab",
    "Afinitor": "everolimus",
    "Torisel": "temsirolimus",
    "radiation": "radiation therapy",
    "chemotherapy": "chemotherapy",
}
WORDS = {
    "What does metastatic mean?": "metastatic",
    "What is the adrenal gland?": "adrenal gland",
    "What are cytokines?": "cytokines",
    "What does IV stand for?": "IV",
    "What are checkpoints?": "checkpoints",
    "What is angiogenesis?": "angiogenesis",
    "What does VEGF mean?": "VEGF",
    "What are tyrosine kinases?": "tyrosine kinases",
    "What does mTOR mean?": "mTOR",
    "What does external-beam radiation mean?": "external-beam radiation",
    "What does palliative mean?": "palliative therapies",
    "What does palliative care mean?": "palliative therapies",
    "What does cycles mean?": "cycles",
}
SOURCES = (
    "Where does this information come from?",
    "Who wrote this?",
    "When was this last reviewed?",
    "How old is your information?",
    "What are your sources?",
    "Show me all references.",
)
OPTIONS = (
    "What treatments are there?",
    "What are my treatment options?",
    "Which treatments are there for kidney cancer that has spread?",
    "List all the treatments.",
)
CHOOSING = (
    "How do doctors choose a treatment?",
    "How is the right treatment chosen?",
    "How do people decide on a treatment?",
)
TRIALS = (
    "What are clinical trials?",
    "Tell me about clinical trials.",
    "What does the document say about clinical trials?",
)
CONDITION = (
    "What is this cancer?",
    "What is kidney cancer that has spread?",
    "What is stage IV renal cell cancer?",
)
DOCTOR_QUESTIONS = {
    "What should I ask my doctor about Sutent?": "sunitinib",
    "What questions should I ask my doctor about radiation?": "radiation therapy",
    "Which questions can I take to my doctor about Opdivo?": "nivolumab",
    "What should I ask my doctor?": None,
}


@pytest.mark.parametrize(("question", "ways"), WAYS.items())
def test_treatments_are_found_by_the_way_in_which_they_are_given(
    bot: Bot, answers: Answers, question: str, ways: list[str]
) -> None:
    assert_tells(bot.ask(question), answers.treatments_by_administration(ways))


@pytest.mark.parametrize(("number", "pair"), list(enumerate(combinations(COMPARED, 2))))
def test_two_treatments_are_compared_cell_by_cell(
    bot: Bot, answers: Answers, number: int, pair: tuple[str, str]
) -> None:
    question = COMPARISONS[number % len(COMPARISONS)].format(*pair)
    assert_tells(bot.ask(question), answers.compare([ID_OF[name] for name in pair]))


def test_three_treatments_are_compared_side_by_side(bot: Bot, answers: Answers) -> None:
    reply = bot.ask("Compare Opdivo, Avastin and Torisel.")
    assert_tells(reply, answers.compare(["nivolumab", "bevacizumab", "temsirolimus"]))


@pytest.mark.parametrize(("question", "term"), WORDS.items())
def test_a_word_of_the_document_is_explained_in_its_sentences(
    bot: Bot, answers: Answers, question: str, term: str
) -> None:
    expected = answers.definition(term)
    assert expected is not None
    assert_tells(bot.ask(question), expected)


@pytest.mark.parametrize("question", SOURCES)
def test_the_sources_are_named_in_full(bot: Bot, answers: Answers, question: str) -> None:
    reply = bot.ask(question)
    assert_tells(reply, answers.sources())
    document = answers.table.document_ids()[0]
    for reference in answers.table.references(document):
        assert str(reference) in reply.text
    assert "Laura J. Martin, MD" in reply.text


@pytest.mark.parametrize("question", OPTIONS)
def test_the_options_are_all_treatments_of_the_document(
    bot: Bot, answers: Answers, question: str
) -> None:
    reply = bot.ask(question)
    assert_cited(reply, answers.options().citation)
    condition = answers.table.condition(answers.table.document_ids()[0])
    for treatment in answers.table.members(condition):
        assert treatment in reply.text.lower()


@pytest.mark.parametrize("question", CHOOSING)
def test_choosing_is_left_to_the_doctor_with_what_the_document_says(
    bot: Bot, answers: Answers, question: str
) -> None:
    assert_tells(bot.ask(question), answers.on_condition("choosing"))


@pytest.mark.parametrize("question", TRIALS)
def test_clinical_trials_are_told_as_the_document_does(
    bot: Bot, answers: Answers, question: str
) -> None:
    reply = bot.ask(question)
    assert_cited(reply, answers.on_condition("trials").citation)
    assert "test new therapies" in reply.text


@pytest.mark.parametrize("question", CONDITION)
def test_the_condition_is_told_as_the_document_does(
    bot: Bot, answers: Answers, question: str
) -> None:
    assert_tells(bot.ask(question), answers.on_condition("overview"))


@pytest.mark.parametrize(("question", "treatment"), DOCTOR_QUESTIONS.items())
def test_questions_for_the_doctor_are_offered(
    bot: Bot, answers: Answers, question: str, treatment: str | None
) -> None:
    assert_tells(bot.ask(question), answers.doctor_questions(treatment))
