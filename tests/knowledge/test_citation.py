"""A citation names the references on the topic, and how old the review is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from knowledge import wording
from knowledge.answer import Citation
from knowledge.answers import Answers
from knowledge.citation import cite, full_years
from knowledge.render import citation_lines

REVIEWED = date(2017, 9, 11)


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        (REVIEWED, date(2026, 11, 23), 9),
        (REVIEWED, date(2018, 9, 10), 0),
        (REVIEWED, date(2018, 9, 11), 1),
        (date(2020, 2, 29), date(2021, 2, 28), 0),
        (date(2020, 2, 29), date(2021, 3, 1), 1),
        (date(2020, 2, 29), date(2024, 2, 28), 3),
        (date(2020, 2, 29), date(2024, 2, 29), 4),
        (REVIEWED, REVIEWED, 0),
        (REVIEWED, date(2016, 1, 1), 0),
        (REVIEWED, date(1970, 1, 1), 0),
    ],
)
def test_age_is_in_full_years_and_never_negative(start: date, end: date, years: int) -> None:
    assert full_years(start, end) == years


@pytest.mark.parametrize(
    ("today", "limit", "is_old"),
    [
        (date(2020, 9, 10), 3, False),
        (date(2020, 9, 11), 3, True),
        (date(2026, 1, 1), 10, False),
        (date(2017, 1, 1), 3, False),
    ],
)
def test_past_the_limit_a_review_counts_as_old(
    answers: Answers, today: date, limit: int, is_old: bool
) -> None:
    citation = cite(answers.table, "kidney_cancer", [], today=today, max_age_years=limit)
    assert citation.is_old is is_old


@pytest.mark.parametrize(
    ("today", "line"),
    [
        (
            date(2026, 11, 23),
            "over 9 years ago: some of this may have changed, ask your care team.",
        ),
        (date(2018, 12, 1), "over 1 year ago."),
        (date(2017, 12, 1), "under a year ago."),
        (date(2001, 1, 1), "under a year ago."),
    ],
)
def test_the_review_line_tells_the_age(answers: Answers, today: date, line: str) -> None:
    citation = cite(answers.table, "kidney_cancer", [], today=today)
    reviewed = "Reviewed by Laura J. Martin, MD on September 11, 2017, "
    assert wording.review(citation) == reviewed + line


def test_an_adapted_edition_says_so(answers: Answers) -> None:
    citation = cite(answers.table, "kidney_cancer", [], today=REVIEWED)
    title = '"Treatments for Metastatic Renal Cell Carcinoma" (WebMD).'
    assert wording.source(citation) == f"Source: adapted from WebMD Medical Reference, {title}"
    licensed = replace(citation, adapted=False)
    assert wording.source(licensed) == f"Source: WebMD Medical Reference, {title}"


def test_references_on_the_topic_are_told_apart_from_those_on_the_document(
    answers: Answers,
) -> None:
    on_topic = cite(answers.table, "kidney_cancer", ["nivolumab"], today=REVIEWED)
    assert on_topic.on_topic == (  # those on its groups are on the topic too
        'American Cancer Society, "Biologic Therapy (Immunotherapy) for Kidney Cancer"',
        'Cancer Research UK, "Side effects of nivolumab (Opdivo)"',
    )
    assert on_topic.on_document == ()
    none = cite(answers.table, "kidney_cancer", ["trials"], today=REVIEWED)
    assert none.on_topic == ()
    assert len(none.on_document) == 3


def test_all_references_are_given_on_demand(answers: Answers) -> None:
    citation = cite(answers.table, "kidney_cancer", [], today=REVIEWED, everything=True)
    assert len(citation.on_topic) + len(citation.on_document) == 11


@pytest.mark.parametrize(
    ("treatment", "references"),
    [
        ("nivolumab", ["Side effects of nivolumab (Opdivo)", "Biologic Therapy"]),
        ("bevacizumab", ["Bevacizumab Injection", "Targeted Therapies"]),
        ("sunitinib", ["Targeted Therapies"]),
        ("interleukin-2", ["Interleukin-2 (Proleukin", "Biologic Therapy"]),
        ("capecitabine", ["Chemotherapy for Kidney Cancer"]),
        ("radiation therapy", ["Treatment Choices by Stage"]),
    ],
)
def test_an_answer_cites_the_references_on_its_treatment_and_its_groups(
    answers: Answers, treatment: str, references: list[str]
) -> None:
    cited = "; ".join(answers.on_topic(treatment, "side_effects").citation.on_topic)
    for reference in references:
        assert reference in cited


def test_each_document_is_cited_as_its_own(answers_of_both: Answers) -> None:
    gout = answers_of_both.on_topic("cetirizine", "side_effects").citation
    assert (gout.title, gout.publisher, gout.reviewed_by, gout.adapted) == (
        "Treatments for Seasonal Hay Fever", "Example Clinic", "Jane Example, RN", False,
    )  # fmt: skip
    assert gout.on_document == ('Example Allergy Society, "Hay Fever Basics"',)
    shots = answers_of_both.on_topic("desensitization", "schedule").citation
    assert shots.on_topic == ('Example Allergy Society, "Living With Pollen"',)
    kidney = answers_of_both.on_topic("nivolumab", "side_effects").citation
    assert kidney.reviewed_by == "Laura J. Martin, MD"
    assert not any("Example" in r for r in (*kidney.on_topic, *kidney.on_document))


def test_no_address_is_made_up(answers: Answers) -> None:
    citation: Citation = answers.sources().citation
    text = "\n".join(citation_lines(citation))
    assert not any(sign in text for sign in ("http", "www.", ".com", ".org", ".gov"))
