"""Keeps what patients thought of answers: about which answer, never who or in which words."""

from __future__ import annotations

import json
import logging
import os
from datetime import date
from pathlib import Path
from typing import Any

from bot.website.errors import TurnFailed
from knowledge.places import ROOT

logger = logging.getLogger(__name__)


def feedback_path() -> Path:
    """One line a rating, to be read by the clinic (CARECITE_FEEDBACK)."""
    return Path(os.environ.get("CARECITE_FEEDBACK", ROOT / "build" / "feedback.jsonl"))


def keep(reply: dict[str, Any], rating: dict[str, str]) -> None:
    """Raises TurnFailed where the file cannot be written."""
    item = reply["items"][0]
    answer = item.get("answer") or {}
    line = {
        "on": date.today().isoformat(),
        **rating,
        "kind": item["kind"],
        "topic": answer.get("topic", ""),
        "about": answer.get("about", []),
        "content_version": answer.get("content_version", ""),
    }
    try:
        _append(json.dumps(line) + "\n")
    except OSError as error:
        logger.warning("%s: feedback cannot be kept: %s", feedback_path(), error.strerror)
        raise TurnFailed("I am sorry, I could not keep that.") from error


def _append(line: str) -> None:
    """All of the line or nothing: half a one would spoil the next one too."""
    with feedback_path().open("ab", buffering=0) as file:
        before, content = file.tell(), line.encode()
        written = 0
        try:
            while written < len(content):
                written += file.write(content[written:])
        except OSError:
            file.truncate(before)
            raise
