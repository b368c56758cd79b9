"""From the bot's messages to what the widget draws; schema.json describes the result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timezone
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel

from knowledge import wording
from knowledge.answer import Citation

OF_ANSWER = ("heading", "about", "topic", "verdict", "absence", "notes", "content_version")
SAFETY_KINDS = ("emergency", "crisis")


class StructuredOutput(CollectingOutputChannel):
    """Keeps each message whole, with the data beside its text."""

    @classmethod
    def name(cls) -> str:
        return "website"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        if message.get("text"):
            await self._persist_message(message)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        await self._persist_message({**kwargs, "text": text})


def now_as_text() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def reply(message_id: str, messages: Sequence[dict[str, Any]], kind: str = "") -> dict[str, Any]:
    """One turn's reply; `kind` overrides that of the messages."""
    items = [_item(message, kind) for message in messages]
    return {
        "message_id": message_id,
        "at": now_as_text(),
        "text": "\n".join(item["text"] for item in items),
        "items": items,
    }


def _item(message: dict[str, Any], kind: str) -> dict[str, Any]:
    text = message["text"].strip()
    item: dict[str, Any] = {
        "kind": kind or message.get("kind") or ("answer" if message.get("answer") else "text"),
        "text": text,
        "buttons": [
            {"title": button["title"], "payload": button["payload"]}
            for button in message.get("buttons") or ()
        ],
    }
    if message.get("urgent"):
        item["urgent"] = message["urgent"]
    answer = message.get("answer")
    cited = answer["citation"] if answer else message.get("citation")
    if answer:
        item["answer"] = _answer(answer)
    else:
        given = message.get("lines") or [text]
        item["lines"] = [line for part in given for line in part.split("\n")]
    if cited:
        item["citation"] = _citation(cited)
    return item


def _answer(answer: dict[str, Any]) -> dict[str, Any]:
    shown = {key: answer[key] for key in OF_ANSWER}
    shown["sections"] = answer["sections"]
    comparison = answer["comparison"]
    shown["comparison"] = comparison and {
        "columns": comparison["columns"],
        "rows": [{"topic": topic, "cells": cells} for topic, cells in comparison["rows"]],
    }
    return shown


def _citation(data: dict[str, Any]) -> dict[str, Any]:
    """The citation as data and, for each line of it, as the words that every channel says."""
    cited = Citation(**{**data, "reviewed_on": date.fromisoformat(data["reviewed_on"])})
    reviewed, _, old = wording.review(cited).partition(": ")
    return {
        **{k: data[k] for k in ("title", "publisher", "reviewed_by", "reviewed_on")},
        "age_years": cited.age_years,
        "is_old": cited.is_old,
        "source": wording.source(cited),
        "review": reviewed,
        "age_notice": old[:1].upper() + old[1:],
        "on_topic": data["on_topic"],
        "on_document": data["on_document"],
    }
