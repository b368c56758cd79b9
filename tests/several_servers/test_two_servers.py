"""Two bot servers behind nginx, with PostgreSQL and Redis: the same settings as deploy/ has."""

from __future__ import annotations

import base64
import json
import os
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa
import urllib3
from engines import skipped_where_missing
from other_edition import OTHER_EDITION, OTHER_FACT, OTHER_VERSION, REVIEWERS, put
from postgres_server import Postgres
from redis import Redis
from redis_server import RedisServer
from server_process import ServerProcess

from benchmarks.engines.nginx import Nginx
from bot.channels.gate import TURN_WITHIN
from bot.health import TRUSTED_FOR
from bot.storage.redis_lock import SIGNS
from bot.storage.shared_redis import key_of
from bot.website.token import RANDOM_BYTES, Session
from knowledge.places import ROOT

urllib3.disable_warnings()
SECRET = "the secret of the tests, which is no secret"  # noqa: S105  (it guards nothing)
AT_ONCE = 90
TALKS = int(os.environ.get("CARECITE_TEST_TALKS", "100"))
PAUSE = 4.0  # seconds on average that a patient reads and types; 100 of them ask 25 times a second
TURNS_AFTER = 2  # of each conversation, when what happened is over
PROBE_WAITS = 6  # seconds, as deploy/kubernetes has it
WAITS_AT_MOST = 5.0  # seconds, of a patient whose server was killed


@dataclass
class Clinic:
    """All that deploy/ starts."""

    bots: list[ServerProcess]
    nginx: Nginx
    postgres: Postgres
    redis: RedisServer


@pytest.fixture(scope="module")
def clinic(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, redis_server: RedisServer
) -> Iterator[Clinic]:
    variables = {
        "CARECITE_DATABASE_URL": postgres.url,
        "CARECITE_REDIS_URL": redis_server.url,
        "CARECITE_SECRET": SECRET,
        "SANIC_PROXIES_COUNT": "1",
        "CARECITE_TURN_WITHIN": str(TURN_WITHIN),
    }
    bots = [_bot(tmp_path_factory.mktemp("bot"), variables) for _ in range(2)]
    with skipped_where_missing():
        nginx = Nginx(tmp_path_factory.mktemp("nginx"), [bot.port for bot in bots])
    try:
        for bot in bots:
            bot.start()
        nginx.start()
        yield Clinic(bots, nginx, postgres, redis_server)
    finally:
        nginx.stop()
        for bot in bots:
            bot.stop()


def _bot(folder: Path, variables: dict[str, str]) -> ServerProcess:
    """The real server; a file "action_hangs" in its folder makes its turns hang."""
    program = ROOT / "tests" / "faults" / "faulty_server.py"
    return ServerProcess(folder, program, CARECITE_FAULTS=str(folder), **variables)


