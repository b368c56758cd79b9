"""What goes out: the parts of a reply as one kind of channel takes them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.channels.messaging.reply import Choice, Line, Reply, Style

MORE_TO_PICK = "More to pick from:"
PARAGRAPHS = (Style.HEADING, Style.LABEL, Style.CITATION, Style.CHOICE)


@dataclass(frozen=True)
class Part:
    """One message to the vendor.

    `text` is in the vendor's own markup, escaped; `plain` are the same words without markup, sent
    where a vendor refuses the markup and read by tests. `choices` are drawn as buttons under it.
    """

    text: str
    plain: str
    choices: tuple[Choice, ...] = ()
    is_plain: bool = False

    def as_plain(self) -> Part:
        return replace(self, text=self.plain, is_plain=True)


@dataclass(frozen=True)
class Rendered:
    """A reply for one patient.

    `parts` are sent now, in order; `rest` after the patient asks for MORE. `numbers` are the
    choices that stand as "Reply 1 for ..." in the text: a number is understood as the next message.
    """

    parts: tuple[Part, ...]
    rest: tuple[Part, ...] = ()
    numbers: tuple[Choice, ...] = ()


class Renderer(ABC):
    """Draws replies within one vendor's limits. Has no state and does no input or output."""

    @abstractmethod
    def render(self, reply: Reply) -> Rendered:
        """Every line and every choice of the reply is in the result, none is dropped."""


def laid_out(
    lines: Sequence[Line], mark: Callable[[Line], str], *, gap: str = "\n\n", bullet: str = "• "
) -> str:
    """The lines as one text; `mark` escapes a line and puts it into the vendor's markup."""
    text = ""
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else None
        text += _between(before, line, gap) if before else ""
        starts_item = line.style is Style.ITEM and not (before and line.runs_on)
        text += (bullet if starts_item else "") + mark(line)
    return text


def words_only(line: Line) -> str:
    return line.text


def _between(before: Line, line: Line, gap: str) -> str:
    if line.runs_on:
        return " "
    is_new = line.style is not before.style
    starts_part = line.style in PARAGRAPHS or before.style is Style.URGENT
    after_list = before.style is Style.ITEM and line.style is Style.TEXT
    heads = before.style in (Style.HEADING, Style.LABEL)
    return gap if (is_new and (starts_part or after_list) and not heads) else "\n"


def with_buttons(parts: Sequence[Part], choices: Sequence[Choice], most: int) -> list[Part]:
    """The choices under the last part; what is too much for one message under more of them."""
    rows = [tuple(choices[at : at + most]) for at in range(0, len(choices), most)]
    if not rows:
        return list(parts)
    *before, last = parts
    more = [Part(MORE_TO_PICK, MORE_TO_PICK, row) for row in rows[1:]]
    return [*before, replace(last, choices=rows[0]), *more]


def numbered(choices: Sequence[Choice], start: int = 1) -> tuple[Line, ...]:
    """The choices as lines: a patient replies with the number."""
    return tuple(
        Line(Style.CHOICE, f"{'Reply ' if at == 0 else ''}{start + at} for “{choice.title}”")
        for at, choice in enumerate(choices)
    )
