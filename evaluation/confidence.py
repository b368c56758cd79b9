"""Asks the trained model, without a server, how sure it is of what a message asks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm


@dataclass(frozen=True)
class Parsed:
    """The intent of a message; `confidence` is None where a rule decided, not the classifier."""

    intent: str
    confidence: float | None


class ModelUnusable(Exception):
    """The trained model cannot be loaded, or does not fit the code that reads it."""


def parse_all(messages: Sequence[str], model: Path) -> list[Parsed]:
    """Parses the messages with the model, one by one, as the server does.

    Raises:
        ModelUnusable: it was trained by another state of the code.
    """
    from bot.quiet import keep_quiet

    keep_quiet()
    from rasa.core.agent import Agent
    from rasa.engine.exceptions import GraphComponentException
    from rasa.shared.exceptions import RasaException

    from bot.mends import mend_rasa

    mend_rasa()

    async def parse() -> list[Parsed]:
        agent = Agent.load(str(model))
        shown = tqdm(messages, desc="parsing", unit=" messages", dynamic_ncols=True)
        return [read_parsed(await agent.parse_message(message)) for message in shown]

    try:
        return asyncio.run(parse())
    except (RasaException, GraphComponentException) as error:
        cause = error.__cause__ or error
        raise ModelUnusable(
            f"{model}: {type(cause).__name__}: {cause}. Type: make train"
        ) from error


def read_parsed(parsed: dict[str, Any]) -> Parsed:
    """Intent and confidence from Rasa's parse data.

    The safety gate leaves no `reading`, other rules one with full confidence or without parts.
    """
    intent = parsed.get("intent") or {}
    confidence = float(intent.get("confidence") or 0.0)
    by_rule = not (parsed.get("reading") or {}).get("parts") or confidence >= 1.0
    return Parsed(str(intent.get("name")), None if by_rule else confidence)
