"""Reads an article as plain text: its blocks, sentences, review line and references.

Every piece keeps its span, in bytes of the UTF-8 file, so that a passage can be found again
in the article byte for byte.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import spacy
from spacy.language import Language

from knowledge.errors import ArticleUnreadable, ReferencesMissing, ReviewLineInvalid

BULLET = re.compile(r"^\s*[•*–-]\s+(?=\S)")
REVIEW_LINE = re.compile(r"^(?P<series>.*?)\s*\bReviewed by (?P<reviewer>.+?) on (?P<date>.+?)\.?$")
REFERENCE_LINE = re.compile(r'^(?P<organisation>[^:"]{3,120}): (?P<titles>".+")$')
REFERENCE_TITLE = re.compile(r'"([^"]+?)[.,]?"')
ADAPTED_LINE = re.compile(r"^Adapted from ", re.IGNORECASE)
COPYRIGHT_LINE = re.compile(r"^(©|\(c\)|Copyright\b)", re.IGNORECASE)
LONGEST_HEADING = 8  # words; a longer line without a full stop is a sentence that lost it


@dataclass(frozen=True)
class Span:
    """A piece of the article. `start` and `end` are byte offsets, end excluded."""

    start: int
    end: int
    text: str

    def until(self, other: Span, article: bytes) -> Span:
        """The span from the start of this one to the end of the other."""
        raw = article[self.start : other.end]
        return Span(self.start, other.end, raw.decode("utf-8"))


@dataclass(frozen=True)
class Heading:
    span: Span


@dataclass(frozen=True)
class Paragraph:
    """Sentences in order; `bullets` belong to the last one, which leads in to them."""

    sentences: tuple[Span, ...]
    bullets: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Reference:
    organisation: str
    title: str


@dataclass(frozen=True)
class Article:
    path: Path
    raw: bytes
    title: str
    series: str
    reviewed_by: str
    reviewed_on: date
    copyright: str
    references: tuple[Reference, ...]
    blocks: tuple[Heading | Paragraph, ...] = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()

    def sentences(self) -> Iterator[Span]:
        """Every sentence and bullet of the article's body, in order."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield from block.sentences
                yield from block.bullets


@lru_cache(maxsize=1)
def _sentencizer() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return nlp


def read_article(path: Path, *, today: date | None = None) -> Article:
    """Parses the article at `path`.

    Raises:
        ArticleUnreadable: the file is missing, empty or not UTF-8.
        ReviewLineInvalid: the review line is missing, or its date unreadable or in the future.
        ReferencesMissing: no reference line follows the review line.
    """
    raw = _read_bytes(path)
    lines = list(_lines(raw))
    review_at, review = _find_review(path, lines)
    reviewed_on = _review_date(path, review_at + 1, review["date"], today or date.today())
    body = [line for line in lines[:review_at] if not ADAPTED_LINE.match(line.text.strip())]
    title, blocks = _parse_body(path, raw, body)
    tail = [line.text.strip() for line in lines[review_at + 1 :]]
    references = tuple(_references(path, tail))
    copyright_line = next((line for line in tail if COPYRIGHT_LINE.match(line)), "")
    return Article(
        path, raw, title, review["series"].strip(), review["reviewer"].strip(), reviewed_on,
        copyright_line, references, tuple(blocks),
    )  # fmt: skip


def _read_bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ArticleUnreadable(f"{path}: cannot be read ({error.strerror}).") from error
    if not raw.strip():
        raise ArticleUnreadable(f"{path}: the file is empty. Put the article's plain text in it.")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ArticleUnreadable(
            f"{path}, line {line}: byte {raw[error.start]:#04x} is not UTF-8. "
            "Save the article as UTF-8 plain text."
        ) from error
    return raw


def _lines(raw: bytes) -> Iterator[Span]:
    start = 0
    for line in raw.splitlines(keepends=True):
        yield Span(start, start + len(line.rstrip(b"\r\n")), line.rstrip(b"\r\n").decode("utf-8"))
        start += len(line)


def _find_review(path: Path, lines: list[Span]) -> tuple[int, re.Match[str]]:
    for number, line in enumerate(lines):
        match = REVIEW_LINE.match(line.text.strip())
        if match:
            return number, match
    raise ReviewLineInvalid(
        f"{path}: no line 'Reviewed by NAME on MONTH DAY, YEAR' was found in {len(lines)} lines. "
        "An answer has to say who reviewed it and when: add the line after the text."
    )


