"""The real server, with faults that files in a folder switch on and off while it runs.

Each file that stands in the folder of CARECITE_FAULTS is one fault. What the patient's words are
put into is what careless code would put into an error.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

FAULTS = Path(os.environ["CARECITE_FAULTS"])


def is_on(fault: str) -> bool:
    return (FAULTS / fault).exists()


def install_in_actions() -> None:
    from rasa_sdk.executor import ActionExecutor

    run = ActionExecutor.run

    async def faulty(self: ActionExecutor, call: dict[str, Any]) -> Any:
        if is_on("killed_in_the_action"):
            kill_itself()
        if is_on("action_raises"):
            raise RuntimeError(f"cannot answer {call['tracker']['latest_message']['text']}")
        if is_on("action_returns_nonsense"):
            return {"events": [{"event": "nonsense"}], "responses": ["nonsense"]}
        if is_on("action_hangs"):
            await asyncio.sleep(600)
        while is_on("action_cannot_be_cancelled"):
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0.2)
        return await run(self, call)

    ActionExecutor.run = faulty


def install_in_rasa() -> None:
    from rasa.core.processor import MessageProcessor

    handle = MessageProcessor.handle_message

    async def faulty(self: MessageProcessor, message: Any) -> Any:
        if is_on("rasa_raises"):
            raise ValueError(f"cannot read {message.text}")
        return await handle(self, message)

    MessageProcessor.handle_message = faulty


def install_in_store() -> None:
    """Kills the server between the rows of a turn and their end, or right after it."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    from bot.storage.sql import SqlStore

    @event.listens_for(Engine, "after_cursor_execute")
    def ran(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
        if is_on("killed_before_the_turn_is_kept") and statement.startswith("INSERT INTO events"):
            kill_itself()

    append = SqlStore._append

    async def faulty(self: SqlStore, *arguments: Any) -> None:
        await append(self, *arguments)
        if is_on("killed_after_the_turn_is_kept"):
            kill_itself()

    SqlStore._append = faulty  # type: ignore[method-assign]


def kill_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def install_in_clock() -> None:
    real = time.time

    def clock() -> float:
        try:
            return real() + float((FAULTS / "clock_is_off_by").read_text())
        except OSError:
            return real()

    time.time = clock


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    from bot.quiet import keep_quiet

    keep_quiet()
    from bot.__main__ import main
    from bot.channels import gate

    # Of 4.5 and 2, for the patience of those who run the tests.
    if "CARECITE_FAULTS_AT_FULL_LENGTH" not in os.environ:
        gate.TURN_WITHIN = float(os.environ.get("CARECITE_TURN_WITHIN", "2"))
        gate.LOOK_WITHIN = 1
    install_in_actions()
    install_in_rasa()
    install_in_store()
    install_in_clock()
    sys.exit(main())
