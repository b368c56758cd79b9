"""Words that are no question: STOP and its kin, START, HELP, MORE, "forget me"."""

from __future__ import annotations

import re
from enum import Enum


class Command(Enum):
    STOP = "stop"
    START = "start"
    HELP = "help"
    FORGET = "forget"
    MORE = "more"


EVERYWHERE = {
    "/start": Command.START,
    "/help": Command.HELP,
    "/stop": Command.STOP,
    "/forget": Command.FORGET,
    "stop": Command.STOP,
    "unsubscribe": Command.STOP,
    "start": Command.START,
    "unstop": Command.START,
    "forget me": Command.FORGET,
    "more": Command.MORE,
}
# What the rules for texting ask for (CTIA, Twilio, and the FCC's list of 2025).
TEXTING = {
    **EVERYWHERE,
    **dict.fromkeys(
        ("stopall", "stop all", "cancel", "end", "quit", "revoke", "optout", "opt out"),
        Command.STOP,
    ),
    "help": Command.HELP,
    "info": Command.HELP,
}
STARTS_AGAIN = ("yes",)  # only from somebody who has stopped; else it answers a question
NUMBER = re.compile(r"(?:reply |number |option |#)?(\d{1,2})[.)!]*", re.IGNORECASE)


def command(text: str, words: dict[str, Command], *, has_stopped: bool = False) -> Command | None:
    """The command, if the message is nothing but one: "Stop." is, "should I stop?" is not."""
    said = " ".join(text.lower().strip(" .!'\"\n").split())
    if said.startswith("/"):
        said = said.split()[0].partition("@")[0]  # "/start from_a_link", "/help@the_bot"
    if has_stopped and said in STARTS_AGAIN:
        return Command.START
    return words.get(said)


def number(text: str) -> int | None:
    """The number, if the message is nothing but one."""
    found = NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None
