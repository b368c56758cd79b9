"""Answers questions from the table: each public method one kind of question, one `Answer`.

Sentences and items are taken from the table as they are. What is missing is said, never filled in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge import wording
from knowledge.answer import Answer, Comparison, Section
from knowledge.lookup import PassageRow
from knowledge.passages import Found, once, one_line, passages_of, text_of
from knowledge.side_effect_answers import SideEffectAnswers
from knowledge.ways import WAYS, Way, is_given_only, way_of_passage

COMPARED_TOPICS = (
    "how_it_works", "administration", "schedule", "duration", "effectiveness", "when_used",
    "combination", "side_effects",
)  # fmt: skip
MOST_COMPARED = 3
# Words that say nothing about which passage is meant; the first letters stand for a stem.
COMMON_WORDS = frozenset(
    """
    about after also another because been before called cancer cancers cell cells come could does
    doing doctor drug drugs each every explain from give given gets have help helps into kidney
    kind know like make makes mean means medicine medicines more most need other people said same
    should some something stuff supposed take taken tell than that their them then there these
    they thing things this those through treat treatment treatments type use used very want well
    were what when where which while will with work works would your
    """.split()  # noqa: SIM905  (as a list it is a hundred lines)
)
STEM = 5
FEWEST_WORDS_HELD = 2


@dataclass(frozen=True)
class Answers(SideEffectAnswers):
    """All kinds of question. `today` is asked for at each answer, so that the age stays right."""

    # --- over all treatments ---------------------------------------------------------------------

    def treatments_by_administration(
        self, wanted: Sequence[str], refused: Sequence[str] = ()
    ) -> Answer:
        """Which treatments are given in the wanted ways, and not only in the refused ones.

        Both are ids of `ways.WAYS`.
        """
        ways, refusals = [WAYS[w] for w in wanted], [WAYS[w] for w in refused]
        rows = self._given(ways, refusals)
        asked = [way.name for way in ways] + [f"not {way.name}" for way in refusals]
        heading = "Treatments by how they are given"
        if asked:
            heading += f": {wording.join(asked)}"
        if not rows:
            return self._answer(
                heading, (), "treatments_by_administration",
                absence=f"The document does not name a treatment for that ({wording.join(asked)}).",
            )  # fmt: skip
        return self._answer(
            heading, (), "treatments_by_administration", passages=rows,
            sections=(Section("The document says so of:", (), self._line_each(rows)),),
        )  # fmt: skip

    def how_well_each_works(self) -> Answer:
        """What is said of how well treatments work, of each that something is said of."""
        rows = once(self.table.passages_on("effectiveness"))
        return self._answer(
            "How well treatments work", (), "effectiveness", passages=rows,
            sections=(Section("The document says so of:", (), self._line_each(rows)),),
        )  # fmt: skip

    def _line_each(self, rows: Sequence[PassageRow]) -> tuple[str, ...]:
        return tuple(
            f"{self._with_members(t)}: {' '.join(one_line(p) for p in rows if p.treatment == t)}"
            for t in dict.fromkeys(p.treatment for p in rows)
        )

    def _given(self, ways: Sequence[Way], refusals: Sequence[Way]) -> list[PassageRow]:
        """The passages on treatments that are given so; all topics asked have to hold."""
        asked = [*ways, *refusals]
        topics = tuple(dict.fromkeys(way.topic for way in asked)) or ("administration",)
        rows = [
            p for topic in topics for p in self.table.passages_on(topic)
            if all(way_of_passage(way, p) for way in ways if way.topic == topic)
            and not is_given_only([way for way in refusals if way.topic == topic], p)
        ]  # fmt: skip
        # "A pill, once a day": of the treatments that are named under both topics.
        per_topic = [{p.treatment for p in rows if p.topic == topic} for topic in topics]
        return once(p for p in rows if p.treatment in set.intersection(*per_topic))

    def compare(
        self, treatments: Sequence[str], topics: Sequence[str] = (), *, is_judged: bool = False
    ) -> Answer:
        """Two or three treatments side by side, cell by cell; a gap is said in its cell.

        `is_judged` for a question which of them is better: the document does not say.
        """
        shown = list(dict.fromkeys(treatments))[:MOST_COMPARED]
        names = [self.full_name(t) for t in shown]
        rows, passages = list[tuple[str, tuple[str, ...]]](), list[PassageRow]()
        for topic in topics or COMPARED_TOPICS:
            found = [self.find(t, topic) for t in shown]
            if not topics and not any(found):
                continue
            passages += [p for f in found for p in passages_of(f)]
            cells = tuple(self._cell(t, f) for t, f in zip(shown, found, strict=True))
            rows.append((wording.TOPIC_HEADINGS[topic], cells))
        belongs = tuple(self._belongs_to(t) for t in shown)
        notes = [wording.NOT_JUDGED] if is_judged else []
        notes += [b for b in belongs if b]
        if len(set(treatments)) > MOST_COMPARED:
            notes.append(f"I can set {MOST_COMPARED} side by side at most; these are the first.")
        return self._answer(
            f"Side by side: {wording.join(names)}", tuple(shown), "comparison",
            comparison=Comparison(tuple(names), tuple(rows)), passages=once(passages),
            notes=tuple(notes),
        )  # fmt: skip

    def _cell(self, treatment: str, found: list[Found]) -> str:
        if not found:
            return "the document does not say."
        below = [f for f in found if treatment in self.table.groups(f.owner)]
        if len(below) > 1:
            return (
                "the document says this by medicine: "
                + wording.join([self.full_name(f.owner) for f in below]) + "."
            )  # fmt: skip
        return " ".join(self._cell_text(treatment, f) for f in found)

    def _cell_text(self, treatment: str, found: Found) -> str:
        sentences, items = text_of(found.passages)
        text = " ".join(sentences)
        if items:
            text = f"{text} {'; '.join(i.rstrip('.') for i in items)}."
        if found.owner != treatment:
            return f"[{self.full_name(found.owner)}] {text}"
        return text

    def options(self) -> Answer:
        """The treatments there are, with the medicines of each."""
        document = self.table.document_ids()[0]
        condition = self.table.condition(document)
        passages = list(self.table.passages(condition, "members"))
        items = list[str]()
        for passage in tuple(passages):
            for item in passage.items:
                inner = self._medicines_of(item.treatment) if item.treatment else []
                items.append(f"{item.text}: {', '.join(inner)}" if inner else item.text)
        lead = tuple(p.lead for p in passages)
        return self._answer(
            f"Treatments for {condition}", (condition,), "members", passages=passages,
            sections=(Section("", lead, tuple(items)),),
        )  # fmt: skip

    def _medicines_of(self, treatment: str) -> list[str]:
        listed = []
        for member in self.table.members(treatment):
            name, inner = self.full_name(member), self._medicines_of(member)
            listed.append(f"{name} [{', '.join(inner)}]" if inner else name)
        return listed

    # --- the condition and its words -------------------------------------------------------------

    def on_condition(self, topic: str) -> Answer:
        """What the document says of the condition itself: overview, choosing or trials."""
        document = self.table.document_ids()[0]
        condition = self.table.condition(document)
        passages = self.table.passages(condition, topic)
        headings = {"overview": f"What {condition} is"}
        return self._answer(
            headings.get(topic, wording.TOPIC_HEADINGS[topic]), (condition,), topic,
            sections=(Section("", *text_of(passages)),), passages=passages,
        )  # fmt: skip

    def definition(self, form: str) -> Answer | None:
        """What the document says a word means, or None where it does not explain the word."""
        found = self.table.glossary(form)
        if found is None:
            return None
        document, term, text = found
        return self._answer(
            f"What “{term}” means", (), "definition", document=document,
            sections=(Section("In the document:", (text,)),),
        )  # fmt: skip

    def unexplained(self) -> Answer:
        """For a word that the document does not explain: which words it does."""
        document = self.table.document_ids()[0]
        return self._answer(
            "What a word means", (), "definition", document=document,
            absence="The document does not explain that word. "
            f"{wording.ASK_CARE_TEAM} The words that it explains are: "
            f"{wording.join(self.table.glossary_terms(document))}.",
        )  # fmt: skip

    def by_description(self, text: str) -> Answer | None:
        """What the document says on something described, not named ("what starves the tumor").

        None unless one passage holds at least two of the telling words.
        """
        words = [w for w in re.findall(r"[a-z]{4,}", text.lower()) if w not in COMMON_WORDS]
        for passage in self.table.search(dict.fromkeys(words), limit=1):
            held = {w[:STEM] for w in re.findall(r"[a-z]{4,}", passage.text.lower())}
            tells = len({w[:STEM] for w in words} & held) >= FEWEST_WORDS_HELD
            if tells and self.table.treatment(passage.treatment).kind != "condition":
                return self.on_topic(passage.treatment, passage.topic)
        return None

    # --- where it comes from ----------------------------------------------------------------------

    def sources(self) -> Answer:
        """All references, the reviewer and the date."""
        return self._answer(
            "Where these answers come from", (), "sources", everything_cited=True,
            verdict="Every answer here is taken from one reviewed document.",
        )  # fmt: skip

    def doctor_questions(self, treatment: str | None) -> Answer:
        """Questions to take along, each beside what the document says or leaves open."""
        condition = self.table.condition(self.table.document_ids()[0])
        subject = treatment or condition
        passages = list(self.table.passages(condition, "choosing"))
        name = self.full_name(treatment) if treatment else "each treatment"
        found = self.find(treatment, "side_effects") if treatment else []
        items = [
            f"How can {name} help me, and what is the goal?",
            f"Which side effects of {name} should I expect, and when should I call you?",
            "How much do I take, how and when, and what if I miss a dose?",
            f"Does {name} go with my other medicines, food and drinks?",
            "How will we know whether it works, and what comes next if it does not?",
            "Is a clinical trial a good fit for me?",
        ]  # fmt: skip
        effects = "; ".join(i.text for f in found for p in f.passages for i in p.items)
        notes = (f"Side effects that the document lists: {effects}.",) if effects else ()
        return self._answer(
            f"Questions to take to your doctor: {name}", (subject,), "doctor_questions",
            sections=(Section("The document says:", *text_of(passages)),
                      Section("You could ask:", (), tuple(items))),
            passages=passages + list(passages_of(found)), notes=notes,
        )  # fmt: skip
