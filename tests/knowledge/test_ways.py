"""How a treatment is given: what patients ask for, and what they ask to be spared."""

from __future__ import annotations

import pytest

from knowledge.answers import Answers
from knowledge.ways import ways_asked, ways_refused


@pytest.mark.parametrize(
    ("text", "asked", "refused"),
    [
        ("what can be swallowed?", ["pill"], []),
        ("which one is a drip, once a week", ["iv", "weekly"], []),
        ("which of them don't go into a vein", [], ["iv"]),
        ("what is NOT a tablet", [], ["pill"]),
        ("anything without needles?", [], ["shot", "iv"]),
        ("I can't swallow pills, is there a shot instead", ["shot"], ["pill"]),
        ("non-injectable ones", [], ["shot"]),
        ("a pill at home, not in a hospital", ["pill", "home"], ["hospital"]),
        ("what is dripped in, no idea which", ["iv"], []),
    ],
)
def test_what_is_wanted_and_what_is_refused_are_told_apart(
    text: str, asked: list[str], refused: list[str]
) -> None:
    assert ways_asked(text) == asked
    assert ways_refused(text) == refused


@pytest.mark.parametrize(
    ("refused", "named", "not_named"),
    [
        (["iv"], ["Interleukin-2", "Interferon", "Sutent", "Afinitor", "Chemotherapy", "Radiation"],
         ["Opdivo", "Avastin", "Torisel"]),
        (["pill"], ["Opdivo", "Avastin", "Torisel", "Chemotherapy"], ["Sutent", "Afinitor"]),
        (["iv", "shot"], ["Sutent", "Afinitor", "Radiation"], ["Interleukin-2", "Opdivo"]),
    ],
)  # fmt: skip
def test_a_treatment_is_left_out_only_where_no_other_way_is_said_of_it(
    answers: Answers, refused: list[str], named: list[str], not_named: list[str]
) -> None:
    (section,) = answers.treatments_by_administration([], refused).sections
    treatments = " ".join(item.partition(": ")[0] for item in section.items)
    assert all(name in treatments for name in named)
    assert not any(name in treatments for name in not_named)


@pytest.mark.parametrize(
    ("treatment", "topic", "way", "starts"),
    [
        ("nivolumab", "administration", "iv", "Yes: through a vein"),
        ("nivolumab", "administration", "pill", "The document says it differently:"),
        ("sunitinib", "administration", "pill", "Yes: taken as a pill"),
        ("interleukin-2", "place", "home", "Yes: at home"),
        ("nivolumab", "schedule", "weekly", "The document says it differently:"),
        ("nivolumab", "schedule", "pill", ""),
    ],
)
def test_a_way_that_is_asked_of_one_treatment_is_confirmed_or_not_said(
    answers: Answers, treatment: str, topic: str, way: str, starts: str
) -> None:
    shown = answers.on_topic(treatment, topic, [way])
    assert shown.verdict.startswith(starts)
    assert bool(shown.verdict) == bool(starts)
    assert shown.sections == answers.on_topic(treatment, topic).sections
