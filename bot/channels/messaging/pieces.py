"""Cuts a reply into messages that a vendor takes: between sentences or items, never elsewhere."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.channels.messaging.reply import Line, Style

Lines = tuple[Line, ...]
Fits = Callable[[Lines], bool]
LAST = (Style.CITATION, Style.CHOICE)
NEVER_CUT = (Style.URGENT, Style.CITATION)
STAY_WITH_NEXT = (Style.HEADING, Style.LABEL)


def pieces(lines: Sequence[Line], fits: Fits, fits_whole: Fits | None = None) -> list[Lines]:
    """The lines in as few messages as `fits` allows, in their order; choices come last.

    A heading stays with what it heads, urgent lines stay together, and the citation stays whole
    with the last line before it. `fits_whole` is a wider limit for these last two, where messages
    are so short that a citation fills one: then all is said before it comes, the line before it
    twice. A list whose end waits behind a MORE would be read as a whole one.
    """
    whole = fits_whole or fits
    cited = tuple(line for line in lines if line.style is Style.CITATION)
    choices = tuple(line for line in lines if line.style is Style.CHOICE)
    body = tuple(line for line in lines if line.style not in LAST)
    units = list(_units(body))
    said = units.pop() if units else ()
    last_words = tuple(replace(line, runs_on=False) for line in body[-1:])
    if cited and fits_whole and not fits((*body, *cited)) and whole((*last_words, *cited)):
        units += [said, (*last_words, *cited)]
    else:
        units.append((*said, *cited))
    return _packed([*units, choices], fits, whole)


def _units(body: Lines) -> Iterator[Lines]:
    """Lines that must not be parted."""
    unit: list[Line] = []
    for line, after in zip(body, (*body[1:], None), strict=False):  # none where there is no body
        unit.append(line)
        is_urgent = line.style is Style.URGENT and after and after.style is Style.URGENT
        if not is_urgent and (line.style not in STAY_WITH_NEXT or after is None):
            yield tuple(unit)
            unit = []


def _packed(units: Sequence[Lines], fits: Fits, whole: Fits) -> list[Lines]:
    packed: list[Lines] = []
    for unit in units:
        is_safe = fits(unit) or (any(x.style in NEVER_CUT for x in unit) and whole(unit))
        for part in [unit] if is_safe else _smaller(unit, fits):
            if packed and fits((*packed[-1], *part)):
                packed[-1] = (*packed[-1], *part)
            elif part:
                kept, headed = _with_its_head(packed[-1] if packed else (), part, fits)
                packed[-1:] = [kept] if kept else []
                packed.append((replace(headed[0], runs_on=False), *headed[1:]))
    return packed


def _with_its_head(before: Lines, part: Lines, fits: Fits) -> tuple[Lines, Lines]:
    """Moves a list's beginning to its end, where both fit: items alone do not say of what."""
    if before and before[-1].text == part[0].text:  # said once more, with its citation
        return before, part
    at = len(before)
    while part[0].style is Style.ITEM and at and before[at - 1].style is Style.ITEM:
        at -= 1
    while at and before[at - 1].style in STAY_WITH_NEXT:
        at -= 1
    headed = (*before[at:], *part)
    return (before[:at], headed) if at and fits(headed) else (before, part)


def _smaller(unit: Lines, fits: Fits) -> Iterator[Lines]:
    """What is too long to stay together, line by line; a line too long for one message by words."""
    cited = tuple(line for line in unit if line.style is Style.CITATION)
    body = unit[: len(unit) - len(cited)]
    if not body or not cited or not fits(cited):
        yield from _by_lines(unit, fits)
        return
    yield from _by_lines(body[:-1], fits)
    last = body[-1]
    words = last.text.split(" ")

    def ending(count: int) -> Lines:
        runs_on = last.runs_on if count == len(words) else True
        return (Line(last.style, " ".join(words[-count:]), runs_on), *cited)

    count = _most(len(words), lambda count: fits(ending(count)))
    yield from _by_lines((replace(last, text=" ".join(words[:-count])),), fits)
    yield ending(count)


def _by_lines(lines: Lines, fits: Fits) -> Iterator[Lines]:
    for line in lines:
        words, runs_on = line.text.split(" "), line.runs_on
        while any(words):
            parts = [Line(line.style, " ".join(words[:n]), runs_on) for n in range(len(words) + 1)]
            count = _most(len(words), _fits_alone(parts, fits))
            yield (parts[count],)
            words, runs_on = words[count:], True


def _fits_alone(parts: Sequence[Line], fits: Fits) -> Callable[[int], bool]:
    return lambda count: fits((parts[count],))


def _most(limit: int, fits: Callable[[int], bool]) -> int:
    """The largest count up to the limit that fits; 1 where none does."""
    return max(1, bisect_left(range(1, limit + 1), True, key=lambda count: not fits(count)))
