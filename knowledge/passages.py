"""What passages show: their sentences and list items, each piece of the article once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.lookup import PassageRow


@dataclass(frozen=True)
class Found:
    """Passages on a topic, and whose they are: the treatment's own, a group's, or members'."""

    owner: str
    passages: tuple[PassageRow, ...]


def passages_of(found: Iterable[Found]) -> list[PassageRow]:
    return [passage for f in found for passage in f.passages]


def once(passages: Iterable[PassageRow]) -> list[PassageRow]:
    """Each piece of the article once, in its order, though it may stand under several topics."""
    by_span = {(p.start, p.end): p for p in reversed(list(passages))}
    return [by_span[span] for span in sorted(by_span)]


def text_of(passages: Iterable[PassageRow]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(sentences, items) as they stand in the article."""
    passages = list(passages)
    sentences = tuple(
        p.lead if is_list(p) else p.text for p in passages
    )
    items = tuple(i.text for p in passages if is_list(p) for i in p.items)
    return sentences, items


def is_list(passage: PassageRow) -> bool:
    """Whether the passage has bullets; its items may also be names inside its sentence."""
    return bool(passage.items) and passage.items[0].text != passage.lead


def one_line(passage: PassageRow) -> str:
    if not is_list(passage):
        return passage.text
    return f"{passage.lead} {' / '.join(i.text for i in passage.items)}"


def capital(text: str) -> str:
    """Capital first letter, except for names such as mTOR that start low on purpose."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]
