"""What is put under load: one server as shipped, two with the engines of deploy/, and others."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from benchmarks.asking import Load
from benchmarks.engines.nginx import running_nginx
from benchmarks.engines.postgres import AS_DELIVERED, Postgres, running_postgres
from benchmarks.engines.redis_server import RedisServer, running_redis
from benchmarks.load.cpu import seconds_of
from benchmarks.load.patients import EMERGENCY_NUMBER
from benchmarks.running import Command, RunningBot, our_commands
from bot.readiness import ADDRESS

# What limits one patient and one address is tested elsewhere; here one address sends all.
SETTINGS = {
    "chat_turns_per_minute": 100_000,
    "chat_requests_per_minute_and_address": 10_000_000,
    "emergency_number": EMERGENCY_NUMBER,
}
SECRET = "the secret of the benchmark, which is no secret"  # noqa: S105  (it guards nothing)


@dataclass
class SetUp:
    """A service under load, with the processes that do its work."""

    base: str  # of the website's channel
    bots: list[RunningBot]
    tls: ssl.SSLContext | None = None
    engines: dict[str, int] = field(default_factory=dict)  # first process of each, by its role
    postgres: Postgres | None = None
    redis: RedisServer | None = None

    def cpu(self) -> dict[str, float]:
        """Seconds of a core that each role has used so far, and the patients' own."""
        used = {role: seconds_of([pid]) for role, pid in self.engines.items()}
        bots = seconds_of([pid for bot in self.bots for pid in bot.pids])
        return {"bot": bots, **used, "patients": seconds_of()}


@contextmanager
def one_server(**variables: str) -> Iterator[SetUp]:
    """As shipped, or with engines that the variables name; asked directly."""
    with ExitStack() as stack:
        bot = stack.enter_context(_bot(stack.enter_context(temporary_folder()), variables))
        Load(bot).first_answer()
        yield SetUp(f"http://{ADDRESS}:{bot.port}/webhooks/website", [bot])


@contextmanager
def two_servers() -> Iterator[SetUp]:
    """Behind nginx, with PostgreSQL and Redis, as deploy/ has it.

    Raises:
        EngineMissing: one of the engines is not installed.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_folder())
        redis = stack.enter_context(running_redis(folder))
        postgres = stack.enter_context(running_postgres(AS_DELIVERED))
        variables = {
            "CARECITE_DATABASE_URL": postgres.url,
            "CARECITE_REDIS_URL": redis.url,
            "SANIC_PROXIES_COUNT": "1",
        }
        bots = [stack.enter_context(_bot(folder, variables)) for _ in range(2)]
        nginx = stack.enter_context(running_nginx(folder, [bot.port for bot in bots]))
        for bot in bots:
            Load(bot).first_answer()
        engines = {"nginx": nginx.pid, "postgresql": postgres.pid, "redis": redis.pid}
        yield SetUp(nginx.base, bots, _trusting(), engines, postgres, redis)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="carecite-load-") as folder:
        yield Path(folder)


def _bot(folder: Path, variables: dict[str, str]) -> RunningBot:
    clinic = folder / "clinic.yml"
    clinic.write_text(yaml.safe_dump(SETTINGS), encoding="utf-8")

    def commands(port: int) -> list[Command]:
        ((arguments, where, ours),) = our_commands(port)
        own = {
            "CARECITE_CLINIC": str(clinic),
            "CARECITE_FEEDBACK": str(folder / "feedback.jsonl"),
            "CARECITE_SECRET": SECRET,
        }
        return [(arguments, where, {**ours, **own, **variables})]

    return RunningBot("our bot", commands)


def _trusting() -> ssl.SSLContext:
    """nginx's certificate was made a moment ago, by us, for this measurement alone."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
