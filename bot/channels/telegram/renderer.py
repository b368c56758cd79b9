"""Telegram's messages: HTML, up to 4,096 characters, one button a row."""

from __future__ import annotations

from html import escape

from bot.channels.messaging.pieces import Lines, pieces
from bot.channels.messaging.render import (
    Part,
    Rendered,
    Renderer,
    laid_out,
    with_buttons,
    words_only,
)
from bot.channels.messaging.reply import Line, Reply, Style

LONGEST = 4096  # Telegram leaves its tags out of the count; here they are in, to be safe
MOST_BUTTONS = 100  # of one message
BOLD = (Style.URGENT, Style.HEADING)


class TelegramRenderer(Renderer):
    def render(self, reply: Reply) -> Rendered:
        parts = [
            Part(laid_out(lines, _marked), laid_out(lines, words_only))
            for lines in pieces(reply.lines, _fits)
        ]
        return Rendered(tuple(with_buttons(parts, reply.choices, MOST_BUTTONS)))


def _marked(line: Line) -> str:
    text = escape(line.text, quote=False)
    return f"<b>{text}</b>" if line.style in BOLD else text


def _fits(lines: Lines) -> bool:
    return len(laid_out(lines, _marked).encode("utf-16-le")) // 2 <= LONGEST
