"""The tables mark what is met, and the report is one file that reaches for nothing outside."""

import json
import re

from evaluation.cases import read_case
from evaluation.client import Conversation, read_reply
from evaluation.confidence import Parsed, read_parsed
from evaluation.judge import Verdict
from evaluation.measures import MEASURES, Result, Share
from evaluation.report import render_report
from evaluation.table import as_text, bars


def result(passed, *, part="frozen", kind="answer", category=None, reply="Hello", seconds=0.01):
    data = {
        "id": "x", "category": category or kind, "turns": ["<b>what</b>"],
        "expect": {"kind": kind, "topic": "side effects"},
    }  # fmt: skip
    conversation = Conversation(
        read_case(json.dumps(data), part, "here:1"), (read_reply([{"text": reply}]),), (seconds,)
    )
    verdict = Verdict(() if passed else ("because",), "side_effects")
    return Result(conversation, verdict, Parsed("ask_side_effects", 0.8))


def row(name, parts):
    return next(found for found in bars(parts) if found[0] == name)


def test_a_share_shows_its_interval_and_counts():
    assert str(Share(19, 20)) == "95.0% (76.4-99.1) 19/20"
    assert str(Share(0, 0)) == "-"


def test_frozen_and_fresh_stand_side_by_side_each_marked():
    parts = {"frozen": [result(True)], "fresh": [result(False, part="fresh")]}
    shown = row("answers right and cited", parts)
    assert shown[1] == "at least 95%"
    assert (shown[3], shown[5]) == ("met", "NOT MET")


def test_a_follow_up_is_not_counted_among_the_answers():
    parts = {"frozen": [result(False, category="followup"), result(True)]}
    assert row("answers right and cited", parts)[3] == "met"
    assert row("follow-ups", parts)[3] == "NOT MET"


def test_a_silent_turn_breaks_its_bar():
    assert (
        row("silent or failed conversations", {"fresh": [result(False, reply="")]})[3] == "NOT MET"
    )


def test_latency_is_told_per_turn():
    parts = {"frozen": [result(True, seconds=s / 1000) for s in range(1, 101)]}
    assert row("latency of a turn, p95", parts)[2] == "95 ms"


def test_every_measure_with_a_bar_stands_in_the_text():
    text = as_text({"frozen": [result(True)]})
    assert all(measure.name in text for measure in MEASURES)


def test_the_report_holds_its_failures_escaped_and_nothing_from_outside():
    page = render_report(
        {"frozen": [result(i > 0, reply="<script>x</script>") for i in range(4)]},
        title="Evaluation", about="4 cases",
    )  # fmt: skip
    assert "&lt;b&gt;what&lt;/b&gt;" in page
    assert "&lt;script&gt;" in page
    assert "because" in page
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!data:)|url\(|@import|https?://", page)
    assert page.count("data:image/png;base64,") == 4


def test_buttons_and_custom_payloads_are_read_apart():
    reply = read_reply(
        [{"text": "Hi", "buttons": [{"title": "A"}]}, {"custom": {"lines": ["B"], "chips": ["C"]}}]
    )
    assert reply.text == "Hi\nB"
    assert reply.buttons == ("A",)


def test_confidence_is_only_that_of_the_classifier():
    reading = {"parts": [{"intent": "ask_overview"}]}
    sure = {"intent": {"name": "ask_overview", "confidence": 0.7}, "reading": reading}
    gate = {"intent": {"name": "report_emergency", "confidence": 1.0}}
    assert read_parsed(sure) == Parsed("ask_overview", 0.7)
    assert read_parsed(gate) == Parsed("report_emergency", None)
