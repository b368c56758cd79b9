"""Decides what a message is taken to ask: sure enough? inside the document? about which treatment?

Pure functions over what was linked and what the classifier holds likely. The conversation is not
looked at here: the actions do that, from what is said of each part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.nlu import intents
from knowledge.linker import UNKNOWN, Links, Mention
from knowledge.ways import ways_asked

# Words that may stand around a bare name: "and what about Inlyta, please?"
FILLER = re.compile(
    r"\b(?:and|what|whats|about|how|for|the|a|an|same|thing|question|please|with|then|now|of|on|no|"
    r"not|but|i|im|i'm|am|mean|meant|my|ok|okay|so|also|drug|medicine|one|it's|its|thanks|sorry|"
    r"well|oh|hmm|um|uh|again|asking|talking|asked|taking|take|pls|plz|tell|me|do|that|this|too|"
    r"say|said|go|let's|lets|try|would|be|let|us|to)\b",
    re.IGNORECASE,
)
REFERS_BACK = re.compile(
    r"\b(?:it|its|it's|that|that's|this|they|they're|them|their|these|those|one|ones|same|either|"
    r"both|each|(?:the|my|his|her|our) (?:drug|drugs|medicine|med|meds|medication|treatment|"
    r"therapy|pill|pills|tablet|tablets|infusion|infusions|shot|shots|injection|injections|drip|"
    r"iv|operation|surgery))\b",
    re.IGNORECASE,
)
MENTIONS_SELF_OR_NOW = re.compile(
    r"\b(?:i|i'm|im|i've|my|me|he|she|his|her|husband|wife|mom|mum|dad|mother|father)\b", re.IGNORECASE
)
CORRECTION = re.compile(
    r"^\W*(?:no+\b|nope\b|not that\b|sorry\b|wrong\b|actually\b|oops\b)?[\s,.!-]*"
    r"(?:i (?:meant|mean|asked(?: about| for)?|was asking(?: about)?|wanted(?: to know)?|said)|"
    r"(?:my )?question was(?: about)?)\b[\s,:]*",
    re.IGNORECASE,
)
SIDE_EFFECT_INTENTS = frozenset(
    {"ask_side_effect_listed", "ask_side_effects", "ask_treatments_by_side_effect"}
)


@dataclass(frozen=True)
class Thresholds:
    """Set on writers left out of training; config.yml gives the reasons."""

    refuse_at: float = 0.5
    sure_at: float = 0.4
    twice_at: float = 0.3
    emergency_at: float = 0.6
    candidate_at: float = 0.05


@dataclass(frozen=True)
class Part:
    """One question of a message, as far as the message alone tells it."""

    intent: str
    confidence: float
    treatments: tuple[str, ...] = ()
    side_effects: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    outside_kind: str = ""
    refers_back: bool = False
    words: int = 0


@dataclass(frozen=True)
class Reading:
    """What the whole message is taken to be. `candidates` are the likeliest intents."""

    intent: str
    parts: tuple[Part, ...]
    candidates: tuple[str, ...] = ()
    confirm: str = ""  # a treatment to ask back: "Did you mean ...?"
    language: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


Probabilities = Mapping[str, float]


def strip_correction(text: str) -> str:
    """ "no, I meant the side effects" -> "the side effects"; other texts as they are."""
    match = CORRECTION.match(text)
    rest = text[match.end() :].strip() if match else ""
    return rest or text


def read_message(
    clauses: Sequence[tuple[str, Links, Probabilities]],
    whole: tuple[str, Links, Probabilities],
    thresholds: Thresholds,
) -> Reading:
    """Reads a message from its clauses, each with its links and the probability of each intent.

    `whole` is the message in one piece; it decides where the clauses say nothing of their own.
    """
    text, links, probabilities = whole
    bare = _bare_name(text, links)
    if bare:
        return bare
    doubtful = [m for m in links.mentions if m.kind == "treatment" and m.certainty == "ask"]
    sure = _treatments(links)
    reading = _read_parts(clauses, whole, thresholds)
    if doubtful and not sure and not links.outside and not reading.intent.startswith("report_"):
        return Reading(
            intents.CONFIRM_TREATMENT, reading.parts, reading.candidates, doubtful[0].value
        )
    return reading


def _read_parts(
    clauses: Sequence[tuple[str, Links, Probabilities]],
    whole: tuple[str, Links, Probabilities],
    thresholds: Thresholds,
) -> Reading:
    single = _read_clause(*whole, thresholds)
    if len(clauses) < 2:
        return single
    readings = [_read_clause(*clause, thresholds) for clause in clauses]
    parts, treatments = list[Part](), tuple[str, ...]()
    for reading in readings:
        part = reading.parts[0]
        if reading.intent == intents.UNSURE or not _is_question(reading.intent):
            continue
        if not part.treatments and treatments:  # "What is Afinitor, and how often is it taken?"
            part = Part(**{**vars(part), "treatments": treatments})
        treatments = part.treatments or treatments
        parts.append(part)
    kinds = {(p.intent, p.treatments, p.side_effects) for p in parts}
    if len(kinds) < 2:
        if single.intent == intents.UNSURE and parts:
            return Reading(parts[0].intent, (parts[0],), single.candidates)
        return single
    if any(p.intent.startswith(intents.ADVICE) for p in parts):
        return single if intents.is_outside(single.intent) else _first_outside(parts, single)
    unique = tuple(dict.fromkeys(parts))
    return Reading(unique[0].intent, unique, single.candidates)


def _first_outside(parts: Sequence[Part], single: Reading) -> Reading:
    part = next(p for p in parts if p.intent.startswith(intents.ADVICE))
    return Reading(part.intent, (part,), single.candidates)


def _is_question(intent: str) -> bool:
    return intents.is_outside(intent) or intents.is_inside(intent)


def _treatments(links: Links) -> tuple[str, ...]:
    return tuple(links.values("treatment"))


def _bare_name(text: str, links: Links) -> Reading | None:
    """A message that is only a name: "Torisel please", "and nausea?"."""
    rest, at = [], 0
    for mention in sorted(links.mentions, key=lambda m: (m.start, -m.end)):
        if mention.start >= at and mention.certainty != "ask":
            rest.append(text[at : mention.start])
            at = mention.end
    rest.append(text[at:])
    left = FILLER.sub(" ", " ".join(rest))
    if at == 0 or re.search(r"\w", left) or links.outside:
        return None
    treatments, effects = _treatments(links), tuple(links.values("side_effect"))
    if treatments and not effects:
        part = Part(intents.INFORM_TREATMENT, 1.0, treatments, words=len(text.split()))
        return Reading(intents.INFORM_TREATMENT, (part,))
    if effects:
        intent = "ask_side_effect_listed" if treatments else intents.INFORM_SIDE_EFFECT
        part = Part(intent, 1.0, treatments, effects, words=len(text.split()))
        return Reading(intent, (part,))
    return None


def _read_clause(
    text: str, links: Links, probabilities: Probabilities, thresholds: Thresholds
) -> Reading:
    ranked = sorted(probabilities, key=lambda i: -probabilities[i])
    outside = sum(p for i, p in probabilities.items() if intents.is_outside(i))
    candidates = tuple(
        i for i in ranked if _is_question(i) and probabilities[i] >= thresholds.candidate_at
    )[:3]
    top = ranked[0]
    if probabilities.get(intents.EMERGENCY, 0) >= thresholds.emergency_at:
        top = intents.EMERGENCY
    elif probabilities.get(intents.CRISIS, 0) >= thresholds.emergency_at:
        top = intents.CRISIS
    elif not _is_question(top):
        top = top if probabilities[top] >= thresholds.sure_at else intents.UNSURE
    elif outside >= thresholds.refuse_at:
        top = next(i for i in ranked if intents.is_outside(i))
    else:
        inside = [i for i in ranked if intents.is_inside(i)]
        sure = sum(probabilities[i] for i in inside[:2]) >= thresholds.sure_at
        top = inside[0] if sure else intents.UNSURE
    intent, kind = _with_links(text, links, top)
    parts = [_part(text, links, intent, probabilities, kind)]
    second = _second_topic(intent, probabilities, ranked, thresholds)
    if second and parts[0].treatments:
        parts.append(_part(text, links, second, probabilities, ""))
    return Reading(intent, tuple(parts), candidates)


def _second_topic(
    intent: str, probabilities: Probabilities, ranked: Sequence[str], thresholds: Thresholds
) -> str | None:
    """A second topic of the same treatment that is about as likely: better told both than wrong."""
    if intent not in intents.ABOUT_ONE_TREATMENT:
        return None
    for other in ranked[:2]:
        if other != intent and other in intents.ABOUT_ONE_TREATMENT:
            if probabilities[other] >= thresholds.twice_at:
                return other
    return None


def _part(
    text: str, links: Links, intent: str, probabilities: Probabilities, outside_kind: str
) -> Part:
    return Part(
        intent,
        round(probabilities.get(intent, 1.0), 4),
        _treatments(links),
        tuple(links.values("side_effect")),
        tuple(links.values("term")),
        tuple(ways_asked(text)),
        outside_kind,
        bool(REFERS_BACK.search(text)),
        len(text.split()),
    )


def _with_links(text: str, links: Links, intent: str) -> tuple[str, str]:
    """The intent, corrected by what the message names; and the kind of foreign thing, if any."""
    ours = [t for t in _treatments(links)]
    effects = links.values("side_effect")
    if links.outside and (_is_question(intent) or intent == intents.UNSURE):
        return _with_outside(links.outside, bool(ours), intent, bool(effects))
    if intent == "ask_side_effects" and effects and ours and _asks_yes_or_no(text):
        return "ask_side_effect_listed", ""
    if intent == "ask_side_effect_listed" and not ours and effects and _asks_which(text):
        return "ask_treatments_by_side_effect", ""
    if intent == "ask_treatments_by_side_effect" and ours and effects and not _asks_which(text):
        return "ask_side_effect_listed", ""
    return intent, ""


def _asks_yes_or_no(text: str) -> bool:
    return bool(
        re.match(
            r"^\W*(?:is|are|does|do|did|can|could|will|would|might|may|has|have|so|and|any)\b", text, re.I
        )
    )


def _asks_which(text: str) -> bool:
    return bool(re.search(r"\b(?:which|what|who|any|anything|something|name|list)\b", text, re.I))


def _with_outside(
    outside: Sequence[Mention], ours: bool, intent: str, has_effect: bool
) -> tuple[str, str]:
    kinds = {m.kind for m in outside}
    if "medicine" in kinds or "supplement" in kinds:
        kind = "medicine" if "medicine" in kinds else "supplement"
        if ours and not intents.is_outside(intent):
            return "outside_interaction" if kind == "medicine" else "outside_complementary", kind
        if not intents.is_outside(intent) or (not ours and intent.startswith(intents.OUTSIDE)):
            return "outside_other_treatment" if kind == "medicine" else "outside_complementary", kind
        return intent, kind
    if intents.is_outside(intent):
        return intent, next(iter(kinds))
    if "procedure" in kinds:
        return "outside_other_treatment", "procedure"
    if intent == "ask_side_effect_listed":  # a disease feared as a side effect
        return intent, ""
    return "outside_other_disease", "condition"


def has_unknown_name(mentions: Sequence[Mention]) -> bool:
    """Whether a medicine was named that no list holds."""
    return any(m.value == UNKNOWN for m in mentions)
