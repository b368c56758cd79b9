"""Database and Redis are down when the server starts, or hang or end while patients ask."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from postgres_server import Postgres, running_postgres
from redis_server import RedisServer
from server_process import ServerProcess

WITHIN = 5.0  # seconds, of the promise
AGAIN_WITHIN = 30  # seconds
ANSWERED = "How often it is given: Torisel (temsirolimus)"
URGENT = "I can't breathe and my chest hurts xyzzy"


@dataclass
class Clinic:
    bot: ServerProcess
    postgres: Postgres
    redis: RedisServer


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """A server that was started while its database and its Redis were down; now both are there."""
    with running_postgres() as postgres:
        postgres.stop()
        redis = RedisServer(tmp_path_factory.mktemp("redis"))
        bot = ServerProcess(
            tmp_path_factory.mktemp("bot"),
            CARECITE_DATABASE_URL=postgres.url, CARECITE_REDIS_URL=redis.url,
            CARECITE_SECRET="the secret of the tests, which is no secret",  # noqa: S106
        ).start()  # fmt: skip
        started = Clinic(bot, postgres, redis)
        check_answers(bot)
        assert bot.metric("carecite_down", engine="database") == 1
        assert bot.metric("carecite_down", engine="redis") == 1
        postgres.start()
        redis.start()
        yield started
        bot.stop()
        redis.stop()


def check_answers(bot: ServerProcess) -> None:
    """Whoever asks by whatever way is answered in time, and urgent words come first."""
    started = time.monotonic()
    token = requests.post(f"{bot.website}/conversations", timeout=60).json()["token"]
    begun = time.monotonic()
    assert begun - started < WITHIN
    on_website = requests.post(
        f"{bot.website}/messages",
        json={"id": uuid.uuid4().hex, "text": "How often is Torisel given?"},
        headers={"Authorization": f"Bearer {token}"}, timeout=60,
    )  # fmt: skip
    assert time.monotonic() - begun < WITHIN
    assert on_website.json()["text"].startswith(ANSWERED)
    for text, answer in ((URGENT, "Call 911 now"), ("How often is Torisel given?", ANSWERED)):
        begun = time.monotonic()
        assert bot.ask(text).startswith(answer)
        assert time.monotonic() - begun < WITHIN
    assert requests.get(f"{bot.origin}/health/ready", timeout=60).json()["status"] == "ok"


def wait_until_remembered(clinic: Clinic) -> None:
    """An engine that failed is left alone for a second; the next message takes it up."""
    until = time.monotonic() + AGAIN_WITHIN
    while not is_remembered(clinic.bot) or clinic.bot.metric("carecite_down"):
        assert time.monotonic() < until
        time.sleep(0.3)


def is_remembered(bot: ServerProcess) -> bool:
    patient = uuid.uuid4().hex
    bot.ask("What are the side effects of Torisel?", patient)
    return bot.ask("how often is it given?", patient).startswith(ANSWERED)


def test_a_server_that_started_without_its_engines_takes_them_up_later(clinic: Clinic) -> None:
    wait_until_remembered(clinic)
    said = clinic.bot.said()
    for line in ("the database is down (OperationalError)", "Redis is down (ConnectionError)",
                 "the database is back", "Redis is back"):  # fmt: skip
        assert line in said


@pytest.mark.parametrize("fault", ["stop", "hang"])
@pytest.mark.parametrize(
    "engines", [("postgres",), ("redis",), ("postgres", "redis")], ids="+".join
)
def test_in_mid_conversation_an_engine_that_fails_keeps_nobody_waiting(
    clinic: Clinic, engines: tuple[str, ...], fault: str
) -> None:
    wait_until_remembered(clinic)
    patient, failing = uuid.uuid4().hex, [getattr(clinic, name) for name in engines]
    clinic.bot.ask("What are the side effects of Torisel?", patient)
    try:
        for engine in failing:
            getattr(engine, fault)()
        begun = time.monotonic()
        words = clinic.bot.ask("how often is it given?", patient)
        assert time.monotonic() - begun < WITHIN
        # Without its history the bot asks back. It never answers for another treatment.
        assert words.startswith((ANSWERED, "Which treatment do you mean?"))
        check_answers(clinic.bot)
    finally:
        for engine in failing:
            if fault == "hang":
                engine.go_on()
            else:
                engine.start()
    wait_until_remembered(clinic)
    assert "xyzzy" not in clinic.bot.said()


def test_a_deletion_that_cannot_be_done_is_told_in_time(clinic: Clinic) -> None:
    wait_until_remembered(clinic)
    website, patient = clinic.bot.website, uuid.uuid4().hex
    token = requests.post(f"{website}/conversations", timeout=60).json()["token"]
    delete = {"url": f"{website}/conversation", "headers": {"Authorization": f"Bearer {token}"}}
    clinic.bot.ask("How often is Torisel given?", patient)
    clinic.postgres.hang()
    try:
        begun = time.monotonic()
        failed = requests.delete(**delete, timeout=60)  # type: ignore[arg-type]
        assert time.monotonic() - begun < WITHIN
        begun = time.monotonic()
        assert "could not delete it" in clinic.bot.ask("forget me", patient)
        assert time.monotonic() - begun < WITHIN
    finally:
        clinic.postgres.go_on()
    assert failed.status_code == 503
    assert failed.json()["error"]["code"] == "erase_failed"
    wait_until_remembered(clinic)
    assert requests.delete(**delete, timeout=60).json()["forgotten"]  # type: ignore[arg-type]
    assert clinic.bot.ask("forget me", patient).startswith("Done. On ")


@pytest.mark.parametrize("path", ["/proc/nowhere/conversations.db", "/etc/passwd/x.db", "/tmp"])  # noqa: S108
def test_a_place_where_nothing_can_be_kept_is_told_at_start(tmp_path: Path, path: str) -> None:
    bot = ServerProcess(tmp_path, CARECITE_DATABASE_URL=f"sqlite:///{path}")
    with pytest.raises(AssertionError, match="the bot ended"), suppress(FileNotFoundError):
        bot.start()
    assert bot.process.wait(60) == 2
    last = bot.said().strip().splitlines()[-1]
    assert last.startswith(f"error: {path}: conversations cannot be kept there")
    assert "Traceback" not in bot.said()


def test_a_file_that_is_no_database_is_told_and_patients_are_answered(tmp_path: Path) -> None:
    """It is left as it is: nobody knows what is in it."""
    file = tmp_path / "conversations.db"
    file.write_bytes(garbage := b"no database at all " * 999)
    bot = ServerProcess(tmp_path, CARECITE_DATABASE_URL=f"sqlite:///{file}").start()
    try:
        check_answers(bot)
        assert "the database is down (DatabaseError)" in bot.said()
    finally:
        bot.stop()
    assert file.read_bytes() == garbage
