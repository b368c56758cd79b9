"""Messenger's Send API: https://developers.facebook.com/docs/messenger-platform/reference/send-api.

A refusal is answered with 400 and a Graph error, which `MessengerClient` hands on as it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from vendors.loopback import Button, Call, Reply, Shown, Vendor, VendorError

LONGEST_TEXT = 2000  # characters
LONGEST_TEMPLATE_TEXT = 640
MOST_BUTTONS = 3  # of a button template
MOST_QUICK_REPLIES = 13
LONGEST_TITLE = 20
LONGEST_PAYLOAD = 1000
TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG")
ACTIONS = ("mark_seen", "typing_on", "typing_off")


def refused(message: str, code: int = 100, subcode: int | None = None, **more: Any) -> VendorError:
    error = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code}
    if subcode:
        error["error_subcode"] = subcode
    return VendorError(Reply({"error": {**error, **more, "fbtrace_id": "AjVx0Gzd"}}, 400))


class MessengerVendor(Vendor):
    """`client.graph_url = vendor.address` points fbmessenger's client to it."""

    def __init__(self, page_access_token: str = "EAAPageToken" + "0" * 20) -> None:
        super().__init__()
        self.page_access_token = page_access_token

    def answer(self, request: web.Request, fields: dict[str, Any]) -> Reply:
        if fields.get("access_token") != self.page_access_token:
            raise VendorError(Reply({"error": {
                "message": "Invalid OAuth access token.", "type": "OAuthException", "code": 190,
                "fbtrace_id": "AjVx0Gzd",
            }}, 400))  # fmt: skip
        if not request.path.endswith("/me/messages"):
            raise refused("Unsupported post request.", subcode=33)
        to = (fields.get("recipient") or {}).get("id")
        if not (isinstance(to, str) and to.isdecimal()):
            raise refused("No matching user found", subcode=2018001)
        if "sender_action" in fields:
            if fields["sender_action"] not in ACTIONS:
                raise refused("Param sender_action must be one of {TYPING_ON, TYPING_OFF, ...}")
            return Reply({"recipient_id": to})
        if fields.get("messaging_type") not in TYPES:
            raise refused("Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}")
        _check_message(fields.get("message") or {})
        return Reply({"recipient_id": to, "message_id": f"m_{uuid.uuid4().hex}"})

    def too_many(self, seconds: int) -> Reply:
        return refused("Calls to this api have exceeded the rate limit.", 613).reply

    def unwanted(self) -> Reply:
        return refused("This person isn't available right now.", 551, 1545041).reply

    def broken(self) -> Reply:
        body = refused("Service temporarily unavailable", 2, is_transient=True).reply.body
        return Reply(body, 500)

    def shown_by(self, call: Call) -> Shown | None:
        message = call.fields.get("message")
        if not message:
            return None
        to = call.fields["recipient"]["id"]
        template = (message.get("attachment") or {}).get("payload")
        if template:
            return Shown(to, template["text"], tuple((b,) for b in _buttons(template["buttons"])))
        quick_replies = tuple(_buttons(message.get("quick_replies") or ()))
        return Shown(to, message["text"], (quick_replies,) if quick_replies else ())


def _buttons(given: Iterable[dict[str, Any]]) -> list[Button]:
    return [Button(button.get("title", ""), button.get("payload", "")) for button in given]


def _check_message(message: dict[str, Any]) -> None:
    attachment = message.get("attachment")
    if attachment is None:
        _check_length("message[text]", message.get("text"), LONGEST_TEXT)
        _check_quick_replies(message.get("quick_replies") or [])
    elif "text" in message:
        raise refused("Message cannot contain both text and attachment")
    elif attachment.get("type") == "template":
        _check_template(attachment.get("payload") or {})
    else:
        raise refused("Param message[attachment][type] must be one of {TEMPLATE}")


def _check_template(template: dict[str, Any]) -> None:
    if template.get("template_type") != "button":
        raise refused("Param template_type must be one of {BUTTON}")
    name = "message[attachment][payload]"
    _check_length(f"{name}[text]", template.get("text"), LONGEST_TEMPLATE_TEXT)
    buttons = template.get("buttons") or []
    if not 1 <= len(buttons) <= MOST_BUTTONS:
        raise refused(f"Param {name}[buttons] has too many elements.", subcode=2018063)
    for button in buttons:
        if button.get("type") != "postback":
            raise refused("Param buttons[type] must be one of {POSTBACK}")
        _check_button("buttons", button)


def _check_quick_replies(quick_replies: list[dict[str, Any]]) -> None:
    if len(quick_replies) > MOST_QUICK_REPLIES:
        raise refused("Param message[quick_replies] has too many elements.")
    for quick_reply in quick_replies:
        if quick_reply.get("content_type") != "text":
            raise refused("Param quick_replies[content_type] must be one of {TEXT}")
        _check_button("quick_replies", quick_reply)


def _check_button(name: str, button: dict[str, Any]) -> None:
    _check_length(f"{name}[title]", button.get("title"), LONGEST_TITLE)
    _check_length(f"{name}[payload]", button.get("payload"), LONGEST_PAYLOAD)


def _check_length(name: str, value: Any, longest: int) -> None:
    if not isinstance(value, str) or not value.strip():
        raise refused(f"Param {name} must be a non-empty UTF-8 encoded string")
    if len(value) > longest:
        raise refused(f"Length of param {name} must be less than or equal to {longest}")
