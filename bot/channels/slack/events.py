"""What Slack sends: events as JSON, taps on buttons as a form with JSON in it.

Formats: docs.slack.dev/reference/events/message and .../interaction-payloads/block_actions-payload.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs

from sanic.request import Request

from bot.channels.messaging.incoming import Incoming

OF_PEOPLE = frozenset({"", "file_share", "thread_broadcast", "me_message"})  # subtypes
LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")  # also mentions: <@U1>, <#C1|general>
THREAD = "/"  # between the channel and the thread of an address


def body_of(request: Request) -> dict[str, Any]:
    """The JSON of an event or of a tap; {} where there is none."""
    try:
        text = request.body.decode()
        if "application/x-www-form-urlencoded" in request.headers.get("Content-Type", ""):
            text = parse_qs(text).get("payload", [""])[0]
        body = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def incoming_of(body: dict[str, Any]) -> list[Incoming]:
    """What people wrote or tapped; bots' own messages, deletions and the like are left out."""
    if body.get("type") == "block_actions":
        return [tap for action in body["actions"] if (tap := _tapped(body, action))]
    if body.get("type") != "event_callback":
        return []
    event = body["event"]
    if event.get("type") == "app_mention" and "user" in event:
        # Others read along: the reply goes to the direct messages of who asked.
        return [Incoming(event["user"], event["user"], event["ts"], is_private=False)]
    if event.get("type") != "message" or event.get("channel_type") != "im":
        return []
    is_edit = event.get("subtype") == "message_changed"
    message = event["message"] if is_edit else event
    is_bot = "bot_id" in message or "user" not in message
    if is_bot or (not is_edit and event.get("subtype", "") not in OF_PEOPLE):
        return []
    return [
        Incoming(
            message["user"], _address(event["channel"], message.get("thread_ts")), message["ts"],
            plain(message.get("text") or ""), has_media=bool(message.get("files")),
            is_edit=is_edit,
        )
    ]  # fmt: skip


def thread_of(address: str) -> tuple[str, str | None]:
    channel, _, thread = address.partition(THREAD)
    return channel, thread or None


def plain(text: str) -> str:
    """As the person typed it: Slack escapes three characters, and marks links and mentions up."""
    text = LINK.sub(lambda found: found[2] or ("" if found[1][:1] in "@#!" else found[1]), text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _tapped(body: dict[str, Any], action: dict[str, Any]) -> Incoming | None:
    if action.get("type") != "button":
        return None
    channel = body["channel"]["id"]
    address = _address(channel, body.get("message", {}).get("thread_ts"))
    return Incoming(
        body["user"]["id"], address, action["action_ts"], plain(action["text"]["text"]),
        action.get("value", ""), is_private=channel.startswith("D"),
    )  # fmt: skip


def _address(channel: str, thread: str | None) -> str:
    return f"{channel}{THREAD}{thread}" if thread else channel
