"""One server for all tests of this folder, and the table that it answers from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from running_bot import Bot, Conversation, running_bot

from knowledge.answers import Answers
from knowledge.lookup import Table
from knowledge.places import table_path


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    with running_bot(tmp_path_factory.mktemp("server") / "log.txt") as running:
        yield running


@pytest.fixture
def chat(bot: Bot) -> Conversation:
    return bot.chat()


@pytest.fixture(scope="session")
def answers() -> Iterator[Answers]:
    with Table(table_path()) as table:
        yield Answers(table)
