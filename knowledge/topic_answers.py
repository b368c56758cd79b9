"""Answers on one topic of one treatment: its own facts, or its group's, said to be the group's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from knowledge import wording
from knowledge.answer import Answer, Comparison, Section
from knowledge.citation import DEFAULT_MAX_AGE_YEARS, cite
from knowledge.lookup import PassageRow, Table
from knowledge.passages import Found, capital, once, passages_of, text_of
from knowledge.topics import INHERITED
from knowledge.ways import COUNTED_WAYS, WAYS, Way, way_of_passage

OVERVIEW_TOPICS = ("overview", "how_it_works", "when_used", "administration", "schedule")


@dataclass(frozen=True)
class TopicAnswers:
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

    def on_topic(self, treatment: str, topic: str, ways: Sequence[str] = ()) -> Answer:
        """What the document says on the topic; the group's facts are said to be the group's.

        `ways` are ids of `ways.WAYS` that were asked for ("is it a pill?"): said or not said.
        """
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
            verdict=self._in_these_ways(treatment, topic, found, ways),
            sections=sections, passages=passages_of(found),
            absence="" if found else self._absence(treatment, topic),
        )  # fmt: skip

    def _in_these_ways(
        self, treatment: str, topic: str, found: Sequence[Found], asked: Sequence[str]
    ) -> str:
        ways = [WAYS[w] for w in asked if WAYS[w].topic == topic]
        if not ways or not found:
            return ""
        names = wording.join([way.name for way in ways])
        passages = passages_of(found)
        if all(any(way_of_passage(way, p) for p in passages) for way in ways):
            # "Once or twice": a yes to either would be taken for the whole.
            return "The document says:" if _leaves_open(ways, passages) else f"Yes: {names}."
        return "The document says it differently:"

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
        return Section(self._whose(treatment, found.owner), *text_of(found.passages))

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
            shown = once(p for f in found if f.owner == owner for p in f.passages)
            passages += shown
            sections.append(Section(self._whose(treatment, owner), *text_of(shown)))
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
        return capital(wording.agree(f"{name} is listed under {groups[0]}{outer}.", name))

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
        sentences, items = text_of(own)
        named = [self.full_name(i.treatment) for p in own for i in p.items if i.treatment]
        if not items and len(named) > 1:  # a list that the article leaves to its sections
            items = tuple(named)
        sub_lists = list[Section]()
        if self.table.treatment(group).kind != "condition":
            for member in self.table.members(group):
                inner = self.table.passages(member, "members") if group == treatment else ()
                if inner:
                    whose = wording.of_member(self.full_name(member), self.full_name(group))
                    sub_lists.append(Section(whose, *text_of(inner)))
                    own += inner
        return self._answer(
            wording.heading("members", [self.full_name(group)]), (treatment,), "members",
            verdict=self._belongs_to(treatment) if group != treatment else "",
            sections=(Section("", sentences, items), *sub_lists), passages=own,
        )  # fmt: skip

    def belongs(self, treatment: str, group: str, *, is_denied: bool = False) -> Answer:
        """ "Is Avastin a chemo?": whether the document lists a medicine under a group."""
        shown = self.membership(treatment)
        name, of = self.full_name(treatment), self.full_name(group)
        if group in self.table.groups(treatment):
            opening = "" if is_denied else "Yes: "
            return replace(shown, verdict=f"{opening}{self._belongs_to(treatment)}")
        denial = f"{capital(name)} is not listed under {of} in the document."
        opening = "" if is_denied else "No: "
        return replace(shown, verdict=f"{opening}{denial} {self._belongs_to(treatment)}")

    def used_with(self, treatment: str) -> tuple[str, ...]:
        """The medicines that the document names as used together with this one."""
        text = " ".join(p.text for p in self.table.passages(treatment, "combination")).lower()
        drugs = (t for t in self.table.treatment_ids() if self.table.treatment(t).kind == "drug")
        return tuple(t for t in drugs if t != treatment and t.lower() in text)

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
        shown = once([p for p in passages if p.text.lower().startswith(first)] or passages)
        if medicines := self._medicines_in(treatment):
            notes += (f"It has these medicines: {wording.join(medicines)}.",)
        absence = "" if shown or parts else self._absence(treatment, "names")
        return self._answer(
            wording.heading("names", [self.full_name(treatment)]), (treatment,), "names",
            verdict=" ".join(parts), passages=shown, absence=absence, notes=notes,
            sections=(Section("In the document:", *text_of(shown)),) if shown else (),
        )  # fmt: skip

    def _medicines_in(self, group: str) -> list[str]:
        """Each medicine of a group and of the groups in it, by its full name."""
        members = self.table.members(group)
        inner = [name for member in members for name in self._medicines_in(member)]
        drugs = [self.full_name(t) for t in members if self.table.treatment(t).kind == "drug"]
        return drugs + inner

    def same_or_not(self, treatments: Sequence[str]) -> Answer:
        """ "Is sunitinib Nexavar?": no, with the names that the document gives each."""
        each = [self.names(t) for t in treatments]
        names = [self.full_name(t) for t in treatments]
        return self._answer(
            wording.heading("names", names), tuple(treatments), "names",
            verdict=f"No: the document names {wording.join(names)} as different treatments.",
            sections=tuple(section for one in each for section in one.sections),
            passages=once(p for t in treatments for p in self.table.passages(t, "names")),
        )  # fmt: skip

    def same_group_or_not(self, treatments: Sequence[str]) -> Answer:
        """ "Are Sutent and Avastin one family?": what each is listed under."""
        names = [self.full_name(t) for t in treatments]
        nearest = {next(iter(self.table.groups(t)), t) for t in treatments}
        opening = "Yes, the same group:" if len(nearest) == 1 else "No, different groups:"
        listed = " ".join(self._belongs_to(t) for t in treatments)
        return self._answer(
            wording.heading("members", names), tuple(treatments), "members",
            verdict=f"{opening} {listed}",
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


def _leaves_open(ways: Sequence[Way], passages: Sequence[PassageRow]) -> bool:
    is_counted = any(way.way_id in COUNTED_WAYS for way in ways)
    return is_counted and any("once or twice" in p.text for p in passages)
