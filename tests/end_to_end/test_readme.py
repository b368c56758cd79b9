"""The README is tested: its transcript is replayed, its commands and folders exist."""

from __future__ import annotations

import re

import pytest
from running_bot import Conversation

from knowledge.places import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
TRANSCRIPT = re.search(r"```transcript\n(.*?)```", README, re.DOTALL)


def exchanges() -> list[tuple[str, str]]:
    """(question, reply) of the transcript; a question stands after "> "."""
    assert TRANSCRIPT, "the README holds no ```transcript block"
    parts = re.split(r"^> (.*)$", TRANSCRIPT[1], flags=re.MULTILINE)[1:]
    return [(q.strip(), a.strip()) for q, a in zip(parts[::2], parts[1::2], strict=True)]


def without_age(text: str) -> str:
    """The reply as it reads in any year: the age of the review grows."""
    return re.sub(r"over \d+ years? ago", "over N years ago", text)


def test_the_transcript_is_what_the_bot_says(chat: Conversation) -> None:
    for question, reply in exchanges():
        assert without_age(chat.ask(question).text) == without_age(reply)


MAKE_COMMANDS = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))


@pytest.mark.parametrize("target", sorted(MAKE_COMMANDS))
def test_each_make_command_of_the_readme_is_in_the_makefile(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:.*## ", makefile, re.MULTILINE)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_each_link_of_the_readme_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
