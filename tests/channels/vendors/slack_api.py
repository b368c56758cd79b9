"""Slack's Web API: https://docs.slack.dev/reference/methods/chat.postMessage, and Block Kit."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

from aiohttp import web

from vendors.loopback import Button, Call, Reply, Shown, Vendor, VendorError
from vendors.patient import numbers

LONGEST_TEXT = 40_000  # characters of a message; beyond it is cut
MOST_BLOCKS = 50
LONGEST_SECTION = 3000
LONGEST_HEADER = 150
MOST_ELEMENTS = {"actions": 25, "context": 10}
LONGEST_BUTTON = {"text": 75, "value": 2000, "action_id": 255}
LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
BOT = {"user_id": "U0BOT00001", "bot_id": "B0BOT00001", "team_id": "T0CLINIC01"}


def refused(error: str, *messages: str, status: int = 200) -> VendorError:
    body: dict[str, Any] = {"ok": False, "error": error}
    if messages:
        body["response_metadata"] = {"messages": list(messages)}
    return VendorError(Reply(body, status))


class SlackVendor(Vendor):
    """`WebClient(token, base_url=f"{vendor.address}/api/")` talks to it."""

    def __init__(self, token: str = "xoxb-not-a-real-token") -> None:  # noqa: S107  (it opens nothing)
        super().__init__()
        self.token = token

    def answer(self, request: web.Request, fields: dict[str, Any]) -> Reply:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        given = given or fields.get("token", "")
        if given != self.token:
            raise refused("invalid_auth" if given else "not_authed")
        if request.path == "/api/auth.test":
            return Reply({"ok": True, "url": "https://clinic.slack.com/", "team": "Clinic",
                          "user": "carecite", **BOT})  # fmt: skip
        if request.path != "/api/chat.postMessage":
            raise refused("unknown_method")
        return Reply(self._post(fields))

    def too_many(self, seconds: int) -> Reply:
        body = refused("ratelimited").reply.body
        return Reply(body, 429, {"Retry-After": str(seconds)})

    def unwanted(self) -> Reply:
        return refused("is_archived").reply

    def broken(self) -> Reply:
        return refused("internal_error", status=500).reply

    def shown_by(self, call: Call) -> Shown | None:
        if call.method != "chat.postMessage":
            return None
        blocks = _blocks(call.fields)
        parts = [_as_shown(text) for block in blocks for text in _texts(block)]
        rows = tuple(
            tuple(Button(e["text"]["text"], e["value"]) for e in block["elements"])
            for block in blocks
            if block["type"] == "actions"
        )
        text = "\n".join(parts) if blocks else _mrkdwn_as_shown(call.fields["text"])
        return Shown(call.fields["channel"], text, rows)

    def _post(self, fields: dict[str, Any]) -> dict[str, Any]:
        channel = str(fields.get("channel", ""))
        if not re.fullmatch(r"[CDGU][A-Z0-9]{8,}", channel):
            raise refused("channel_not_found")
        blocks = _blocks(fields)
        if not blocks and not str(fields.get("text") or "").strip():
            raise refused("no_text")
        if len(fields.get("text") or "") > LONGEST_TEXT:
            raise refused("msg_too_long")
        problems = list(_problems(blocks))
        if problems:
            raise refused("invalid_blocks", *(f"[ERROR] {problem}" for problem in problems))
        ts = f"{time.time():.6f}"
        message = {"type": "message", "ts": ts, "text": fields.get("text", ""), "blocks": blocks,
                   "user": BOT["user_id"], "bot_id": BOT["bot_id"]}  # fmt: skip
        return {"ok": True, "channel": channel, "ts": ts, "message": message}


def _blocks(fields: dict[str, Any]) -> list[dict[str, Any]]:
    blocks = fields.get("blocks") or []
    return json.loads(blocks) if isinstance(blocks, str) else blocks


def _problems(blocks: list[dict[str, Any]]) -> Iterator[str]:
    if len(blocks) > MOST_BLOCKS:
        yield f"no more than {MOST_BLOCKS} items allowed [json-pointer:/blocks]"
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        where = f"/blocks/{number}"
        kind = block.get("type")
        if kind in ("section", "header"):
            longest = LONGEST_SECTION if kind == "section" else LONGEST_HEADER
            yield from _bad_text(block.get("text"), longest, f"{where}/text")
            if kind == "header" and (block.get("text") or {}).get("type") != "plain_text":
                yield f"must be plain_text [json-pointer:{where}/text/type]"
        elif kind in MOST_ELEMENTS:
            yield from _bad_elements(block, where, seen)
        elif kind != "divider":
            yield f"unsupported type: {kind} [json-pointer:{where}/type]"


def _bad_elements(block: dict[str, Any], where: str, seen: set[str]) -> Iterator[str]:
    elements = block.get("elements") or []
    most = MOST_ELEMENTS[block["type"]]
    if not 1 <= len(elements) <= most:
        yield f"must have 1 to {most} items [json-pointer:{where}/elements]"
    for number, element in enumerate(elements):
        at = f"{where}/elements/{number}"
        if block["type"] == "context":
            yield from _bad_text(element, LONGEST_SECTION, at)
            continue
        yield from _bad_text(element.get("text"), LONGEST_BUTTON["text"], f"{at}/text")
        for name in ("value", "action_id"):
            if len(element.get(name, "")) > LONGEST_BUTTON[name]:
                most_of_it = LONGEST_BUTTON[name] + 1
                yield f"must be less than {most_of_it} characters [json-pointer:{at}/{name}]"
        action = element.get("action_id") or f"made-{next(numbers)}"
        if action in seen:
            yield f"`action_id` already exists [json-pointer:{at}/action_id]"
        seen.add(action)


def _bad_text(text: dict[str, Any] | None, longest: int, where: str) -> Iterator[str]:
    said = (text or {}).get("text") or ""
    if (text or {}).get("type") not in ("plain_text", "mrkdwn"):
        yield f"must be a text object [json-pointer:{where}/type]"
    if not said:
        yield f"must be more than 0 characters [json-pointer:{where}/text]"
    if len(said) > longest:
        yield f"must be less than {longest + 1} characters [json-pointer:{where}/text]"


def _texts(block: dict[str, Any]) -> list[dict[str, Any]]:
    if block["type"] in ("section", "header"):
        return [block["text"]]
    return block["elements"] if block["type"] == "context" else []


def _as_shown(text: dict[str, Any]) -> str:
    said: str = text["text"]
    return _unescape(said) if text["type"] == "plain_text" else _mrkdwn_as_shown(said)


def _mrkdwn_as_shown(text: str) -> str:
    """Slack reads `<...>` as a link: what is not escaped loses its words."""
    text = LINK.sub(lambda link: link[2] or link[1].lstrip("@#!"), text)
    text = re.sub(r"(?<!\w)([*_~`])(?=\S)([^\n]*?)(?<=\S)\1(?!\w)", r"\2", text)
    return _unescape(text)


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
