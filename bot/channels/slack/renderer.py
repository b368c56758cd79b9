"""Slack: one section of its markup a message, headings bold, rows of buttons below."""

from __future__ import annotations

from typing import Any

from bot.channels.messaging.pieces import Lines, pieces
from bot.channels.messaging.render import (
    Part,
    Rendered,
    Renderer,
    laid_out,
    with_buttons,
    words_only,
)
from bot.channels.messaging.reply import Choice, Line, Reply, Style

LONGEST_SECTION = 3000  # characters, escapes included
LONGEST_TITLE = 75
BUTTONS_A_ROW = 5  # Slack takes 25, which are hard to read
MOST_BUTTONS = 49 * BUTTONS_A_ROW  # of a message: 50 blocks, one of them is the text
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# In a pair these make bold, italic, struck or code text, and Slack has no escape for them. So a
# text gets characters that look the same.
LOOK_ALIKES = str.maketrans({"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"})
BOLD = (Style.URGENT, Style.HEADING)


class SlackRenderer(Renderer):
    def render(self, reply: Reply) -> Rendered:
        parts = [
            Part(laid_out(lines, marked), laid_out(lines, words_only))
            for lines in pieces(reply.lines, _fits)
        ]
        choices = [Choice(_short(choice.title), choice.payload) for choice in reply.choices]
        return Rendered(tuple(with_buttons(parts, choices, MOST_BUTTONS)))


def marked(line: Line) -> str:
    """The line in Slack's mrkdwn, with nothing in it that Slack would read as markup of its own."""
    text = line.text.translate(ESCAPES).translate(LOOK_ALIKES)
    return f"*{text}*" if line.style in BOLD else text


def blocks(part: Part) -> list[dict[str, Any]]:
    """The part as Block Kit has it; `expand` keeps Slack from folding it up."""
    text = {"type": "mrkdwn", "text": part.text, "verbatim": True}
    section = {"type": "section", "text": text, "expand": True}
    buttons = [
        {
            "type": "button",
            "action_id": f"choice_{number}",  # has to differ within a message
            "text": {"type": "plain_text", "text": choice.title, "emoji": False},
            "value": choice.key,
        }
        for number, choice in enumerate(part.choices)
    ]
    rows = [
        {"type": "actions", "elements": buttons[start : start + BUTTONS_A_ROW]}
        for start in range(0, len(buttons), BUTTONS_A_ROW)
    ]
    return [section, *rows]


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"


def _fits(lines: Lines) -> bool:
    return len(laid_out(lines, marked)) <= LONGEST_SECTION