def _review_date(path: Path, line: int, text: str, today: date) -> date:
    try:
        reviewed_on = datetime.strptime(text.strip(), "%B %d, %Y").date()
    except ValueError as error:
        raise ReviewLineInvalid(
            f"{path}, line {line}: review date '{text}' cannot be read. "
            "Write it as in 'September 11, 2017'."
        ) from error
    if reviewed_on > today:
        raise ReviewLineInvalid(
            f"{path}, line {line}: review date '{text}' is in the future (today is {today}). "
            "Correct the date, or this computer's clock."
        )
    return reviewed_on


def _references(path: Path, lines: list[str]) -> Iterator[Reference]:
    found = False
    for line in lines:
        match = REFERENCE_LINE.match(line.replace("“", '"').replace("”", '"'))
        if match:
            for title in REFERENCE_TITLE.findall(match["titles"]):
                found = True
                yield Reference(match["organisation"].strip(), title)
    if not found:
        raise ReferencesMissing(
            f"{path}: no references after the review line. An answer has to name its sources: "
            'add lines such as: American Cancer Society: "Title," "Title."'
        )


def _parse_body(
    path: Path, raw: bytes, lines: list[Span]
) -> tuple[str, list[Heading | Paragraph]]:
    groups = list(_groups(lines))
    if not groups:
        raise ArticleUnreadable(f"{path}: there is no text before the review line.")
    title, blocks = groups[0][0].text.strip("\ufeff \t"), list[Heading | Paragraph]()
    for group in groups[1:]:
        if BULLET.match(group[0].text):
            _add_bullets(path, raw, group, blocks)
            continue
        text = group[0].until(group[-1], raw)
        if _is_heading(group):
            blocks.append(Heading(_trim(text, raw)))
        else:
            blocks.append(Paragraph(tuple(_split_sentences(text))))
    return title, blocks


def _groups(lines: list[Span]) -> Iterator[list[Span]]:
    """Runs of lines that belong together: a paragraph, or the bullets of one list."""
    group: list[Span] = []
    for line in lines:
        starts_list = bool(BULLET.match(line.text)) and group and not BULLET.match(group[0].text)
        if (not line.text.strip() or starts_list) and group:
            yield group
            group = []
        if line.text.strip():
            group.append(line)
    if group:
        yield group


def _is_heading(group: list[Span]) -> bool:
    text = group[0].text.strip()
    return len(group) == 1 and len(text.split()) <= LONGEST_HEADING and text[-1] not in ".:?!"


def _add_bullets(
    path: Path, raw: bytes, group: list[Span], blocks: list[Heading | Paragraph]
) -> None:
    items: list[list[Span]] = []
    for line in group:
        if BULLET.match(line.text):
            items.append([line])
        else:  # an indented line goes on with the bullet above it
            items[-1].append(line)
    bullets = tuple(_trim(item[0].until(item[-1], raw), raw) for item in items)
    if not blocks or not isinstance(blocks[-1], Paragraph):
        raise ArticleUnreadable(
            f"{path}: the list that starts with '{bullets[0].text}' follows no sentence. "
            "Put a sentence before it that says what it lists."
        )
    before = blocks[-1]
    blocks[-1] = Paragraph(before.sentences, before.bullets + bullets)


def _trim(span: Span, raw: bytes) -> Span:
    """The span without its bullet sign and outer white space."""
    sign = BULLET.match(span.text)
    start = span.start + len(span.text[: sign.end()].encode("utf-8")) if sign else span.start
    text = raw[start : span.end].decode("utf-8")
    start += len(text[: len(text) - len(text.lstrip())].encode("utf-8"))
    return Span(start, start + len(text.strip().encode("utf-8")), text.strip())


def _split_sentences(paragraph: Span) -> Iterator[Span]:
    for sentence in _sentencizer()(paragraph.text).sents:
        text = sentence.text.strip()
        if not text:
            continue
        start = sentence.start_char + len(sentence.text) - len(sentence.text.lstrip())
        at = paragraph.start + len(paragraph.text[:start].encode("utf-8"))
        yield Span(at, at + len(text.encode("utf-8")), text)
