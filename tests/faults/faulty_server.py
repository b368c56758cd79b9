"""The real server, with faults that files in a folder switch on and off while it runs.

Each file that stands in the folder of CARECITE_FAULTS is one fault. What the patient's words are
put into is what careless code would put into an error.
"""

from __future__ import annotations

import asyncio
import os
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
    gate.TURN_WITHIN, gate.LOOK_WITHIN = float(os.environ.get("CARECITE_TURN_WITHIN", "2")), 1
    install_in_actions()
    install_in_rasa()
    install_in_clock()
    sys.exit(main())
