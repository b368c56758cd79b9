"""Every sentence of every answer stands in the table; what is missing is said."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import combinations
from pathlib import Path

import pytest
from sample_documents import KIDNEY_CANCER

from knowledge.answer import Answer
from knowledge.answers import COMPARED_TOPICS, Answers
from knowledge.catalog import read_catalog
from knowledge.render import render_text
from knowledge.topics import TOPICS
from knowledge.ways import WAYS

CATALOG = read_catalog(KIDNEY_CANCER.catalog)
TREATMENTS = list(CATALOG.treatments)


@pytest.fixture(scope="module")
def standing(own_table: Path) -> set[str]:
    """Every text that stands in the table."""
    with closing(sqlite3.connect(own_table)) as db:
        queries = ("SELECT lead FROM passages", "SELECT text FROM passages",
                   "SELECT text FROM list_items", "SELECT text FROM glossary")  # fmt: skip
        return {row[0] for query in queries for row in db.execute(query)}


def texts(answer: Answer) -> Iterator[str]:
    for section in answer.sections:
        yield from section.sentences
        yield from section.items


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("treatment", TREATMENTS)
def test_every_answer_is_made_of_what_stands_in_the_table(
    answers: Answers, standing: set[str], treatment: str, topic: str
) -> None:
    answer = answers.on_topic(treatment, topic)
    own_words = {answers.full_name(t) for t in TREATMENTS} if topic == "members" else set()
    assert set(texts(answer)) <= standing | own_words
    assert answer.has_facts or answer.verdict or "The document does not say" in answer.absence
    assert answer.citation.reviewed_by == "Laura J. Martin, MD"


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_an_answer_names_its_treatment(answers: Answers, treatment: str) -> None:
    for topic in TOPICS:
        text = render_text(answers.on_topic(treatment, topic))
        assert answers.short_name(treatment).lower() in text.lower()


def test_a_comparison_is_made_of_what_stands_in_the_table(
    answers: Answers, standing: set[str]
) -> None:
    for pair in combinations([t for t in TREATMENTS if t != CATALOG.condition], 2):
        answer = answers.compare(pair)
        assert answer.comparison is not None
        assert answer.comparison.columns == tuple(answers.full_name(t) for t in pair)
        for _, cells in answer.comparison.rows:
            for cell in cells:
                assert _is_made_of(cell, standing, answers), cell


def _is_made_of(cell: str, standing: set[str], answers: Answers) -> bool:
    if cell == "the document does not say." or cell.startswith("the document says this by medic"):
        return True
    rest = cell
    for treatment in TREATMENTS:
        rest = rest.replace(f"[{answers.full_name(treatment)}]", " ")
    for text in sorted(standing, key=len, reverse=True):
        rest = rest.replace(text, " ").replace(text.rstrip("."), " ")
    return not rest.strip(" ;.")


def test_a_comparison_says_its_gaps_cell_by_cell(answers: Answers) -> None:
    comparison = answers.compare(["bevacizumab", "nivolumab"]).comparison
    assert comparison is not None
    rows = dict(comparison.rows)
    assert rows["How long one session takes"] == (
        "Each IV takes 30 to 90 minutes.", "the document does not say.",
    )  # fmt: skip
    assert len(rows) == len(COMPARED_TOPICS)


@pytest.mark.parametrize("number", [2, 3])
def test_two_or_three_treatments_are_compared(answers: Answers, number: int) -> None:
    shown = answers.compare(["sunitinib", "bevacizumab", "surgery", "nivolumab"][:number])
    assert shown.comparison is not None
    assert len(shown.comparison.columns) == number


def test_more_than_three_are_cut_and_that_is_said(answers: Answers) -> None:
    shown = answers.compare(["sunitinib", "bevacizumab", "surgery", "nivolumab"])
    assert len(shown.about) == 3
    assert "I can set 3 side by side at most" in shown.notes[-1]


@pytest.mark.parametrize(
    ("side_effect", "treatments"),
    [
        ("heartburn", ["bevacizumab"]),
        ("mouth_sores", ["bevacizumab", "mTOR inhibitors", "chemotherapy"]),
        ("hair_loss", ["chemotherapy"]),
        ("heart_attack", ["interleukin-2"]),
    ],
)
def test_side_effects_lead_back_to_each_treatment_that_lists_them(
    answers: Answers, standing: set[str], side_effect: str, treatments: list[str]
) -> None:
    answer = answers.treatments_by_side_effect([side_effect])
    items = [item for section in answer.sections for item in section.items]
    assert len(items) == len(treatments)
    for item, treatment in zip(items, treatments, strict=True):
        who, _, what = item.partition(": ")
        assert answers.full_name(treatment).lower() in who.lower()
        assert what in standing


def test_a_list_of_a_group_names_its_members(answers: Answers) -> None:
    (section,) = answers.treatments_by_side_effect(["liver_problems"]).sections
    assert "as a group (Cabometyx, Votrient, Nexavar, Sutent, Inlyta and Lenvima)" in str(section)


def test_what_no_treatment_lists_is_said_not_to_be_listed(answers: Answers) -> None:
    answer = answers.treatments_by_side_effect(["seizures"])
    assert not answer.has_facts
    assert "does not list" in answer.absence
    assert "does not mean that it cannot happen" in answer.absence


@pytest.mark.parametrize("way", WAYS)
def test_treatments_by_their_way_are_made_of_what_stands_in_the_table(
    answers: Answers, standing: set[str], way: str
) -> None:
    for item in texts(answers.treatments_by_administration([way])):
        said = item.partition(": ")[2]
        for text in sorted(standing, key=len, reverse=True):
            said = said.replace(text, " ")
        assert not said.strip(" /"), item


@pytest.mark.parametrize(
    ("way", "named", "not_named"),
    [
        ("pill", ["Afinitor", "Sutent", "Chemotherapy"], ["Opdivo", "Avastin", "Torisel"]),
        ("iv", ["Opdivo", "Avastin", "Torisel", "Interleukin-2"], ["Sutent", "Afinitor"]),
        ("weekly", ["Torisel"], ["Afinitor", "Opdivo", "Avastin"]),
        ("every_two_weeks", ["Opdivo", "Avastin"], ["Torisel", "Sutent"]),
    ],
)
def test_treatments_are_found_by_the_way_they_are_given(
    answers: Answers, way: str, named: list[str], not_named: list[str]
) -> None:
    text = " ".join(texts(answers.treatments_by_administration([way])))
    assert all(name in text for name in named)
    assert not any(name in text for name in not_named)


def test_a_listed_side_effect_is_confirmed_with_its_evidence(answers: Answers) -> None:
    answer = answers.side_effect_check("bevacizumab", ["loss_of_appetite"])
    assert answer.verdict.startswith("Yes")
    assert answer.sections[0].items == ("Not feeling hungry",)


def test_a_denied_side_effect_is_not_answered_with_a_yes(answers: Answers) -> None:
    answer = answers.side_effect_check("bevacizumab", ["loss_of_appetite"], is_denied=True)
    assert answer.verdict.startswith("The document does list")
    assert answer.sections[0].items == ("Not feeling hungry",)


@pytest.mark.parametrize(
    ("treatment", "group", "is_denied", "verdict"),
    [
        ("sunitinib", "tyrosine kinase inhibitors", False, "Yes: Sutent (sunitinib) is listed"),
        ("sunitinib", "targeted therapy", False, "Yes: Sutent (sunitinib) is listed"),
        ("sunitinib", "targeted therapy", True, "Sutent (sunitinib) is listed"),
        ("bevacizumab", "chemotherapy", False, "No: Avastin (bevacizumab) is not listed"),
        ("bevacizumab", "chemotherapy", True, "Avastin (bevacizumab) is not listed"),
    ],
)
def test_whether_a_medicine_belongs_to_a_group_is_said_first(
    answers: Answers, treatment: str, group: str, is_denied: bool, verdict: str
) -> None:
    answer = answers.belongs(treatment, group, is_denied=is_denied)
    assert answer.verdict.startswith(verdict)
    name = answers.full_name(treatment)
    assert f"{name} is listed under {answers.full_name(answers.table.groups(treatment)[0])}" in (
        answer.verdict
    )


@pytest.mark.parametrize(
    ("treatment", "partners"),
    [
        ("bevacizumab", ("interferon alpha",)),
        ("interferon alpha", ("bevacizumab",)),
        ("sunitinib", ()),
    ],
)
def test_the_medicines_used_with_one_are_those_that_the_document_names(
    answers: Answers, treatment: str, partners: tuple[str, ...]
) -> None:
    assert answers.used_with(treatment) == partners


def test_a_group_without_another_name_tells_its_medicines_by_brand(answers: Answers) -> None:
    notes = answers.names("checkpoint inhibitors").notes
    assert notes == ("It has these medicines: Opdivo (nivolumab).",)
    assert not answers.names("sunitinib").notes


def test_an_unlisted_side_effect_is_not_denied(answers: Answers) -> None:
    answer = answers.side_effect_check("pazopanib", ["fainting"])
    assert not answer.sections
    assert not answer.verdict
    assert "does not list fainting as a side effect of Votrient (pazopanib)" in answer.absence
    assert "does not mean that it cannot happen" in answer.absence


def test_a_fact_of_the_group_is_said_to_be_the_groups(answers: Answers) -> None:
    (section,) = answers.on_topic("sunitinib", "side_effects").sections
    assert section.whose == (
        "For tyrosine kinase inhibitors (TKIs) as a group, to which Sutent (sunitinib) belongs:"
    )


@pytest.mark.parametrize(
    ("treatment", "topic"),
    [("surgery", "side_effects"), ("radical nephrectomy", "side_effects"),
     ("interleukin-2", "schedule"), ("interferon alpha", "schedule"),
     ("radiation therapy", "schedule"), ("nivolumab", "duration")],
)  # fmt: skip
def test_what_the_document_does_not_say_is_said_by_name(
    answers: Answers, treatment: str, topic: str
) -> None:
    answer = answers.on_topic(treatment, topic)
    assert not answer.has_facts
    assert answer.absence.startswith("The document does not say ")
    assert answers.full_name(treatment) in answer.absence
    assert "ask your doctor" in answer.absence


def test_the_options_are_the_treatments_of_the_document(
    answers: Answers, standing: set[str]
) -> None:
    items = [i.partition(":")[0] for s in answers.options().sections for i in s.items]
    assert items == ["Surgery", "Immunotherapy", "Targeted therapy", "Radiation therapy",
                     "Chemotherapy"]  # fmt: skip
    assert set(items) <= standing


def test_brand_and_generic_names_are_told_apart(answers: Answers) -> None:
    verdict = answers.names("sorafenib").verdict
    assert verdict == (
        "Nexavar is the brand name, sorafenib is the generic name of the same medicine."
    )


@pytest.mark.parametrize("term", CATALOG.glossary)
def test_every_word_of_the_glossary_is_defined_by_the_document(
    answers: Answers, standing: set[str], term: str
) -> None:
    answer = answers.definition(term)
    assert answer is not None
    assert set(texts(answer)) <= standing


def test_an_unknown_word_is_not_defined(answers: Answers) -> None:
    assert answers.definition("hedgehog") is None


def test_passage_ids_are_those_of_the_facts_shown(answers: Answers) -> None:
    answer = answers.on_topic("nivolumab", "schedule")
    (passage,) = answers.table.passages("nivolumab", "schedule")
    assert answer.passage_ids == (passage.passage_id,)


def test_who_asks_which_do_not_list_it_gets_the_lists_without_it(answers: Answers) -> None:
    shown = answers.treatments_without_side_effect(["diarrhea"])
    text = " ".join(texts(shown))
    assert "Interleukin-2" in text
    assert "mTOR" in text
    assert "Opdivo" not in text
    assert "Opdivo" in shown.notes[0]
    assert "does not mean that it cannot happen" in shown.notes[-1]


def test_a_part_of_the_body_stands_for_its_side_effects(answers: Answers) -> None:
    shown = answers.side_effect_check("chemotherapy", ["hair_problems"])
    assert shown.verdict == "Yes: the document lists a problem with the hair as a side effect."
    assert shown.sections[0].items == ("Hair loss",)
    assert "does not list a problem with the hair" in (
        answers.side_effect_check("nivolumab", ["hair_problems"]).absence
    )


def test_a_word_that_is_not_explained_is_said_to_be_so(answers: Answers) -> None:
    shown = answers.unexplained()
    assert shown.absence.startswith("The document does not explain that word.")
    assert "VEGF" in shown.absence
    assert not shown.sections


def test_how_well_each_works_is_told_of_each_that_the_document_speaks_of(answers: Answers) -> None:
    answer = answers.how_well_each_works()
    said = "\n".join(texts(answer))
    treated = {p.treatment for p in answers.table.passages_on("effectiveness")}
    assert len(treated) > 3
    assert all(t.lower() in said.lower() for t in treated)
    assert answer.citation.reviewed_by == "Laura J. Martin, MD"


@pytest.mark.parametrize(
    ("treatment", "way", "verdict"),
    [
        ("everolimus", "once_daily", "Yes: once a day."),
        ("everolimus", "twice_daily", "The document says it differently:"),
        ("everolimus", "more_daily", "The document says it differently:"),
        ("sunitinib", "once_daily", "The document says:"),  # once or twice: no plain yes
        ("sunitinib", "twice_daily", "The document says:"),
        ("sunitinib", "more_daily", "The document says it differently:"),
        ("temsirolimus", "once_daily", "The document says it differently:"),
    ],
)
def test_how_many_times_a_day_is_not_confirmed_where_it_is_another_number(
    answers: Answers, treatment: str, way: str, verdict: str
) -> None:
    assert answers.on_topic(treatment, "schedule", (way,)).verdict == verdict
