"""Answers questions from the table: each public method one kind of question, one `Answer`.

Sentences and items are taken from the table as they are. What is missing is said, never filled in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from knowledge import wording
from knowledge.answer import Answer, Comparison, Section
from knowledge.citation import DEFAULT_MAX_AGE_YEARS, cite
from knowledge.lookup import PassageRow, Table
from knowledge.topics import INHERITED

OVERVIEW_TOPICS = ("overview", "how_it_works", "when_used", "administration", "schedule")
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
class Found:
    """Passages on a topic, and whose they are: the treatment's own, a group's, or members'."""

    owner: str
    passages: tuple[PassageRow, ...]


@dataclass(frozen=True)
class Answers:
    """Answers from one table. `today` is asked for at each answer, so that the age stays right."""

    table: Table
    max_age_years: int = DEFAULT_MAX_AGE_YEARS
    today: Callable[[], date] = field(default=date.today)

    # --- names -------------------------------------------------------------------------------

    def full_name(self, treatment: str) -> str:
        return wording.full_name(self.table.treatment(treatment))

    def short_name(self, treatment: str) -> str:
        return wording.short_name(self.table.treatment(treatment))

    # --- one topic of one treatment ------------------------------------------------------------

    def on_topic(self, treatment: str, topic: str) -> Answer:
        """What the document says on the topic; the group's facts are said to be the group's."""
        special = {"overview": self.overview, "members": self.membership, "names": self.names}
        if topic in special:
            return special[topic](treatment)
        found = self.find(treatment, topic)
        if topic == "when_used" and not found:  # what it is tells at least what it is for
            shown = self.overview(treatment)
            heading = wording.heading(topic, [self.full_name(treatment)])
            return replace(
                shown, heading=heading, topic=topic, absence=self._absence(treatment, topic)
            )
        sections = tuple(self._section(treatment, f) for f in found)
        return self._answer(
            wording.heading(topic, [self.full_name(treatment)]), (treatment,), topic,
            sections=sections, passages=_passages(found),
            absence="" if found else self._absence(treatment, topic),
        )  # fmt: skip

    def find(self, treatment: str, topic: str) -> list[Found]:
        """The passages on the topic: own ones, else the nearest group's, else the members'."""
        own = self.table.passages(treatment, topic)
        if own:
            return [Found(treatment, own)]
        if topic in INHERITED:
            for group in self.table.groups(treatment):
                passages = self.table.passages(group, topic)
                if passages:
                    return [Found(group, passages)]
        if self.table.treatment(treatment).kind == "condition":
            return []
        return [f for member in self.table.members(treatment) for f in self._below(member, topic)]

    def _below(self, treatment: str, topic: str) -> list[Found]:
        own = self.table.passages(treatment, topic)
        if own:
            return [Found(treatment, own)]
        return [f for member in self.table.members(treatment) for f in self._below(member, topic)]

    def _absence(self, treatment: str, topic: str) -> str:
        return f"{wording.gap(topic, self.full_name(treatment))} {wording.ASK_CARE_TEAM}"

    def _section(self, treatment: str, found: Found) -> Section:
        return Section(self._whose(treatment, found.owner), *_text(found.passages))

    def _whose(self, treatment: str, owner: str) -> str:
        if owner == treatment:
            return ""
        if owner in self.table.groups(treatment):
            return wording.of_group(self.full_name(owner), self.full_name(treatment))
        return wording.of_member(self.full_name(owner), self.full_name(treatment))

    def _answer(
        self,
        heading: str,
        about: tuple[str, ...],
        topic: str,
        *,
        document: str | None = None,
        passages: Iterable[PassageRow] = (),
        everything_cited: bool = False,
        verdict: str = "",
        sections: tuple[Section, ...] = (),
        comparison: Comparison | None = None,
        absence: str = "",
        notes: tuple[str, ...] = (),
    ) -> Answer:
        passages = tuple(passages)
        document = document or self._document_of(about)
        subjects = {topic, *about, *(p.treatment for p in passages)}
        subjects |= {group for t in about for group in self.table.groups(t)}
        citation = cite(
            self.table, document, subjects, today=self.today(), max_age_years=self.max_age_years,
            everything=everything_cited,
        )  # fmt: skip
        return Answer(
            heading, about, topic, citation, self.table.document(document).content_version,
            verdict, sections, comparison, absence, notes, tuple(p.passage_id for p in passages),
        )  # fmt: skip

    def _document_of(self, about: Sequence[str]) -> str:
        if about:
            return self.table.treatment(about[0]).document
        return self.table.document_ids()[0]

    # --- what a treatment is, is called and belongs to ----------------------------------------

    def overview(self, treatment: str) -> Answer:
        """What it is, with how it works, when it is used and how it is given."""
        about_it = {treatment, *self.table.groups(treatment)}
        found = [f for topic in OVERVIEW_TOPICS for f in self.find(treatment, topic)[:1]]
        found = [f for f in found if f.owner in about_it] or found  # not a member's facts first
        found += self._below_first(treatment) if not found else []
        passages, sections = list[PassageRow](), list[Section]()
        for owner in dict.fromkeys(f.owner for f in found):
            shown = _once(p for f in found if f.owner == owner for p in f.passages)
            passages += shown
            sections.append(Section(self._whose(treatment, owner), *_text(shown)))
        return self._answer(
            wording.heading("overview", [self.full_name(treatment)]), (treatment,), "overview",
            verdict=self._belongs_to(treatment), sections=tuple(sections), passages=passages,
        )  # fmt: skip

    def _below_first(self, treatment: str) -> list[Found]:
        return self._below(treatment, "overview")

    def _belongs_to(self, treatment: str) -> str:
        groups = [self.full_name(g) for g in self.table.groups(treatment)]
        if not groups:
            return ""
        name = self.full_name(treatment)
        outer = f", which is part of {groups[1]}" if groups[1:] else ""
        return _capital(wording.agree(f"{name} is listed under {groups[0]}{outer}.", name))

    def membership(self, treatment: str) -> Answer:
        """A group's members; for a drug, the group it belongs to with that group's members."""
        name = self.full_name(treatment)
        group = treatment
        own = self.table.passages(treatment, "members")
        if not own:
            group = next(iter(self.table.groups(treatment)), treatment)
            own = self.table.passages(group, "members")
        if not own:
            return self._answer(
                wording.heading("members", [name]), (treatment,), "members",
                verdict=self._belongs_to(treatment),
                absence=self._absence(treatment, "members"),
            )  # fmt: skip
        sentences, items = _text(own)
        named = [self.full_name(i.treatment) for p in own for i in p.items if i.treatment]
        if not items and len(named) > 1:  # a list that the article leaves to its sections
            items = tuple(named)
        sub_lists = list[Section]()
        if self.table.treatment(group).kind != "condition":
            for member in self.table.members(group):
                inner = self.table.passages(member, "members") if group == treatment else ()
                if inner:
                    whose = wording.of_member(self.full_name(member), self.full_name(group))
                    sub_lists.append(Section(whose, *_text(inner)))
                    own += inner
        return self._answer(
            wording.heading("members", [self.full_name(group)]), (treatment,), "members",
            verdict=self._belongs_to(treatment) if group != treatment else "",
            sections=(Section("", sentences, items), *sub_lists), passages=own,
        )  # fmt: skip

    def names(self, treatment: str) -> Answer:
        """Brand, generic and other names, each told for what it is."""
        row = self.table.treatment(treatment)
        passages = self.table.passages(treatment, "names")
        parts = list[str]()
        if row.brands:
            parts.append(
                f"{wording.join(row.brands)} is the brand name, "
                f"{treatment} is the generic name of the same medicine."
            )
        elif row.kind == "drug":
            parts.append(
                f"The document calls it {self.full_name(treatment)}. "
                "The document does not give a brand name for it."
            )
        titled = self._named_in_reference_titles(treatment)
        notes = tuple(f'The title of a reference also names it: "{t}".' for t in titled)
        first = treatment.lower()  # where it is introduced, not where it is mentioned
        shown = _once([p for p in passages if p.text.lower().startswith(first)] or passages)
        absence = "" if shown or parts else self._absence(treatment, "names")
        return self._answer(
            wording.heading("names", [self.full_name(treatment)]), (treatment,), "names",
            verdict=" ".join(parts), passages=shown, absence=absence, notes=notes,
            sections=(Section("In the document:", *_text(shown)),) if shown else (),
        )  # fmt: skip

    def same_or_not(self, treatments: Sequence[str]) -> Answer:
        """ "Is sunitinib Nexavar?": no, with the names that the document gives each."""
        each = [self.names(t) for t in treatments]
        names = [self.full_name(t) for t in treatments]
        return self._answer(
            wording.heading("names", names), tuple(treatments), "names",
            verdict=f"No: the document names {wording.join(names)} as different treatments.",
            sections=tuple(section for one in each for section in one.sections),
            passages=_once(p for t in treatments for p in self.table.passages(t, "names")),
        )  # fmt: skip

    def _named_in_reference_titles(self, treatment: str) -> list[str]:
        row = self.table.treatment(treatment)
        texts = [p.text for p in self.table.passages(treatment, "names")]
        others = [n for n in row.other_names if not any(n.lower() in t.lower() for t in texts)]
        return [
            r.title
            for r in self.table.references(row.document)
            if treatment in r.about and any(n.lower() in r.title.lower() for n in others)
        ]

    # --- side effects, forwards and backwards --------------------------------------------------

    def side_effect_check(
        self, treatment: str, side_effects: Sequence[str], asked: str = ""
    ) -> Answer:
        """Whether the document lists the side effects for the treatment, with the evidence.

        `side_effects` are ids; where there is none, `asked` could not be matched to a known
        symptom, and the answer says so and shows the whole list.
        """
        name = self.full_name(treatment)
        found = self.find(treatment, "side_effects")
        if not found:
            return self.on_topic(treatment, "side_effects")
        if not side_effects:
            whole = tuple(self._section(treatment, f) for f in found)
            return self._answer(
                f"Side effect question: {name}", (treatment,), "yes_no", sections=whole,
                verdict=f"The document does not list it under that name. For {name} it lists:",
                notes=(wording.NOT_LISTED_CAN_HAPPEN,), passages=_passages(found),
            )  # fmt: skip
        listed, missing = list[Section](), list[str]()
        for effect in side_effects:
            sections = [s for f in found if (s := self._evidence(treatment, f, effect))]
            listed += [s for s in sections if s not in listed]
            if not sections:
                missing.append(self.table.side_effect_name(effect))
        words = [self.table.side_effect_name(e) for e in side_effects]
        yes = [w for w in words if w not in missing]
        absence = self._not_listed(missing, name) + self._near(found, side_effects, missing)
        return self._answer(
            f"Is it listed? {_capital(wording.join(words))} and {name}", (treatment,), "yes_no",
            verdict=f"Yes: the document lists {wording.join(yes)} as a side effect." if yes else "",
            sections=tuple(listed), absence=absence, passages=_passages(found),
        )  # fmt: skip

    def _evidence(self, treatment: str, found: Found, effect: str) -> Section | None:
        """The listed items that match the side effect, under the sentence that leads in."""
        items = tuple(
            item.text for p in found.passages for item in p.items if effect in item.side_effects
        )
        if not items:
            return None
        leads = tuple(dict.fromkeys(p.lead for p in found.passages if p.items))
        return Section(self._whose(treatment, found.owner), leads, items)

    def _not_listed(self, missing: Sequence[str], name: str) -> str:
        if not missing:
            return ""
        return (
            f"The document does not list {wording.join(missing, 'or')} as a side effect of {name}. "
            f"{wording.NOT_LISTED_CAN_HAPPEN}"
        )

    def _near(self, found: list[Found], effects: Sequence[str], missing: Sequence[str]) -> str:
        """Related items that the document does list, where the asked one is missing."""
        if not missing:
            return ""
        related = {r for e in effects for r in self.table.related_side_effects(e)}
        items = [
            i.text for f in found for p in f.passages for i in p.items
            if related & set(i.side_effects)
        ]  # fmt: skip
        if not items:
            return ""
        return f" Near to it, the document lists: {'; '.join(dict.fromkeys(items))}."

    def treatments_by_side_effect(self, side_effects: Sequence[str]) -> Answer:
        """Which treatments list the side effects; a group's list names its members."""
        names = wording.join([self.table.side_effect_name(e) for e in side_effects], "or")
        rows = [row for e in side_effects for row in self.table.lists_with(e)]
        items = list(
            dict.fromkeys(f"{self._with_members(t)}: {text}" for t, _, text in rows)
        )
        heading = f"Treatments that list {names}"
        if not items:
            return self._answer(
                heading, (), "treatments_by_side_effect",
                absence=f"The document does not list {names} for any treatment. "
                f"{wording.NOT_LISTED_CAN_HAPPEN}",
            )  # fmt: skip
        ids = {i for _, i, _ in rows}
        treatments = dict.fromkeys(t for t, _, _ in rows)
        listed = [p for t in treatments for p in self.table.passages(t, "side_effects")]
        passages = [p for p in listed if p.passage_id in ids]
        return self._answer(
            heading, (), "treatments_by_side_effect", passages=passages,
            notes=(wording.OTHERS_CAN_TOO,),
            sections=(Section("The document lists it for:", (), tuple(items)),),
        )  # fmt: skip

    def _with_members(self, treatment: str) -> str:
        members = self.table.members(treatment)
        name = _capital(self.full_name(treatment))
        if not members:
            return name
        return f"{name}, as a group ({wording.join([self.short_name(m) for m in members])})"

    # --- over all treatments ---------------------------------------------------------------------

    def treatments_by_administration(self, wanted: Sequence[str]) -> Answer:
        """Which treatments are given in the wanted ways (ids of `ways.WAYS`)."""
        from knowledge.ways import WAYS, way_of_passage

        ways = [WAYS[w] for w in wanted]
        topics = tuple(dict.fromkeys(way.topic for way in ways)) or ("administration",)
        rows = [
            p for topic in topics for p in self.table.passages_on(topic)
            if not ways or all(way_of_passage(way, p) for way in ways if way.topic == topic)
        ]  # fmt: skip
        if len(topics) > 1:  # both have to hold: "a pill, once a day"
            per_topic = [{p.treatment for p in rows if p.topic == topic} for topic in topics]
            both = set.intersection(*per_topic)
            rows = [p for p in rows if p.treatment in both]
        rows = _once(rows)
        heading = "Treatments by how they are given"
        if ways:
            heading += f": {wording.join([way.name for way in ways])}"
        if not rows:
            named = wording.join([way.name for way in ways])
            return self._answer(
                heading, (), "treatments_by_administration",
                absence=f"The document does not name a treatment for that ({named}).",
            )  # fmt: skip
        items = tuple(
            f"{self._with_members(t)}: " + " ".join(
                _one_line(p, ways) for p in rows if p.treatment == t
            )
            for t in dict.fromkeys(p.treatment for p in rows)
        )  # fmt: skip
        return self._answer(
            heading, (), "treatments_by_administration", passages=rows,
            sections=(Section("The document says so of:", (), items),),
        )  # fmt: skip

    def compare(self, treatments: Sequence[str], topics: Sequence[str] = ()) -> Answer:
        """Two or three treatments side by side, cell by cell; a gap is said in its cell."""
        shown = list(dict.fromkeys(treatments))[:MOST_COMPARED]
        names = [self.full_name(t) for t in shown]
        rows, passages = list[tuple[str, tuple[str, ...]]](), list[PassageRow]()
        for topic in topics or COMPARED_TOPICS:
            found = [self.find(t, topic) for t in shown]
            if not topics and not any(found):
                continue
            passages += [p for f in found for p in _passages(f)]
            cells = tuple(self._cell(t, f) for t, f in zip(shown, found, strict=True))
            rows.append((wording.TOPIC_HEADINGS[topic], cells))
        belongs = tuple(self._belongs_to(t) for t in shown)
        notes = [b for b in belongs if b]
        if len(set(treatments)) > MOST_COMPARED:
            notes.append(f"I can set {MOST_COMPARED} side by side at most; these are the first.")
        return self._answer(
            f"Side by side: {wording.join(names)}", tuple(shown), "comparison",
            comparison=Comparison(tuple(names), tuple(rows)), passages=_once(passages),
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
        sentences, items = _text(found.passages)
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
            sections=(Section("", *_text(passages)),), passages=passages,
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
            sections=(Section("The document says:", *_text(passages)),
                      Section("You could ask:", (), tuple(items))),
            passages=passages + list(_passages(found)), notes=notes,
        )  # fmt: skip


def _passages(found: Iterable[Found]) -> list[PassageRow]:
    return [passage for f in found for passage in f.passages]


def _once(passages: Iterable[PassageRow]) -> list[PassageRow]:
    """Each piece of the article once, in its order, though it may stand under several topics."""
    by_span = {(p.start, p.end): p for p in reversed(list(passages))}
    return [by_span[span] for span in sorted(by_span)]


def _text(passages: Iterable[PassageRow]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(sentences, items) as they stand in the article."""
    passages = list(passages)
    sentences = tuple(
        p.lead if _is_list(p) else p.text for p in passages
    )
    items = tuple(i.text for p in passages if _is_list(p) for i in p.items)
    return sentences, items


def _is_list(passage: PassageRow) -> bool:
    """Whether the passage has bullets; its items may also be names inside its sentence."""
    return bool(passage.items) and passage.items[0].text != passage.lead


def _one_line(passage: PassageRow, ways: Sequence[object]) -> str:
    if not _is_list(passage):
        return passage.text
    return f"{passage.lead} {' / '.join(i.text for i in passage.items)}"


def _capital(text: str) -> str:
    """Capital first letter, except for names such as mTOR that start low on purpose."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]
