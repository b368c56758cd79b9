"""Answers on side effects: is it listed for a treatment, and which treatments list it or do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge import wording
from knowledge.answer import Answer, Section
from knowledge.passages import Found, capital, passages_of
from knowledge.topic_answers import TopicAnswers


@dataclass(frozen=True)
class SideEffectAnswers(TopicAnswers):
    """Side effects, forwards and backwards."""

    def side_effect_check(
        self, treatment: str, side_effects: Sequence[str], *, is_denied: bool = False
    ) -> Answer:
        """Whether the document lists the side effects for the treatment, with the evidence.

        `side_effects` are ids; where there is none, what was asked could not be matched to a known
        symptom, and the answer says so and shows the whole list. Where the question denies them
        ("so no rash, right?") the answer does not start with a yes.
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
                notes=(wording.NOT_LISTED_CAN_HAPPEN,), passages=passages_of(found),
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
        opening = "The document does list" if is_denied else "Yes: the document lists"
        return self._answer(
            f"Is it listed? {capital(wording.join(words))} and {name}", (treatment,), "yes_no",
            verdict=f"{opening} {wording.join(yes)} as a side effect." if yes else "",
            sections=tuple(listed), absence=absence, passages=passages_of(found),
        )  # fmt: skip

    def _evidence(self, treatment: str, found: Found, effect: str) -> Section | None:
        """The listed items that match the side effect, under the sentence that leads in."""
        meant = self.table.meant_by(effect)
        items = tuple(
            item.text for p in found.passages for item in p.items
            if not meant.isdisjoint(item.side_effects)
        )  # fmt: skip
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

    def treatments_without_side_effect(self, side_effects: Sequence[str]) -> Answer:
        """Which treatments have a list that does not name the side effects; which do name them."""
        names = wording.join([self.table.side_effect_name(e) for e in side_effects], "or")
        naming = {row[0] for e in side_effects for row in self.table.lists_with(e)}
        listing = self.table.listing_treatments()
        without = [t for t in listing if t not in naming]
        told = [self.full_name(t) for t in listing if t in naming]
        lead = "The document has a list of side effects, without it, for:"
        items = tuple(self._with_members(t) for t in without)
        return self._answer(
            f"Treatments that do not list {names}", (), "treatments_by_side_effect",
            sections=(Section(lead, (), items),) if items else (),
            absence="" if items else f"Every list of side effects here names {names}.",
            notes=(
                *((f"The document does list it for {wording.join(told)}.",) if told else ()),
                wording.NOT_LISTED_CAN_HAPPEN,
            ),
            passages=[p for t in without for p in self.table.passages(t, "side_effects")],
        )  # fmt: skip

    def _with_members(self, treatment: str) -> str:
        members = self.table.members(treatment)
        name = capital(self.full_name(treatment))
        if not members:
            return name
        return f"{name}, as a group ({wording.join([self.short_name(m) for m in members])})"
