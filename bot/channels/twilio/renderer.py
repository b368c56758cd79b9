"""Plain text with numbered choices: few segments at a time on SMS, bold words on WhatsApp."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.channels.messaging import wording
from bot.channels.messaging.pieces import Lines, pieces
from bot.channels.messaging.render import (
    Part,
    Rendered,
    Renderer,
    laid_out,
    numbered,
    words_only,
)
from bot.channels.messaging.reply import Line, Reply, Style
from bot.channels.twilio.segments import plain, segments

LONGEST = 1600  # characters, of Twilio, for SMS and WhatsApp
MOST_SEGMENTS = 3
LONGEST_HINT = "\n" + max(wording.MORE_HINTS, key=len)
REFERENCES = "References "
BOLD = (Style.URGENT, Style.HEADING)
ZERO_WIDTH_SPACE = "\u200b"


class SmsRenderer(Renderer):
    """Up to three segments at once; the rest when the patient replies MORE."""

    def render(self, reply: Reply) -> Rendered:
        lines = (*reply.lines, *numbered(reply.choices))
        is_one = _fits_sms(lines) and not reply.more_follows
        made = _dated([lines] if is_one else pieces(lines, _fits_with_hint, _fits_twilio))
        texts = [_sms(piece) + _hint(piece, made[at + 1 :]) for at, piece in enumerate(made)]
        if reply.more_follows:
            texts[-1] += f"\n{wording.MORE_ANSWERS}"
        parts = [Part(text, text) for text in texts]
        return Rendered(tuple(parts[:1]), tuple(parts[1:]), reply.choices)


class WhatsAppRenderer(Renderer):
    def render(self, reply: Reply) -> Rendered:
        made = pieces((*reply.lines, *numbered(reply.choices)), _fits_whatsapp)
        parts = tuple(Part(_whatsapp(piece), laid_out(piece, words_only)) for piece in made)
        return Rendered(parts, numbers=reply.choices)


def _sms(lines: Lines) -> str:
    return plain(laid_out(lines, words_only, gap="\n", bullet="- "))


def _dated(made: list[Lines]) -> list[Lines]:
    """Where the citation needs a message of its own, source and date go with the answer too."""
    for at, (piece, after) in enumerate(pairwise(made)):
        if not _ends_with(piece, after):
            continue
        cited = [line for line in after if line.style is Style.CITATION]
        source = tuple(line for line in cited if not line.text.startswith(REFERENCES))
        for lines in (source, source[-1:]):  # the date matters most
            if _fits_with_hint((*piece, *lines)):
                return [*made[:at], (*piece, *lines), *made[at + 1 :]]
    return made


def _ends_with(piece: Lines, after: Lines) -> bool:
    """Whether the next message only says the last line once more, with its citation."""
    body = [line for line in piece if line.style is not Style.CITATION]
    is_cited = len(after) > 1 and after[1].style is Style.CITATION
    return is_cited and bool(body) and body[-1].text == after[0].text


def _hint(piece: Lines, following: Sequence[Lines]) -> str:
    """What MORE would bring."""
    if not following:
        return ""
    styles = {line.style for after in following for line in after}
    if styles == {Style.CHOICE}:
        return f"\n{wording.MORE_CHOICES}"
    if Style.CITATION not in styles:
        return f"\n{wording.MORE}"
    if not _ends_with(piece, following[0]):
        return f"\n{wording.MORE_WITH_SOURCE}"
    is_sourced = [line.style for line in piece].count(Style.CITATION) > 1
    return f"\n{wording.MORE_REFERENCES if is_sourced else wording.MORE_SOURCE}"


def _fits_sms(lines: Lines) -> bool:
    return segments(_sms(lines)) <= MOST_SEGMENTS


def _fits_with_hint(lines: Lines) -> bool:
    return segments(_sms(lines) + LONGEST_HINT) <= MOST_SEGMENTS


def _fits_twilio(lines: Lines) -> bool:
    return len(_sms(lines) + LONGEST_HINT) <= LONGEST


def _marked(line: Line) -> str:
    """WhatsApp has no escaping: a zero-width space keeps its marks from pairing up."""
    text = line.text
    for mark in "*_~`":
        text = text.replace(mark, f"{mark}{ZERO_WIDTH_SPACE}")
    return f"*{text.strip()}*" if line.style in BOLD else text


def _whatsapp(lines: Lines) -> str:
    return laid_out(lines, _marked)


def _fits_whatsapp(lines: Lines) -> bool:
    return len(_whatsapp(lines).encode("utf-16-le")) // 2 <= LONGEST
