"""STOP and its kin are commands only when they are the whole message."""

from __future__ import annotations

import pytest

from bot.channels.messaging.commands import EVERYWHERE, TEXTING, Command, command, number

STOPS = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT")


@pytest.mark.parametrize("said", [*STOPS, *map(str.lower, STOPS), " Stop. ", '"STOP"', "stop!"])
def test_every_word_that_texting_knows_for_stop_is_one(said: str) -> None:
    assert command(said, TEXTING) is Command.STOP


@pytest.mark.parametrize("said", ["CANCEL", "END", "QUIT", "HELP", "INFO"])
def test_words_of_texting_are_plain_words_elsewhere(said: str) -> None:
    assert command(said, EVERYWHERE) is None


@pytest.mark.parametrize(
    "said", ["Should I stop?", "stop taking it", "when does it end", "yes", "", "/", "//stop it"]
)
def test_a_question_with_such_a_word_in_it_is_no_command(said: str) -> None:
    assert command(said, TEXTING) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("/start", Command.START),
        ("/start from_the_website", Command.START),
        ("/help@carecite_bot", Command.HELP),
        ("/stop", Command.STOP),
        ("/forget", Command.FORGET),
        ("Forget  me", Command.FORGET),
        ("more", Command.MORE),
    ],
)
def test_commands_with_a_slash_and_in_words(said: str, meant: Command) -> None:
    assert command(said, EVERYWHERE) is meant


def test_yes_starts_again_only_for_who_has_stopped() -> None:
    assert command("YES", TEXTING) is None
    assert command("YES", TEXTING, has_stopped=True) is Command.START


@pytest.mark.parametrize("said", ["2", " 2 ", "2.", "2)", "#2", "Reply 2", "option 2", "number 2!"])
def test_a_number_alone_is_a_choice(said: str) -> None:
    assert number(said) == 2


@pytest.mark.parametrize("said", ["2 pills", "200 mg", "123", "", "two", "-2", "2 3"])
def test_a_number_among_words_is_none(said: str) -> None:
    assert number(said) is None
