"""Messenger: plain text, quick replies below. They show as long as the message is the latest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.channels.messaging.pieces import Lines, pieces
from bot.channels.messaging.render import (
    Part,
    Rendered,
    Renderer,
    laid_out,
    numbered,
    with_buttons,
    words_only,
)
from bot.channels.messaging.reply import Choice, Reply

LONGEST_TEXT = 2000  # characters
LONGEST_TITLE = 20
MOST_QUICK_REPLIES = 13


class MessengerRenderer(Renderer):
    """Most titles are too long for a quick reply: the text then has them in full, by number."""

    def render(self, reply: Reply) -> Rendered:
        said, choices = pieces(reply.lines, _fits), reply.choices
        is_short = all(len(choice.title) <= LONGEST_TITLE for choice in choices)
        if is_short and len(choices) <= MOST_QUICK_REPLIES:
            parts = with_buttons([_part(lines) for lines in said], choices, MOST_QUICK_REPLIES)
            return Rendered(tuple(parts))
        first, *more = _menus(choices)
        if said and _fits((*said[-1], *first[0])):
            first = ((*said.pop(), *first[0]), first[1])
        return Rendered(
            (*map(_part, said), *(_part(*menu) for menu in (first, *more))), numbers=choices
        )


def _menus(choices: Sequence[Choice]) -> Iterator[tuple[Lines, tuple[Choice, ...]]]:
    """Numbered lines with quick replies for them, as many as go under one message."""
    for start in range(0, len(choices), MOST_QUICK_REPLIES):
        group = choices[start : start + MOST_QUICK_REPLIES]
        short = (
            Choice(_short(f"{number}. {choice.title}"), choice.payload)
            for number, choice in enumerate(group, start + 1)
        )
        *before, last = pieces(numbered(group, start + 1), _fits)
        yield from ((lines, ()) for lines in before)
        yield last, tuple(short)


def _short(title: str) -> str:
    """Cut between words, where that leaves more than half of the room."""
    if len(title) <= LONGEST_TITLE:
        return title
    words = title[:LONGEST_TITLE].rpartition(" ")[0]
    kept = words if len(words) > LONGEST_TITLE // 2 else title[: LONGEST_TITLE - 1].rstrip()
    return f"{kept}…"


def _part(lines: Lines, choices: tuple[Choice, ...] = ()) -> Part:
    text = laid_out(lines, words_only)
    return Part(text, text, choices)


def _fits(lines: Lines) -> bool:
    return len(laid_out(lines, words_only)) <= LONGEST_TEXT