class Talk:
    """A conversation of the website, about one of two drugs; like a browser it stays connected."""

    def __init__(self, base: str, number: int = 0) -> None:
        self.base = base
        self.longest = 0.0
        self.name, self.other = ("Sutent", "Torisel") if number % 2 else ("Torisel", "Sutent")
        self._connected = requests.Session()
        self.token = str(self.post("conversations", {}).json()["token"])

    @property
    def sender(self) -> str:
        return Session(base64.urlsafe_b64decode(self.token)[:RANDOM_BYTES], 0, 0).sender

    def ask(self, text: str, base: str | None = None) -> dict[str, Any]:
        """The reply, which is about the drug of this conversation; what fails is not repeated."""
        started = time.monotonic()
        answered = self.post("messages", {"id": uuid.uuid4().hex, "text": text}, base)
        self.longest = max(self.longest, time.monotonic() - started)
        assert answered.status_code == 200, answered.text
        reply: dict[str, Any] = answered.json()
        assert self.name in reply["text"].split("\n")[0], reply["text"]
        assert self.other not in reply["text"]
        return reply

    def post(self, path: str, body: Any, base: str | None = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if path == "messages" else {}
        return self._connected.post(
            f"{base or self.base}/{path}",
            json=body,
            headers=headers,
            timeout=30,
            verify=False,
        )


@pytest.fixture(scope="module")
def talks(clinic: Clinic) -> list[Talk]:
    """They go on from test to test, and know in each turn what they are about."""

    def start(number: int) -> Talk:
        one = Talk(clinic.nginx.base, number)
        one.ask(f"What is {one.name}?")
        return one

    with ThreadPoolExecutor(10) as pool:
        return list(pool.map(start, range(TALKS)))


def talk_while(
    talks: list[Talk], fault: Callable[[], None], pause: float = PAUSE
) -> list[dict[str, Any]]:
    """What the conversations were answered while something happened, and for some turns after it.

    Each asks every few seconds, as people do: 25 turns a second of all. Two servers on two cores,
    with all of this beside them, answered 50 and one of them 40; so 100 that ask without any pause
    wait for 2 seconds by themselves, and with a dead server's 3 that can be more than 5.
    """
    over, replies = threading.Event(), []

    def talk(one: Talk) -> None:
        hurry = random.Random(one.sender)
        one.longest = 0.0
        time.sleep(hurry.uniform(0, pause))  # they do not speak in chorus
        left = TURNS_AFTER
        while left:
            left -= over.is_set()
            replies.append(one.ask("how often is it given?"))
            time.sleep(hurry.uniform(0.5, 1.5) * pause)

    with ThreadPoolExecutor(len(talks)) as pool:
        running = [pool.submit(talk, one) for one in talks]
        time.sleep(pause)
        try:
            fault()
        finally:
            over.set()
        for one in running:
            one.result()
    longest = max(one.longest for one in talks)
    print(f"{len(replies)} turns of {len(talks)} conversations, the longest {longest:.2f} s")
    return replies


def test_the_proxy_accepts_its_configuration(clinic: Clinic) -> None:
    assert clinic.nginx.check() == ""


def test_a_conversation_moves_between_servers_and_remembers(clinic: Clinic) -> None:
    first, second = (bot.website for bot in clinic.bots)
    one = Talk(first)
    for base, question in (
        (first, "What is Torisel?"),
        (second, "how often is it given?"),
        (first, "what are its side effects?"),
    ):
        assert "Torisel" in one.ask(question, base)["text"].split("\n")[0]


def test_a_message_sent_again_to_the_other_server_gets_the_first_reply(clinic: Clinic) -> None:
    one = Talk(clinic.bots[0].website)
    body = {"id": uuid.uuid4().hex, "text": "What is Torisel?"}
    replies = [one.post("messages", body, bot.website).json() for bot in clinic.bots]
    assert replies[0] == replies[1]


def test_of_ninety_messages_of_one_sender_at_once_none_is_dropped_or_forgotten(
    clinic: Clinic,
) -> None:
    """Stock Rasa: 22 dropped, 9 forgotten."""
    sender = uuid.uuid4().hex
    before = stored_messages(clinic)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        said = list(
            pool.map(
                lambda n: clinic.bots[n % 2].ask("How often is Torisel given?", sender),
                range(AT_ONCE),
            )
        )
    assert sum("Torisel" in words.split("\n")[0] for words in said) == AT_ONCE
    assert stored_messages(clinic) - before == AT_ONCE


def test_turns_are_in_the_order_in_which_the_messages_came_to_both_servers(
    clinic: Clinic,
) -> None:
    one = Talk(clinic.nginx.base)
    redis = Redis.from_url(clinic.redis.url)
    queue = key_of("turns", one.sender)
    # A third server's turn, which lasts until all messages have come.
    redis.set(f"{SIGNS}third", "", ex=60)
    redis.rpush(queue, "third:0")
    asked = [f"What is Torisel? {number}" for number in range(10)]
    with ThreadPoolExecutor(len(asked)) as pool:
        for number, text in enumerate(asked):
            pool.submit(one.ask, text, clinic.bots[number % 2].website)
            until = time.monotonic() + TURN_WITHIN
            while redis.llen(queue) < number + 2:
                assert time.monotonic() < until
                time.sleep(0.002)
        redis.lrem(queue, 1, "third:0")
    assert stored_words(clinic, one) == asked


def test_a_killed_server_loses_no_conversation_and_holds_up_nobody_for_long(
    clinic: Clinic, talks: list[Talk]
) -> None:
    try:
        talk_while(talks, clinic.bots[0].kill)
    finally:
        clinic.bots[0].start()
    assert max(one.longest for one in talks) <= WAITS_AT_MOST


def test_a_turn_that_a_killed_server_was_in_the_middle_of_is_had_by_the_other(
    clinic: Clinic,
) -> None:
    """The dead server holds the lock of the conversation, and frees it by being dead."""
    killed = clinic.bots[1]
    several = [Talk(clinic.nginx.base, number) for number in range(8)]
    for one in several:
        one.ask(f"What is {one.name}?")
    fault = killed.folder / "action_hangs"
    fault.touch()
    try:
        with ThreadPoolExecutor(len(several)) as pool:
            turns = [pool.submit(one.ask, "how often is it given?") for one in several]
            time.sleep(1)
            in_the_middle = sum(not turn.done() for turn in turns)
            killed.kill()
            for turn in turns:
                turn.result()
    finally:
        fault.unlink()
        killed.start()
    assert in_the_middle
    assert max(one.longest for one in several) <= WAITS_AT_MOST


def test_a_restart_of_the_database_loses_no_conversation(clinic: Clinic, talks: list[Talk]) -> None:
    def restart() -> None:
        clinic.postgres.stop()
        clinic.postgres.start()

    talk_while(talks, restart)
    assert max(one.longest for one in talks) <= WAITS_AT_MOST


def test_without_the_database_a_server_stays_ready(clinic: Clinic) -> None:
    """Taken away, it would leave silence; it answers, without memory."""
    clinic.postgres.stop()
    try:
        time.sleep(TRUSTED_FOR)  # what it said before counts no more
        address = f"{clinic.bots[0].origin}/health/ready"
        assert requests.get(address, timeout=PROBE_WAITS).status_code == 200
    finally:
        clinic.postgres.start()


def test_a_restart_of_redis_loses_no_conversation(clinic: Clinic, talks: list[Talk]) -> None:
    def restart() -> None:
        clinic.redis.stop()
        clinic.redis.start()

    talk_while(talks, restart)
    assert max(one.longest for one in talks) <= WAITS_AT_MOST


def test_servers_restarted_in_turn_with_a_new_table_fail_no_turn_and_mix_no_answer(
    clinic: Clinic, talks: list[Talk]
) -> None:
    def roll() -> None:
        for bot in clinic.bots:
            bot.stop()
            put(bot.table, OTHER_EDITION)
            bot.start()

    try:
        # Starting takes most of a core for a while; who asks less often leaves it that.
        replies = talk_while(talks, roll, 2 * PAUSE)
        after = [one.ask("how often is it given?") for one in talks]
    finally:
        for bot in clinic.bots:
            put(bot.table, ())
    assert {edition_of(reply) for reply in replies} == {"first", "other"}
    assert {edition_of(reply) for reply in after} == {"other"}


def edition_of(reply: dict[str, Any]) -> str:
    """Of which edition all of the reply is: its fact, its reviewer and its version."""
    (item,) = reply["items"]
    is_other = item["answer"]["content_version"] == OTHER_VERSION
    assert (item["citation"]["reviewed_by"] == REVIEWERS[1]) == is_other
    assert f"Reviewed by {REVIEWERS[is_other]}" in item["text"]
    if "Torisel" in item["answer"]["heading"]:  # the other one's fact is the same in both
        assert (OTHER_FACT in item["text"]) == is_other
    return "other" if is_other else "first"


def stored_words(clinic: Clinic, talk: Talk) -> list[str]:
    engine = sa.create_engine(clinic.postgres.url)
    with engine.connect() as connection:
        found = sa.text(
            "SELECT data FROM events WHERE type_name = 'user' AND sender_id = :sender ORDER BY id"
        )
        words = [
            json.loads(row)["text"]
            for row in connection.execute(found, sender=talk.sender).scalars()
        ]
    engine.dispose()
    return words


def stored_messages(clinic: Clinic) -> int:
    engine = sa.create_engine(clinic.postgres.url)
    with engine.connect() as connection:
        count = sa.text("SELECT count(*) FROM events WHERE type_name = 'user'")
        found: int = connection.execute(count).scalar()
    engine.dispose()
    return found


def test_large_bodies_and_closed_routes_end_at_the_proxy(clinic: Clinic, tmp_path: Path) -> None:
    def post(path: str, body: bytes) -> int:
        url = f"{clinic.nginx.origin}{path}"
        return requests.post(url, data=body, timeout=30, verify=False).status_code  # noqa: S501

    assert post("/webhooks/website/messages", b"x" * 9000) == 413
    for path in ("/webhooks/rest/webhook", "/model/parse", "/conversations/a/tracker", "/metrics"):
        assert post(path, b"{}") == 404
