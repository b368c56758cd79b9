"""The product's own words around the document's sentences. No medical fact stands here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.answer import Citation
from knowledge.lookup import TreatmentRow

TOPIC_HEADINGS = {
    "overview": "What it is",
    "how_it_works": "How it works",
    "side_effects": "Side effects",
    "administration": "How it is given",
    "place": "Where it is given",
    "schedule": "How often it is given",
    "duration": "How long one session takes",
    "effectiveness": "How well it works",
    "when_used": "When it is used",
    "combination": "What it is used together with",
    "members": "What belongs to it",
    "removes": "What the operation removes",
    "names": "Its names",
    "choosing": "Choosing a treatment",
    "trials": "Clinical trials",
}
# What the document is said not to tell, as the end of "The document does not say ...".
TOPIC_GAPS = {
    "overview": "what {name} is",
    "how_it_works": "how {name} works",
    "side_effects": "which side effects {name} has",
    "administration": "how {name} is given",
    "place": "where {name} is given",
    "schedule": "how often {name} is given",
    "duration": "how long one session of {name} takes",
    "effectiveness": "how well {name} works",
    "when_used": "when {name} is used",
    "combination": "what {name} is used together with",
    "members": "which medicines belong to {name}",
    "removes": "what is removed for {name}",
    "names": "any other name for {name}",
    "choosing": "how to choose {name}",
    "trials": "anything on clinical trials for {name}",
}
VERBS = {"is": "are", "has": "have", "works": "work", "takes": "take", "belongs": "belong"}
ASK_CARE_TEAM = "Please ask your doctor, nurse or pharmacist."
NOT_JUDGED = f"The document does not say which one is better. {ASK_CARE_TEAM}"
OTHERS_CAN_TOO = (
    "The document does not list it for the others. That does not mean that it cannot happen there."
)
NOT_LISTED_CAN_HAPPEN = (
    "That does not mean that it cannot happen. Tell your doctor or nurse about any new symptom."
)


def short_name(treatment: TreatmentRow) -> str:
    """The name that most patients know: the brand, else the plain name."""
    return treatment.brands[0] if treatment.brands else treatment.treatment_id


def full_name(treatment: TreatmentRow) -> str:
    """Both names, e.g. "Sutent (sunitinib)", "interleukin-2 (IL-2)"."""
    if treatment.brands:
        return f"{treatment.brands[0]} ({treatment.treatment_id})"
    plural = treatment.treatment_id.endswith("s")
    short = [a for a in treatment.abbreviations if a.endswith("s") or not plural]
    if short and treatment.kind in ("group", "drug") and len(short[0]) < 6:
        return f"{treatment.treatment_id} ({short[0]})"
    return treatment.treatment_id


def is_plural(name: str) -> bool:
    """Whether a name takes a plural verb: "mTOR inhibitors are given", "chemotherapy is"."""
    return name.partition(" (")[0].endswith("inhibitors")


def agree(text: str, name: str) -> str:
    """The text, written for one treatment, with its verbs in the plural where the name asks it."""
    if is_plural(name):
        for one, many in VERBS.items():
            text = re.sub(rf"(?<={re.escape(name)}) {one}\b", f" {many}", text)
    return text


def heading(topic: str, names: Sequence[str]) -> str:
    return f"{TOPIC_HEADINGS[topic]}: {join(names)}"


def gap(topic: str, name: str) -> str:
    return agree(f"The document does not say {TOPIC_GAPS[topic].format(name=name)}.", name)


def of_group(group: str, member: str) -> str:
    return agree(f"For {group} as a group, to which {member} belongs:", member)


def of_member(member: str, group: str) -> str:
    return f"For {member}, which belongs to {group}:"


def join(names: Sequence[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def age(citation: Citation) -> str:
    """ "over 9 years ago", "under a year ago"."""
    if citation.age_years < 1:
        return "under a year ago"
    return f"over {citation.age_years} year{'s' if citation.age_years > 1 else ''} ago"


def review(citation: Citation) -> str:
    """The review line with its age, and what an old one means for the reader."""
    day = f"{citation.reviewed_on:%B} {citation.reviewed_on.day}, {citation.reviewed_on.year}"
    line = f"Reviewed by {citation.reviewed_by} on {day}, {age(citation)}"
    if citation.is_old:
        return f"{line}: some of this may have changed, ask your care team."
    return f"{line}."


def source(citation: Citation) -> str:
    adapted = "adapted from " if citation.adapted else ""
    return f'Source: {adapted}{citation.series}, "{citation.title}" ({citation.publisher}).'
