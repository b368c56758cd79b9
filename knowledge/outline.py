"""Finds out of which treatment, and on which topic, each sentence of an article speaks.

Headings help where they stand; real articles lack some. So a sentence's subject is also read from
how it starts ("Interferon alpha slows ...", "You take TKIs ...", "One of these drugs, ..."); a
sentence that names none goes on with the subject before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from knowledge.article import Article, Heading, Paragraph, Span
from knowledge.catalog import Catalog
from knowledge.topics import GOES_ON, ONE_OF_GROUP, Topic, topic_of_list, topics_of_sentence

# What may stand before the subject of a sentence.
BEFORE_SUBJECT = re.compile(
    r"^(?:(?:If|When|Once|In|For|By) [^,]*, |Usually, )?"
    r"(?:you (?:can |usually |will |may )?(?:get|take)s? |you['’]ll get )?"
    r"(?:One of these (?:drugs|medicines), |Some |The |An? |High doses of )?",
    re.IGNORECASE,
)
# "Side effects of Opdivo include", "Side effects from mTOR inhibitors include"
LIST_SUBJECT = re.compile(r"\b(?:of|from|with) (?=\S)")
NAMES_MEMBERS = re.compile(r"\b(?:including|such as|like)\b", re.IGNORECASE)


@dataclass(frozen=True)
class ListItem:
    """`treatment` is the member that the item names, where the list is one of members."""

    span: Span
    treatment: str | None = None


@dataclass(frozen=True)
class Passage:
    """A sentence, or a sentence with its list, as it speaks of one treatment on one topic."""

    treatment: str
    topic: Topic
    span: Span
    lead: Span
    items: tuple[ListItem, ...] = ()


def passages_of(article: Article, catalog: Catalog) -> Iterator[Passage]:
    """Yields the passages in the order of the article; one sentence may give several."""
    return _Outliner(article, catalog).run()


class _Outliner:
    def __init__(self, article: Article, catalog: Catalog) -> None:
        self.article = article
        self.catalog = catalog
        self.subject = catalog.condition

    def run(self) -> Iterator[Passage]:
        blocks = self.article.blocks
        for number, block in enumerate(blocks):
            if isinstance(block, Heading):
                named = self.catalog.named_in(block.span.text)
                self.subject = named[0][1] if named else self.catalog.condition
            else:
                yield from self._paragraph(block, number)

    def _paragraph(self, block: Paragraph, at: int) -> Iterator[Passage]:
        sentences, topics, run_in = list(block.sentences), set[Topic](), None
        for number, sentence in enumerate(sentences):
            if self._is_run_in_heading(sentence) and number + 1 < len(sentences):
                run_in = sentence  # it stays with the sentence it heads: no word of it is lost
                continue
            span = run_in.until(sentence, self.article.raw) if run_in else sentence
            run_in = None
            self.subject = self._subject(sentence.text)
            last = number + 1 == len(sentences)
            if last and (block.bullets or sentence.text.endswith(":")):
                yield from self._list(span, sentence, block.bullets, at)
                return
            if not (number and topics and GOES_ON.match(sentence.text)):
                topics = topics_of_sentence(
                    sentence.text, about_condition=self.subject == self.catalog.condition
                )
            yield from self._sentence(span, sentence, topics)

    def _is_run_in_heading(self, sentence: Span) -> bool:
        if self.catalog.is_name(sentence.text.rstrip(".: ")):
            self.subject = self.catalog.named_in(sentence.text)[0][1]
            return True
        return False

    def _subject(self, text: str) -> str:
        opening = BEFORE_SUBJECT.match(text)
        start = opening.end() if opening else 0
        for position, treatment in self.catalog.named_in(text):
            if position == start:
                return treatment
        return self.subject

    def _sentence(self, span: Span, sentence: Span, topics: set[Topic]) -> Iterator[Passage]:
        for topic in sorted(topics):
            yield Passage(self.subject, topic, span, sentence)
        yield from self._names_given(sentence)
        group = self.catalog.treatments[self.subject].part_of
        if group and ONE_OF_GROUP.search(sentence.text):
            yield Passage(group, "members", span, sentence, (ListItem(sentence, self.subject),))
        members = self._members_named(sentence.text)
        if members and NAMES_MEMBERS.search(sentence.text):
            items = tuple(ListItem(sentence, member) for member in members)
            yield Passage(self.subject, "members", span, sentence, items)
            for member in members:
                for topic in sorted(topics):
                    yield Passage(member, topic, span, sentence)

    def _names_given(self, span: Span) -> Iterator[Passage]:
        """A sentence such as "Sunitinib (Sutent) ..." tells that both names mean one treatment."""
        named = self.catalog.named_in(span.text)
        for (at, treatment), (second_at, second) in pairwise(named):
            between = span.text[at:second_at]
            if treatment == second and between.endswith("(") and " " not in between.split(" (")[1]:
                yield Passage(treatment, "names", span, span)

    def _members_named(self, text: str) -> list[str]:
        treatments = self.catalog.treatments
        return [t for _, t in self.catalog.named_in(text) if treatments[t].part_of == self.subject]

    def _list(
        self, span: Span, lead: Span, bullets: tuple[Span, ...], at: int
    ) -> Iterator[Passage]:
        topic = topic_of_list(lead.text) or "overview"
        preposition = LIST_SUBJECT.search(lead.text)
        if topic == "side_effects" and preposition:
            named = [
                t for at, t in self.catalog.named_in(lead.text) if at == preposition.end()
            ]  # fmt: skip
            self.subject = named[0] if named else self.subject
        if bullets:
            whole = span.until(bullets[-1], self.article.raw)
            items = tuple(ListItem(bullet, self._treatment_of_item(bullet)) for bullet in bullets)
            yield Passage(self.subject, topic, whole, lead, items)
            for bullet in bullets:
                yield from self._names_given(bullet)
            if topic == "administration":
                yield Passage(self.subject, "place", whole, lead, items)
        else:  # the article leaves the list out: its sections are the items
            yield Passage(self.subject, topic, span, lead, tuple(self._sections(at + 1)))

    def _treatment_of_item(self, bullet: Span) -> str | None:
        named = self.catalog.named_in(bullet.text)
        return named[0][1] if named and named[0][0] == 0 else None

    def _sections(self, first: int) -> Iterator[ListItem]:
        """The members of the subject that the sections from the block `first` on begin with."""
        found = set[str]()
        for block in islice(self.article.blocks, first, None):
            spans = (block.span,) if isinstance(block, Heading) else block.sentences[:1]
            for span in spans:
                opening = BEFORE_SUBJECT.match(span.text)
                for position, treatment in self.catalog.named_in(span.text):
                    part_of = self.catalog.treatments[treatment].part_of
                    at_start = position == (opening.end() if opening else 0)
                    if at_start and part_of == self.subject and treatment not in found:
                        found.add(treatment)
                        yield ListItem(span, treatment)
