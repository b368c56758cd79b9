"""The made-up patients ask of every kind, and each in turn of another drug."""

from __future__ import annotations

from itertools import islice

from benchmarks.load.chat import Outcome, Tally
from benchmarks.load.crowd import Level
from benchmarks.load.patients import NAMES, SCRIPTS, conversations, mixed_texts


def test_every_conversation_has_five_turns() -> None:
    assert {len(script) for script in islice(conversations(0), 50)} == {5}


def test_every_script_is_played_with_every_drug() -> None:
    played = {tuple(script) for script in islice(conversations(0), 100)}
    assert len(played) == len(SCRIPTS) * len(NAMES)


def test_mixed_texts_hardly_repeat() -> None:
    texts = list(islice(mixed_texts(1), 3_000))
    assert len(set(texts)) > 0.8 * len(texts)
    assert all(texts)


def test_turns_are_counted_where_they_ended_or_were_asked() -> None:
    tally = Tally([(10.0, 1.0, Outcome.RIGHT), (12.0, 5.0, Outcome.SORRY)])
    assert tally.ended_between(11, 13).share(Outcome.SORRY) == 1
    assert tally.asked_between(8, 11).share(Outcome.RIGHT) == 1
    assert tally.share(Outcome.RIGHT, Outcome.SORRY) == 1


def level(p99: float = 100.0, sorry: float = 0.0, kept_up: float = 1.0) -> Level:
    return Level(50, 1_000, 50, 50, p99, 1 - sorry, sorry, 0.0, kept_up, {})


def test_a_rate_holds_where_nearly_all_are_answered_in_time() -> None:
    assert level().holds(1_000)
    assert not level(p99=1_001).holds(1_000)
    assert not level(sorry=0.01).holds(1_000)


def test_a_rate_at_which_the_queue_grows_does_not_hold() -> None:
    assert not level(kept_up=0.9).holds(5_000)
