"""An answer is one message: no blank line, no template, the citation last."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sample_documents import KIDNEY_CANCER

from knowledge.answer import Answer, Section
from knowledge.answers import Answers
from knowledge.catalog import read_catalog
from knowledge.render import render_text
from knowledge.topics import TOPICS

TREATMENTS = list(read_catalog(KIDNEY_CANCER.catalog).treatments)


def every_answer(answers: Answers) -> list[Answer]:
    found = [answers.on_topic(t, topic) for t in TREATMENTS for topic in TOPICS]
    found += [answers.doctor_questions(t) for t in (None, *TREATMENTS)]
    found += [answers.side_effect_check(t, ["fainting", "seizures"]) for t in TREATMENTS]
    found += [answers.compare([t, "nivolumab"]) for t in TREATMENTS]
    found += [answers.on_condition(topic) for topic in ("overview", "choosing", "trials")]
    return [*found, answers.options(), answers.sources()]


def test_no_answer_holds_a_blank_line_or_template_syntax(answers: Answers) -> None:
    for answer in every_answer(answers):
        text = render_text(answer)
        assert not re.search(r"\n\s*\n|^\s|\s$", text), text
        assert not re.search(r"[{}]|%s|None|\w+\(\)", text), text


def test_every_answer_ends_with_its_citation(answers: Answers) -> None:
    for answer in every_answer(answers):
        lines = render_text(answer).splitlines()
        source = [n for n, line in enumerate(lines) if line.startswith("Source: ")]
        assert len(source) == 1
        assert lines[source[0] + 1].startswith("Reviewed by Laura J. Martin, MD on September 11, 2")
        assert all(line.startswith("References on ") for line in lines[source[0] + 2 :])


def test_an_answer_reads_as_it_should(answers: Answers) -> None:
    assert render_text(answers.on_topic("sunitinib", "schedule")) == (
        "How often it is given: Sutent (sunitinib)\n"
        "For tyrosine kinase inhibitors (TKIs) as a group, to which Sutent (sunitinib) belongs:\n"
        "TKIs are pills that you take once or twice a day.\n"
        'Source: adapted from WebMD Medical Reference, "Treatments for Metastatic Renal Cell '
        'Carcinoma" (WebMD).\n'
        "Reviewed by Laura J. Martin, MD on September 11, 2017, over 9 years ago: some of this may "
        "have changed, ask your care team.\n"
        "References on this topic: American Cancer Society, "
        '"Targeted Therapies for Kidney Cancer".'
    )


@pytest.mark.parametrize("text", ["braces {name}", "0[", "{", "100%s", "{{x}}"])
def test_medical_text_is_shown_as_it_stands(answers: Answers, text: str) -> None:
    answer = replace(answers.on_topic("surgery", "when_used"), sections=(Section("", (text,)),))
    assert f"\n{text}\n" in render_text(answer)
