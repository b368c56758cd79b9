"""Decides what a message is taken to ask: in danger? sure enough? inside the document? about what?

Pure functions over what was linked and what the classifier holds likely. The conversation is not
looked at here: the actions do that, from what is said of each part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.nlu import intents
from bot.nlu.clauses import asks
from knowledge.linker import OUTSIDE_KINDS, Links, Mention
from knowledge.ways import ways_asked

# Words that may stand around a bare name: "and what about Inlyta, please?"
FILLER = re.compile(
    r"\b(?:and|what|whats|about|how|for|the|a|an|same|thing|question|please|with|then|now|of|on|no|"
    r"not|but|i|im|i'm|am|mean|meant|my|ok|okay|so|also|drug|medicine|one|it's|its|thanks|sorry|"
    r"well|oh|hmm|um|uh|again|asking|talking|asked|taking|take|pls|plz|tell|me|do|that|this|too|"
    r"say|said|go|let's|lets|try|would|be|let|us|to|lol|yeah|yes|right|wait|actually|thats|that's)\b",
    re.IGNORECASE,
)
REFERS_BACK = re.compile(
    r"\b(?:it|its|it's|that|that's|this|they|they're|them|their|these|those|one|ones|same|either|"
    r"both|each|(?:the|my|his|her|our) (?:drug|drugs|medicine|med|meds|medication|treatment|"
    r"therapy|pill|pills|tablet|tablets|infusion|infusions|shot|shots|injection|injections|drip|"
    r"iv|operation))\b",
    re.IGNORECASE,
)
# Somebody who is there: what they have, they have now.
SOMEBODY = re.compile(
    r"\b(?:i|i'm|im|i've|ive|me|mine|my|we|he|he's|hes|she|she's|shes|his|her|him|husband|wife|mom|"
    r"mum|mam|dad|mother|father|son|daughter|brother|sister|partner|patient|now|just)\b",
    re.IGNORECASE,
)
# What is told as happening, not asked in general: nothing softens that.
PRESENT = re.compile(
    r"\b(?:right now|just now|i have it|(?:he|she) has it|i just|today|tonight|this morning|last night|"
    r"since|started|happening|(?:an|\d+|two|few|couple of) (?:hours?|minutes?|mins) ago)\b",
    re.IGNORECASE,
)
# "is that a Votrient thing?": what was told before is happening.
IS_IT_FROM = re.compile(
    r"^\W*(?:and |so |but )*(?:is|are|was|were|could|can|might|would)\s+(?:that|this|it|these|they)\b|"
    r"\bmaybe\s*\?",
    re.IGNORECASE,
)
PAST = re.compile(
    r"\b(?:years? ago|last year|long ago|back in|once|in (?:19|20)\d\d|as a (?:child|kid)|died of|"
    r"all sorted|fine now|(?:he|she)(?:'s|s| is) fine|recovered|over it)\b",
    re.IGNORECASE,
)
IN_GENERAL = re.compile(
    r"\b(?:in general|generally|just (?:curious|wondering)|not (?:talking )?about me|"
    r"(?:nobody|no one|no-one) is (?:ill|sick))\b",
    re.IGNORECASE,
)
# "the inlyta has the same ones?", "and for Sutent": the last question again
REPEATS = re.compile(
    r"\bsame\b|\b(?:what|how) about\b|"
    r"^(?:\W*\w+\W+){0,2}?(?:and|n|or) (?!what(?:'?s| is| are)\b|who\b|tell\b)",
    re.IGNORECASE,
)
CORRECTION = re.compile(
    r"^\W*(?:(?:no+|nope|not that|sorry|wrong|actually|oops|wait|hang on)\b[\s,.!-]*)*"
    r"(?:i (?:meant|mean|asked(?: about| for)?|was asking(?: about)?|wanted(?: to know)?|said)|"
    r"(?:my )?question was(?: about)?)\b[\s,:]*",
    re.IGNORECASE,
)
CORRECTS = re.compile(
    r"^\W*(?:oh |ah |er |um |lol )*(?:no+|nope|not that|sorry|wrong|actually|oops|wait|hang on|"
    r"scratch that|i meant?)\b|\b(?:i meant?|should (?:of|have) said)\b",
    re.IGNORECASE,
)
# A choice between treatments for one person: "which is the better one for me", "who is right".
FOR_ME = re.compile(
    r"\b(?:better|best|right|good|choice|choose|pick|suits?)\b.*\bfor (?:me|him|her|us)\b|"
    r"\b(?:my (?:own )?case|in my (?:case|place|situation|shoes)|should (?:i|we|he|she)|would you|"
    r"(?:who|which) (?:one )?(?:is|'s|has) right|who's right)\b",
    re.IGNORECASE,
)
IS_IT_LISTED = re.compile(
    r"\b(?:is|are)\b.{2,60}\b(?:(?:a|one of the) (?:\w+ )?side.?effects?|on (?:the|its) list|listed)\b",
    re.IGNORECASE,
)
YES_OR_NO = re.compile(
    r"^\W*(?:and |so |but )?(?:is|are|does|do|did|can|could|will|would|might|may|has|have|any)\b", re.IGNORECASE
)
WHICH = re.compile(r"\b(?:which|what|who|any|anything|something|name|list)\b", re.IGNORECASE)
SIDE_EFFECT_INTENTS = frozenset(
    {"ask_side_effect_listed", "ask_side_effects", "ask_treatments_by_side_effect"}
)
# Hardly asked of a side effect that is named: "will it make it all fall out? he is vain about his hair"
UNLIKELY_OF_SIDE_EFFECTS = frozenset(
    {
        "ask_effectiveness", "ask_group_members", "ask_overview", "ask_names", "ask_definition",
        "ask_what_is_removed", "outside_tests", intents.UNSURE,
    }
)  # fmt: skip
# Asked for a foreign illness, these would be answered with facts that are not about it.
FEWEST_WORDS_OF_DANGER = 3
SHORT_CLAUSE = 4  # words; "who is right" means nothing without what stands before it
ABOUT_PURPOSE = frozenset(
    {"ask_when_used", "ask_effectiveness", "ask_overview", "ask_treatment_options", "ask_condition"}
)


@dataclass(frozen=True)
class Thresholds:
    """Set on writers left out of training; config.yml gives the reasons."""

    refuse_at: float = 0.5
    sure_at: float = 0.4
    twice_at: float = 0.3
    emergency_at: float = 0.6
    strange_danger_at: float = 0.9
    urgent_at: float = 0.3
    plain_question_at: float = 0.6
    plain_side_effect_at: float = 0.85
    clause_share: float = 0.5
    short_clause_share: float = 0.3
    candidate_at: float = 0.05
    familiar_at: float = 0.5


@dataclass(frozen=True)
class Clause:
    """A piece of a message: its links, and the probability of each intent."""

    text: str
    links: Links
    probabilities: Mapping[str, float]

    @property
    def danger(self) -> float:
        p = self.probabilities
        return p.get(intents.EMERGENCY, 0.0) + p.get(intents.CRISIS, 0.0)

    def likelihood(self, *, of_side_effects: bool) -> float:
        """Summed probability of the answerable intents on side effects, or of all others."""
        return sum(
            p for intent, p in self.probabilities.items()
            if intents.is_inside(intent) and (intent in SIDE_EFFECT_INTENTS) == of_side_effects
        )  # fmt: skip


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
    about_condition: bool = False
    refers_back: bool = False
    asks: bool = True
    corrects: bool = False
    repeats: bool = False
    words: int = 0


@dataclass(frozen=True)
class Reading:
    """What the whole message is taken to be.

    `candidates` are the likeliest intents, `confirm` a treatment to ask back, `language` an ISO 639
    code. `urgent` tells that the reply has to start with what to do in an emergency.
    """

    intent: str
    parts: tuple[Part, ...]
    candidates: tuple[str, ...] = ()
    confirm: str = ""
    language: str = ""
    urgent: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def is_correction(text: str) -> bool:
    """Whether the message takes something back: "no wait, Avastin"."""
    return bool(CORRECTS.search(text))


def strip_correction(text: str) -> str:
    """ "no, I meant the side effects" -> "the side effects"; other texts as they are."""
    match = CORRECTION.match(text)
    rest = text[match.end() :].strip() if match else ""
    return rest or text


def read_message(
    whole: Clause,
    clauses: Sequence[Clause],
    alarm: str,
    familiarity: float,
    thresholds: Thresholds,
) -> Reading:
    """Reads a message: `whole` in one piece, `clauses` those of its parts that ask something.

    `alarm` is the intent that the safety rules gave, or ""; `familiarity` the cosine of the nearest
    training phrase.
    """
    names_nothing = not whole.links.mentions and not REFERS_BACK.search(whole.text)
    strange = names_nothing and familiarity < thresholds.familiar_at
    urgent = _danger(whole, clauses, alarm, thresholds)
    few = len(whole.text.split()) < FEWEST_WORDS_OF_DANGER
    if (few or strange) and not alarm and whole.danger < thresholds.strange_danger_at:
        urgent = ""  # "restart": the classifier has to choose something among what it knows
    if urgent in (intents.EMERGENCY, intents.CRISIS):
        return Reading(urgent, ())
    reading = _bare_name(whole) or _read_parts(whole, clauses, thresholds)
    if strange:
        reading = _as_off_topic(reading)
    doubtful = [
        m for m in whole.links.mentions if m.kind == "treatment" and m.certainty == "ask"
    ]  # fmt: skip
    if doubtful and not whole.links.values("treatment") and not whole.links.outside:
        reading = replace(
            reading, intent=intents.CONFIRM_TREATMENT, confirm=doubtful[0].value
        )  # fmt: skip
    return replace(reading, urgent=bool(urgent))


def _as_off_topic(reading: Reading) -> Reading:
    """Nothing like it was ever learned, and it names nothing: no topic of ours may be guessed."""
    if not intents.is_inside(reading.intent) and reading.intent != intents.UNSURE:
        return reading
    part = Part("outside_off_topic", 1.0)
    return replace(reading, intent=part.intent, parts=(part,))


def _danger(
    whole: Clause, clauses: Sequence[Clause], alarm: str, thresholds: Thresholds
) -> str:
    """The intent of an emergency or crisis; "urgent" for an answer with the urgent words first.

    Rules and classifier each miss what the other sees, so either raises the alarm. It is softened
    to urgent words before the answer only where the message plainly asks something general; who is
    in danger after all reads first what to do.
    """
    is_plain = _asks_in_general(whole, clauses, thresholds)
    likeliest = max((intents.EMERGENCY, intents.CRISIS), key=lambda i: whole.probabilities.get(i, 0))
    if alarm:
        return "urgent" if is_plain and alarm != intents.CRISIS else alarm
    if whole.danger >= thresholds.emergency_at:
        return "urgent" if is_plain else likeliest
    return "urgent" if whole.danger >= thresholds.urgent_at else ""


def _asks_in_general(
    whole: Clause, clauses: Sequence[Clause], thresholds: Thresholds
) -> bool:
    """Whether the message plainly asks something, and tells of nobody who is ill now."""
    asking = clauses[-1] if clauses else whole
    if PRESENT.search(whole.text) or IS_IT_FROM.search(asking.text):
        return False
    if asking.likelihood(of_side_effects=False) >= thresholds.plain_question_at:
        return asking is not whole or not SOMEBODY.search(whole.text)
    naming = asking if asking.links.values("side_effect") else whole
    if naming.likelihood(of_side_effects=True) < thresholds.plain_side_effect_at:
        return False
    told = whole.text
    if asking is not whole and asking.links.values("side_effect"):
        around = whole.text.replace(asking.text, " ")  # who is ill in it may be long well again
        told = asking.text if PAST.search(around) else whole.text
    return not SOMEBODY.search(told) or bool(IN_GENERAL.search(whole.text))


def _bare_name(whole: Clause) -> Reading | None:
    """A message that is only a name: "Torisel please", "and nausea?"."""
    text, links = whole.text, whole.links
    rest, at = list[str](), 0
    for mention in sorted(links.mentions, key=lambda m: (m.start, -m.end)):
        if mention.start >= at and mention.certainty != "ask":
            rest.append(text[at : mention.start])
            at = mention.end
    rest.append(text[at:])
    left = FILLER.sub(" ", " ".join(rest))
    if at == 0 or re.search(r"\w", left) or links.outside:
        return None
    treatments, effects = links.values("treatment"), links.values("side_effect")
    if effects:
        intent = "ask_side_effect_listed" if treatments else intents.INFORM_SIDE_EFFECT
    elif treatments:
        intent = intents.INFORM_TREATMENT
    else:
        return None
    return Reading(intent, (_part(whole, intent, ""),))


def _read_parts(
    whole: Clause, clauses: Sequence[Clause], thresholds: Thresholds
) -> Reading:
    telling = [c for c in clauses if c.links.mentions or len(c.text.split()) > SHORT_CLAUSE]
    clauses = telling or clauses[-1:]  # "and the skin? does it go red": the first asks nothing
    if not clauses:
        return _read_clause(whole, thresholds)
    if len(clauses) == 1:
        return _read_clause(_blend(whole, clauses[0], thresholds), thresholds)
    single = _read_clause(whole, thresholds)
    parts, treatments = list[Part](), tuple[str, ...]()
    for reading in (_read_clause(clause, thresholds) for clause in clauses):
        part = reading.parts[0]
        if not _is_question(reading.intent):
            continue
        if not part.treatments and treatments:  # "What is Afinitor, and how often is it taken?"
            part = replace(part, treatments=treatments)
        treatments = part.treatments or treatments
        parts.append(part)
    if treatments:  # named after the first question: "How often, and is Sutent a pill?"
        parts = [replace(p, treatments=p.treatments or treatments) for p in parts]
    elif whole.links.values("treatment"):  # named before all questions
        named = tuple(whole.links.values("treatment"))
        parts = [replace(p, treatments=named) for p in parts]
    if any(p.intent.startswith(intents.ADVICE) for p in parts):
        advice = next(p for p in parts if p.intent.startswith(intents.ADVICE))
        return single if intents.is_outside(single.intent) else replace(
            single, intent=advice.intent, parts=(advice,)
        )  # fmt: skip
    parts = list({(p.intent, p.treatments, p.side_effects): p for p in parts}.values())
    if len(parts) > 1:
        return Reading(parts[0].intent, tuple(parts), single.candidates)
    if parts and (single.intent == intents.UNSURE or not _is_question(single.intent)):
        return Reading(parts[0].intent, tuple(parts), single.candidates)
    return single


def _blend(whole: Clause, clause: Clause, thresholds: Thresholds) -> Clause:
    """One question inside a longer message, with what is told around it.

    What the question does not name itself ("which treatment has that?") is looked for around it.
    """
    is_short = len(clause.text.split()) <= SHORT_CLAUSE or (
        not clause.links.mentions and bool(REFERS_BACK.search(clause.text))
    )
    share = thresholds.short_clause_share if is_short else thresholds.clause_share
    probabilities = {
        intent: share * p + (1 - share) * whole.probabilities[intent]
        for intent, p in clause.probabilities.items()
    }
    own = {m.kind for m in clause.links.mentions}
    wanted: set[str] = set()
    if "treatment" not in own:
        wanted |= {"treatment", "subject"}
        wanted |= set() if own & OUTSIDE_KINDS else OUTSIDE_KINDS
    if "side_effect" not in own and REFERS_BACK.search(clause.text):
        wanted.add("side_effect")
    if "term" not in own:
        wanted.add("term")
    around = tuple(m for m in whole.links.mentions if m.kind in wanted)
    return Clause(clause.text, Links(clause.links.mentions + around), probabilities)


def _is_question(intent: str) -> bool:
    return intents.is_outside(intent) or intents.is_inside(intent)


def _read_clause(clause: Clause, thresholds: Thresholds) -> Reading:
    probabilities = clause.probabilities
    ranked = sorted(probabilities, key=lambda i: -probabilities[i])
    outside = sum(p for i, p in probabilities.items() if intents.is_outside(i))
    candidates = tuple(
        i for i in ranked if _is_question(i) and probabilities[i] >= thresholds.candidate_at
    )[:3]
    top = ranked[0]
    if top in (intents.EMERGENCY, intents.CRISIS):  # not enough for an alarm: see _danger
        top = next(i for i in ranked if not i.startswith("report_"))
    if outside >= thresholds.refuse_at:
        top = next(i for i in ranked if intents.is_outside(i))
    elif not _is_question(top):
        top = top if probabilities[top] >= thresholds.sure_at else intents.UNSURE
    else:
        inside = [i for i in ranked if intents.is_inside(i)]
        sure = sum(probabilities[i] for i in inside[:2]) >= thresholds.sure_at
        top = inside[0] if sure else intents.UNSURE
    if not _is_question(top) and clause.links.values("treatment") and not asks(clause.text):
        top = intents.INFORM_TREATMENT  # "i got given lenvima"
    intent, kind = _with_links(clause, top)
    parts = [_part(clause, intent, kind)]
    second = _second_topic(intent, probabilities, ranked, thresholds)
    if second and parts[0].treatments:
        parts.append(_part(clause, second, ""))
    return Reading(intent, tuple(parts), candidates)


def _second_topic(
    intent: str,
    probabilities: Mapping[str, float],
    ranked: Sequence[str],
    thresholds: Thresholds,
) -> str | None:
    """A second topic of the same treatment that is about as likely: better told both than wrong."""
    if intent not in intents.ABOUT_ONE_TREATMENT:
        return None
    for other in ranked[:2]:
        if other != intent and other in intents.ABOUT_ONE_TREATMENT:
            if probabilities[other] >= thresholds.twice_at:
                return other
    return None


def _part(clause: Clause, intent: str, outside_kind: str) -> Part:
    links, text = clause.links, clause.text
    return Part(
        intent,
        round(clause.probabilities.get(intent, 1.0), 4),
        tuple(links.values("treatment")),
        tuple(links.values("side_effect")),
        tuple(links.values("term")),
        tuple(ways_asked(text)),
        outside_kind,
        bool(links.values("subject")),
        bool(REFERS_BACK.search(text)),
        asks(text),
        is_correction(text),
        bool(REPEATS.search(text)),
        len(text.split()),
    )


def _with_links(clause: Clause, intent: str) -> tuple[str, str]:
    """The intent, corrected by what the message names; and the kind of foreign thing, if any."""
    text, links = clause.text, clause.links
    ours, effects = links.values("treatment"), links.values("side_effect")
    conditions_only = {m.kind for m in links.outside} == {"condition"}
    if conditions_only and ours and effects and intent == "outside_other_disease":
        return "ask_side_effect_listed", ""  # "his diabetes is fine; does Afinitor push sugar up?"
    if links.outside and (_is_question(intent) or intent == intents.UNSURE):
        return _with_outside(links.outside, bool(ours), intent)
    if intent == "ask_condition" and ours:
        return "ask_overview", ""
    if intent == "ask_comparison" and FOR_ME.search(text):
        return "seek_advice_decision", ""
    if intent == "ask_side_effects":
        if (effects and ours and YES_OR_NO.search(text)) or IS_IT_LISTED.search(text):
            return "ask_side_effect_listed", ""
    if effects and (ours or REFERS_BACK.search(text)) and intent in UNLIKELY_OF_SIDE_EFFECTS:
        return "ask_side_effect_listed", ""
    if intent == "ask_side_effect_listed" and not ours and effects and WHICH.search(text):
        return "ask_treatments_by_side_effect", ""
    if intent == "ask_treatments_by_side_effect" and ours and effects and not WHICH.search(text):
        return "ask_side_effect_listed", ""
    return intent, ""


def _with_outside(outside: Sequence[Mention], ours: bool, intent: str) -> tuple[str, str]:
    """Foreign things: nothing inside is answered for them, whatever the classifier holds likely."""
    kinds = {m.kind for m in outside}
    if "medicine" in kinds or "supplement" in kinds:
        kind = "medicine" if "medicine" in kinds else "supplement"
        if intent.startswith(intents.ADVICE) or (ours and intents.is_outside(intent)):
            return intent, kind
        if ours:
            return "outside_interaction" if kind == "medicine" else "outside_complementary", kind
        return "outside_other_treatment" if kind == "medicine" else "outside_complementary", kind
    kind = "procedure" if "procedure" in kinds else "condition"
    if intents.is_outside(intent):
        return intent, kind
    if kind == "procedure":  # a scan or a port told along the way does not make it the subject
        about_it = not ours or intent in ("ask_comparison", "ask_combination")
        return ("outside_other_treatment", kind) if about_it else (intent, "")
    if intent == "ask_side_effect_listed":  # a disease feared as a side effect
        return intent, ""
    about_it = not ours or intent in ABOUT_PURPOSE
    return ("outside_other_disease", kind) if about_it else (intent, "")
