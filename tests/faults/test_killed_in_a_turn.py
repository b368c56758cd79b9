"""A server on its own that is killed in the middle of a turn: nothing is half, and it goes on."""

from __future__ import annotations

import signal
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
from server_process import ServerProcess

FIRST = "What are the side effects of Torisel?"
LAST = "how often is it given?"
ANSWERED = "How often it is given: Torisel (temsirolimus)"
KEPT = {  # moment -> how often the message is stored, when the server is killed at that moment
    "killed_in_the_action": 0,
    "killed_before_the_turn_is_kept": 0,
    "killed_after_the_turn_is_kept": 1,
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("killed")
    (folder / "on").mkdir()
    program = Path(__file__).with_name("faulty_server.py")
    started = ServerProcess(
        folder, program, CARECITE_FAULTS=str(folder / "on"),
        CARECITE_DATABASE_URL=f"sqlite:///{folder}/conversations.db",
    ).start()  # fmt: skip
    yield started
    started.stop()


class Chat:
    """A patient on the website."""

    def __init__(self, server: ServerProcess) -> None:
        self._website = server.website
        started = requests.post(f"{self._website}/conversations", timeout=60)
        self._headers = {"Authorization": f"Bearer {started.json()['token']}"}

    def send(self, text: str, message_id: str) -> dict[str, Any]:
        sent = requests.post(
            f"{self._website}/messages", json={"id": message_id, "text": text},
            headers=self._headers, timeout=60,
        )  # fmt: skip
        assert sent.status_code == 200, sent.text
        answer: dict[str, Any] = sent.json()
        return answer


def stored(server: ServerProcess) -> dict[str, list[tuple[str, str]]]:
    """Of each sender the types of its events and their data, in order."""
    with closing(sqlite3.connect(server.folder / "conversations.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found: dict[str, list[tuple[str, str]]] = {}
        for sender, kind, data in db.execute(
            "SELECT sender_id, type_name, data FROM events ORDER BY id"
        ):
            found.setdefault(sender, []).append((kind, data))
        return found


@pytest.mark.parametrize("moment", KEPT)
def test_after_a_kill_in_the_middle_of_a_turn_the_conversation_goes_on(
    server: ServerProcess, moment: str
) -> None:
    chat, message_id, tester = Chat(server), uuid.uuid4().hex, uuid.uuid4().hex
    chat.send(FIRST, uuid.uuid4().hex)
    server.ask(FIRST, tester)
    before = stored(server)
    fault = server.folder / "on" / moment
    fault.touch()
    with pytest.raises(requests.ConnectionError):  # the widget says so, and offers to try again
        chat.send(LAST, message_id)
    assert server.process.wait(60) == -signal.SIGKILL
    fault.unlink()

    after = stored(server)
    new = {sender: events[len(before[sender]) :] for sender, events in after.items()}
    asked = [data for events in new.values() for kind, data in events if kind == "user"]
    assert len(asked) == KEPT[moment], "all of the turn is stored, or nothing"
    for events in after.values():
        assert "action_listen" in events[-1][1], "each turn that is stored is whole"

    server.start()
    assert chat.send(LAST, message_id)["text"].startswith(ANSWERED), "the same message once more"
    assert chat.send(LAST, uuid.uuid4().hex)["text"].startswith(ANSWERED)
    assert server.ask(LAST, tester).startswith(ANSWERED), "others go on too"
    assert requests.get(f"{server.origin}/health/ready", timeout=60).status_code == 200
    stored(server)
