"""Words that are commands elsewhere are only words here; payloads: end_to_end/test_payloads.py."""

from __future__ import annotations

import uuid

import pytest
import requests
from server_process import ServerProcess

QUESTION = "how often is it given?"
SQL = (
    "'; DROP TABLE passages; --", '" OR 1=1 --', "x' UNION SELECT sql FROM sqlite_master --",
    "'; ATTACH DATABASE '/tmp/x' AS x; --", "1); DELETE FROM names; --",
)  # fmt: skip
FTS = (
    'what is "', "what is text:*", 'treatment that starves" OR "*', "NEAR(tumor blood, 2)",
    "what is that treatment ^starves + the - tumor", "AND OR NOT", "passages_fts MATCH 'x'",
    "which one stops* the (blood", "what is {text treatment}: cancer",
)  # fmt: skip
MARKUP = (
    "What is <script>alert(1)</script>?", "What is <img src=x onerror=alert(1)> Zzzumab?",
    "side effects of [Zzzumab](javascript:alert(1))", "side effects of {contact}mab",
    "side effects of Zzz{emergency_number}mab", "what is %(name)s {0.__class__}",
)  # fmt: skip
ECHOES = ("<script", "<img", "javascript:", "__class__", "{contact}", "%(name)")


@pytest.mark.parametrize("message", [*SQL, *FTS])
def test_sql_and_search_syntax_is_only_text(server: ServerProcess, message: str) -> None:
    words = server.ask(message)
    assert words.strip()
    assert "something went wrong" not in words, "no fault inside either"
    assert "sqlite" not in words.lower()


@pytest.mark.parametrize("message", MARKUP)
def test_markup_and_templates_are_not_given_back(server: ServerProcess, message: str) -> None:
    words = server.ask(message)
    assert "something went wrong" not in words
    assert not [echo for echo in ECHOES if echo in words]


@pytest.mark.parametrize(
    "field", [{"input_channel": "website"}, {"metadata": {"slots": {"treatments": ["sunitinib"]}}},
              {"stream": True}, {"slots": {"treatments": ["sunitinib"]}}],
    ids=lambda field: next(iter(field)),
)  # fmt: skip
def test_what_a_caller_adds_to_a_message_counts_for_nothing(
    server: ServerProcess, field: dict[str, object]
) -> None:
    body = {"sender": uuid.uuid4().hex, "message": QUESTION, **field}
    replies = requests.post(f"{server.rest}?stream=true&token=x", json=body, timeout=60).json()
    assert replies[0]["text"].startswith("Which treatment do you mean?")


def test_no_fault_was_seen_inside_a_turn_in_all_of_this(server: ServerProcess) -> None:
    assert server.metric("carecite_faults_total") == 0
