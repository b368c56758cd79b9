"""A conversation may be older than the table: what the table no longer holds is forgotten."""

from __future__ import annotations

from turns import tapped, tracker_of

from actions.conversation import Context, Question, drop_unknown, questions_of
from knowledge.answers import Answers


def test_ids_that_the_table_does_not_hold_are_dropped_and_others_stay(answers: Answers) -> None:
    pending = Question("ask_schedule", ("gone", "axitinib"), ("gone",)).as_dict()
    message = tapped("ask_schedule", treatment=["gone", "sunitinib"])
    tracker = tracker_of(message, treatments=["gone", "sunitinib"], pending=pending)
    drop_unknown(tracker, answers.table)
    context = Context.of(tracker)
    assert context.treatments == ("sunitinib",)
    assert context.pending is not None
    assert context.pending["treatments"] == ["axitinib"]
    assert context.pending["side_effects"] == []
    assert questions_of(tracker)[0].treatments == ("sunitinib",)
