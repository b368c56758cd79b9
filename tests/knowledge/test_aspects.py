"""Which topics a comparison asks for."""

from __future__ import annotations

import pytest

from knowledge.answers import Answers
from knowledge.aspects import WORDS, aspects_asked
from knowledge.wording import TOPIC_HEADINGS


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Sutent or Inlyta, which has worse side effects?", ["side_effects"]),
        ("is Torisel given more often than Avastin", ["administration", "schedule"]),
        ("which session is longer, opdivo or avastin", ["duration"]),
        ("does Sutent work better than interferon", ["effectiveness"]),
        ("difference between Votrient and Nexavar", []),
    ],
)
def test_the_words_of_a_comparison_tell_its_topics(text: str, topics: list[str]) -> None:
    assert aspects_asked(text) == topics


def test_each_aspect_is_a_topic_of_the_table() -> None:
    assert set(WORDS) <= set(TOPIC_HEADINGS)


def test_a_comparison_on_one_topic_has_that_row_alone(answers: Answers) -> None:
    comparison = answers.compare(["bevacizumab", "nivolumab"], ["schedule"]).comparison
    assert comparison is not None
    assert [topic for topic, _ in comparison.rows] == ["How often it is given"]
