"""Decides what a message is taken to ask: sure enough? inside the document? about what?

Pure functions over what was linked and what the classifier holds likely. The conversation is not
looked at here: the actions do that, from what is said of each part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.nlu import intents
from bot.nlu.clauses import asks
from bot.nlu.danger import URGENT, URGENT_CRISIS, danger_of
from bot.nlu.phrasing import (
    A_TREATMENT,
    ALSO,
    ALSO_FILLER,
    ASKS_FIGURES,
    BEST_FOR_ONE,
    DOES_THAT,
    EFFECT_ON,
    FILLER,
    FOR_ME,
    IS_IT_LISTED,
    MORE,
    NAMES_ONE,
    NOT_THOSE,
    REFERS_BACK,
    REFERS_TO_THING,
    REPEATS,
    RULED_OUT,
    WHICH,
    YES_OR_NO,
    denies,
    is_correction,
    is_yes_or_no,
    place_pointed_at,
)
from bot.nlu.plausible import plausible
from bot.nlu.reading import Clause, Part, Reading, Signs, Thresholds
from knowledge.aspects import aspects_asked
from knowledge.linker import OUTSIDE_KINDS, Links, Mention
from knowledge.ways import ways_asked, ways_refused

# Hardly asked of a side effect that is named: "will it make it all fall out? he is vain about it"
UNLIKELY_OF_SIDE_EFFECTS = frozenset(
    {
        "ask_effectiveness", "ask_group_members", "ask_overview", "ask_names", "ask_definition",
        "ask_what_is_removed", "outside_tests", intents.UNSURE,
    }
)  # fmt: skip
# Asked for a foreign illness, these would be answered with facts that are not about it.
ABOUT_PURPOSE = frozenset(
    {"ask_when_used", "ask_effectiveness", "ask_overview", "ask_treatment_options", "ask_condition"}
)
# Asked for one person by "the best for my wife", they are a decision that only the team can take.
ABOUT_CHOICE = frozenset(
    {
        "ask_treatment_options", "ask_choosing_treatment", "ask_overview", "ask_comparison",
        "ask_combination",
    }
)  # fmt: skip
# "Were those on its list?" is of side effects, if there are some.
LISTS = ("ask_treatment_options", "ask_group_members", "ask_sources")
POINTING_WORDS = re.compile(
    r"\b(?:first|1st|second|2nd|third|3rd|last|others?|former|latter|both|each|all|them|these|those|"
    r"two|three|back|go)\b", re.IGNORECASE,
)  # fmt: skip
URGENT_KINDS = {URGENT: intents.EMERGENCY, URGENT_CRISIS: intents.CRISIS}
LONGEST_KEYWORDS = 10  # words
SHORT_CLAUSE = 4  # words; "who is right" means nothing without what stands before it


def read_message(
    whole: Clause,
    clauses: Sequence[Clause],
    signs: Signs,
    familiarity: float,
    thresholds: Thresholds,
    told: Sequence[Clause] = (),
) -> Reading:
    """Reads a message: `whole` in one piece, `clauses` those of its parts that ask something.

    `told` are its sentences that ask nothing beside one that does; `signs` what the safety rules
    saw; `familiarity` the cosine of the training phrase nearest to what is asked.
    """
    names_nothing = not whole.links.mentions and not REFERS_BACK.search(whole.text)
    strange = names_nothing and familiarity < thresholds.familiar_at
    strange = strange and not _is_short_and_clear(whole, thresholds)
    urgent = danger_of(whole, clauses, told, signs, thresholds, is_strange=strange)
    if urgent in (intents.EMERGENCY, intents.CRISIS):
        return Reading(urgent, ())
    whole, clauses = _as_asking(whole), [_as_asking(clause) for clause in clauses]
    reading = _bare_name(whole) or _read_parts(whole, clauses, thresholds)
    parts = (_pointing(whole, part) for part in reading.parts)
    parts = (_with_doubt(whole, part, familiarity, thresholds) for part in parts)
    reading = replace(reading, parts=tuple(parts))
    if strange:
        reading = _as_off_topic(reading)
    doubtful = [
        m for m in whole.links.mentions if m.kind == "treatment" and m.certainty == "ask"
    ]  # fmt: skip
    if doubtful and not whole.links.values("treatment") and not whole.links.outside:
        reading = replace(
            reading, intent=intents.CONFIRM_TREATMENT, confirm=doubtful[0].value
        )  # fmt: skip
    return replace(reading, urgent=URGENT_KINDS.get(urgent, ""))


def _as_asking(clause: Clause) -> Clause:
    """The clause without the likelihood that it only tells something, if it asks."""
    telling = clause.probabilities.get(intents.TELL, 0.0)
    if not telling or telling == 1 or not asks(clause.text):
        return clause
    left = {i: p / (1 - telling) for i, p in clause.probabilities.items()}
    return replace(clause, probabilities={**left, intents.TELL: 0.0})


def _pointing(whole: Clause, part: Part) -> Part:
    """The part with what is pointed at around it: "the other one, not Sutent: is it a pill?"."""
    if part.treatments or part.place:
        return part
    return replace(part, place=place_pointed_at(whole.text), ruled_out=_ruled_out(whole))


def _with_doubt(whole: Clause, part: Part, familiarity: float, thresholds: Thresholds) -> Part:
    """The part with what else it may be, where the classifier knows nothing much like it.

    "Vinblastine vesicant?" is nearest to "what is vinblastine", and is something else. Of what is
    answered so unsurely, a quarter is answered wrongly.
    """
    if part.doubt or not intents.is_inside(part.intent):
        return part
    is_keywords = len(whole.text.split()) <= LONGEST_KEYWORDS
    if is_keywords and part.treatments and any(m.kind == "procedure" for m in whole.links.outside):
        return replace(part, doubt="outside_other_treatment")  # "Avastin tooth extraction how long"
    is_known = familiarity >= thresholds.well_known_at
    is_near = familiarity >= thresholds.known_at
    least = thresholds.doubted_below if is_near else thresholds.doubted_below_if_strange
    is_sure = is_known or part.confidence >= least
    if is_sure:
        return part
    outside = {i: p for i, p in whole.probabilities.items() if i.startswith(intents.OUTSIDE)}
    likeliest = max(outside, key=lambda i: outside[i], default="")
    is_likely = outside.get(likeliest, 0.0) >= thresholds.near_at
    return replace(part, doubt=likeliest if is_likely else intents.UNSURE)


def _is_short_and_clear(whole: Clause, thresholds: Thresholds) -> bool:
    """ "how offen": a few words are like nothing learned, and may still be plain."""
    is_short = len(whole.text.split()) < SHORT_CLAUSE
    return is_short and whole.likelihood(of_side_effects=False) >= thresholds.clear_clause_at


def _as_off_topic(reading: Reading) -> Reading:
    """Nothing like it was ever learned, and it names nothing: no topic of ours may be guessed."""
    if not intents.is_inside(reading.intent) and reading.intent != intents.UNSURE:
        return reading
    part = Part("outside_off_topic", 1.0)
    return replace(reading, intent=part.intent, parts=(part,))


def _bare_name(whole: Clause) -> Reading | None:
    """A message that is only a name: "Torisel please", "and nausea?", "the other one"."""
    text, links = whole.text, whole.links
    if DOES_THAT.search(text) and not ALSO.search(text):  # "would this Votrient do that to me?"
        return None
    if place_pointed_at(text) and not links.mentions:
        left = FILLER.sub(" ", POINTING_WORDS.sub(" ", text))
        part = _part(whole, intents.INFORM_TREATMENT, "")
        return None if re.search(r"\w", left) else Reading(part.intent, (part,))
    if NAMES_ONE.search(text) and links.values("treatment") and not asks(text):
        return Reading(intents.INFORM_TREATMENT, (_part(whole, intents.INFORM_TREATMENT, ""),))
    rest, at = list[str](), 0
    for mention in sorted(links.mentions, key=lambda m: (m.start, -m.end)):
        if mention.start >= at and mention.certainty != "ask":
            rest.append(text[at : mention.start])
            at = mention.end
    rest.append(text[at:])
    left = FILLER.sub(" ", " ".join(rest))
    left = ALSO_FILLER.sub(" ", left) if ALSO.search(text) else left
    if at == 0 or re.search(r"\w", left) or links.outside:
        return None
    treatments, effects = links.values("treatment"), links.values("side_effect")
    if effects and not treatments and A_TREATMENT.search(text):  # "fainting drug": which one?
        return None
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
    clauses = [c for c in clauses if asks(c.text) or _is_keywords(c, thresholds)]
    telling = [c for c in clauses if c.links.mentions or len(c.text.split()) > SHORT_CLAUSE]
    clauses = telling or clauses[-1:]  # "and the skin? does it go red": the first asks nothing
    if not clauses:
        return _read_clause(whole, thresholds)
    if len(clauses) == 1:
        if bare := _bare_name(clauses[0]):  # "a needle then, great. what about nausea?"
            return bare
        if _is_plainer(whole, clauses[0], thresholds):
            return _read_clause(whole, thresholds)
        return _read_clause(_blend(whole, clauses[0], thresholds), thresholds)
    single = _read_clause(whole, thresholds)
    parts = _with_named(whole, _asked_parts(clauses, thresholds))
    advice = next((p for p in parts if p.intent.startswith(intents.ADVICE)), None)
    is_surer = max(whole.probabilities.values()) >= thresholds.one_question_at
    if advice and is_surer and advice.confidence < thresholds.unlike_a_question:
        return single
    if advice and not intents.is_outside(single.intent):
        return replace(single, intent=advice.intent, parts=(advice,))
    if advice:
        return single
    parts = list({(p.intent, p.treatments, p.side_effects): p for p in parts}.values())
    if _is_one_question(whole, parts, thresholds):
        return single
    if len(parts) > 1 or (parts and not _is_question(single.intent)):
        return Reading(parts[0].intent, tuple(parts), single.candidates)
    return single


def _is_plainer(whole: Clause, clause: Clause, thresholds: Thresholds) -> bool:
    """Whether the whole message tells what is asked, and its question alone does not.

    "The surgeon says surgery, the oncologist says drugs. Who is right?"
    """
    sure = max(whole.probabilities.values()) >= thresholds.one_question_at
    return sure and max(clause.probabilities.values()) < thresholds.unlike_a_question


def _is_one_question(whole: Clause, parts: Sequence[Part], thresholds: Thresholds) -> bool:
    """Whether the message in one piece is plainer than its parts: "if it is out, then what?"."""
    sure = max(whole.probabilities.values()) >= thresholds.one_question_at
    return sure and any(part.confidence < thresholds.unlike_a_question for part in parts)


def _is_keywords(clause: Clause, thresholds: Thresholds) -> bool:
    """A question without the form of one, before another: "Sutent side effects, and how often"."""
    likely = clause.likelihood(of_side_effects=True) + clause.likelihood(of_side_effects=False)
    is_named = bool(clause.links.values("treatment")) and not _bare_name(clause)
    return is_named and likely >= thresholds.plain_question_at


def _asked_parts(clauses: Sequence[Clause], thresholds: Thresholds) -> list[Part]:
    readings = [_read_clause(clause, thresholds) for clause in clauses]
    return [reading.parts[0] for reading in readings if _is_question(reading.intent)]


def _with_named(whole: Clause, parts: Sequence[Part]) -> list[Part]:
    """Each part with the treatments of the part before it, where it names none of its own.

    "What is Afinitor, and how often is it taken?"
    """
    treatments = tuple(whole.links.values("treatment"))
    treatments = next((p.treatments for p in parts if p.treatments), treatments)
    named = list[Part]()
    for part in parts:
        treatments = part.treatments or treatments
        named.append(replace(part, treatments=treatments))
    return named


def _blend(whole: Clause, clause: Clause, thresholds: Thresholds) -> Clause:
    """One question inside a longer message, with what is told around it.

    What the question does not name itself ("which treatment has that?") is looked for around it.
    """
    is_short = len(clause.text.split()) <= SHORT_CLAUSE or (
        not clause.links.mentions and bool(REFERS_BACK.search(clause.text))
    )
    share = thresholds.short_clause_share if is_short else thresholds.clause_share
    is_clear = clause.likelihood(of_side_effects=False) >= thresholds.clear_clause_at
    if is_clear and max(whole.probabilities.values()) < thresholds.one_question_at:
        share = thresholds.clear_clause_share  # "I forget things. One a day, or more than one?"
    probabilities = {
        intent: share * p + (1 - share) * whole.probabilities[intent]
        for intent, p in clause.probabilities.items()
    }
    own, ruled_out = {m.kind for m in clause.links.mentions}, _ruled_out(whole)
    wanted: set[str] = set()
    if "treatment" not in own:
        wanted |= {"treatment", "subject"}
        wanted |= set() if own & OUTSIDE_KINDS else OUTSIDE_KINDS
    # Of the message: "heart attack... which one has that on its list" names no effect at its end.
    likeliest = max(probabilities, key=lambda i: probabilities[i])
    about_effects = likeliest in (*intents.ABOUT_SIDE_EFFECTS, "outside_side_effect_detail")
    about_effects = about_effects or bool(IS_IT_LISTED.search(clause.text))
    if "side_effect" not in own and about_effects and REFERS_TO_THING.search(clause.text):
        wanted.add("side_effect")
    if "term" not in own:
        wanted.add("term")
    around = tuple(
        m for m in whole.links.mentions if m.kind in wanted and m.value not in ruled_out
    )
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
    if top in (intents.EMERGENCY, intents.CRISIS):  # not enough for an alarm: see danger_of
        top = next(i for i in ranked if not i.startswith("report_"))
    if outside >= thresholds.refuse_at:
        top = next(i for i in ranked if intents.is_outside(i))
    elif not _is_question(top):
        top = top if probabilities[top] >= thresholds.sure_at else intents.UNSURE
    else:
        inside = [i for i in ranked if intents.is_inside(i)]
        sure = sum(probabilities[i] for i in inside[:2]) >= thresholds.sure_at
        advice = next((i for i in ranked if i.startswith(intents.ADVICE)), "")
        if not sure and probabilities.get(advice, 0.0) >= thresholds.advice_at:
            inside = [advice]  # nothing is said wrongly by sending the patient to the care team
            sure = True
        top = inside[0] if sure else intents.UNSURE
    is_question = _is_question(top) or top in intents.ABOUT_OWN_DATA
    if not is_question and clause.links.values("treatment") and not asks(clause.text):
        top = intents.INFORM_TREATMENT  # "i got given lenvima"
    intent, kind = _with_links(clause, plausible(clause, top, thresholds))
    part = _part(clause, intent, kind)
    parts = [_at_the_border(part, clause.text, probabilities, ranked, thresholds)]
    second = _second_topic(intent, probabilities, ranked, thresholds)
    if second and parts[0].treatments:
        parts.append(_part(clause, second, ""))
    return Reading(intent, tuple(parts), candidates)


def _at_the_border(
    part: Part, text: str, probabilities: Mapping[str, float], ranked: Sequence[str],
    thresholds: Thresholds,
) -> Part:  # fmt: skip
    """The part with the likeliest reading on the other side, where it is not unlikely."""
    others = [i for i in ranked if i != part.intent]
    if part.intent.startswith(intents.OUTSIDE):
        near = next((i for i in others if intents.is_inside(i)), "")
        return replace(part, near=near if probabilities.get(near, 0) >= thresholds.near_at else "")
    if part.intent == "ask_effectiveness" and ASKS_FIGURES.search(text):
        return replace(part, doubt="outside_survival")
    doubt = next((i for i in others if i.startswith(intents.OUTSIDE)), "")
    outside = sum(p for i, p in probabilities.items() if i.startswith(intents.OUTSIDE))
    if not intents.is_inside(part.intent) or outside < thresholds.doubt_at:
        return part
    return replace(part, doubt=doubt)


def _second_topic(
    intent: str,
    probabilities: Mapping[str, float],
    ranked: Sequence[str],
    thresholds: Thresholds,
) -> str | None:
    """A second topic of the same treatment that is about as likely: better told both than wrong."""
    if intent not in intents.ABOUT_ONE_TREATMENT:
        return None
    others = (i for i in ranked[:2] if i != intent and i in intents.ABOUT_ONE_TREATMENT)
    return next((i for i in others if probabilities[i] >= thresholds.twice_at), None)


def _part(clause: Clause, intent: str, outside_kind: str) -> Part:
    links, text = clause.links, clause.text
    ruled_out = _ruled_out(clause)
    return Part(
        intent,
        round(clause.probabilities.get(intent, 1.0), 4),
        tuple(t for t in links.values("treatment") if t not in ruled_out),
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
        bool(NOT_THOSE.search(text)),
        is_yes_or_no(text),
        tuple(ways_refused(text)),
        tuple(aspects_asked(text)) if intent == "ask_comparison" else (),
        place_pointed_at(text),
        ruled_out,
        bool(MORE.search(text)),
        denies(_without_effects(clause)),
    )


def _without_effects(clause: Clause) -> str:
    """The text without the side effects in it: "not feeling hungry" denies nothing."""
    text = clause.text
    for mention in clause.links.mentions:
        if mention.kind == "side_effect":
            text = text.replace(mention.text, " ")
    return text


def _ruled_out(clause: Clause) -> tuple[str, ...]:
    """Treatments that each mention of them rules out: "not Sutent, the other one"."""
    text = clause.text
    named = [m for m in clause.links.mentions if m.kind == "treatment"]
    meant = {
        m.value for m in named  # one from around the clause has another text's offsets
        if text[m.start : m.end] != m.text or not RULED_OUT.search(text[: m.start])
    }  # fmt: skip
    return tuple(dict.fromkeys(m.value for m in named if m.value not in meant))


def _with_links(clause: Clause, intent: str) -> tuple[str, str]:
    """The intent, corrected by what the message names; and the kind of foreign thing, if any."""
    text, links = clause.text, clause.links
    effects = links.values("side_effect")
    points_at_one = place_pointed_at(text) not in ("", "all")
    ours = links.values("treatment") or points_at_one
    conditions_only = {m.kind for m in links.outside} == {"condition"}
    if conditions_only and ours and effects and intent == "outside_other_disease":
        return "ask_side_effect_listed", ""  # "his diabetes is fine; does Afinitor push sugar up?"
    if links.outside and (_is_question(intent) or intent == intents.UNSURE):
        return _with_outside(links.outside, bool(ours), intent)
    if intent == "ask_condition" and ours:
        return "ask_overview", ""
    if intent == "ask_comparison" and _names_one_twice(clause):
        return "ask_names", ""  # "is Votrient the same as pazopanib?"
    if _is_a_choice_for_one(intent, text):
        return "seek_advice_decision", ""
    if _asks_whether_listed(intent, text, names_both=bool(effects and ours)):
        return "ask_side_effect_listed", ""
    if effects and (ours or REFERS_BACK.search(text)) and intent in UNLIKELY_OF_SIDE_EFFECTS:
        return "ask_side_effect_listed", ""
    if intent == "ask_side_effect_listed" and not ours and effects and WHICH.search(text):
        return "ask_treatments_by_side_effect", ""
    of_those = not WHICH.search(text) or points_at_one
    if intent == "ask_treatments_by_side_effect" and ours and effects and of_those:
        return "ask_side_effect_listed", ""
    return intent, ""


def _is_a_choice_for_one(intent: str, text: str) -> bool:
    """ "Which is the better one for me": only the care team can say."""
    if intent == "ask_comparison" and FOR_ME.search(text):
        return True
    return intent in ABOUT_CHOICE and bool(BEST_FOR_ONE.search(text))


def _asks_whether_listed(intent: str, text: str, *, names_both: bool) -> bool:
    """Of a side effect and a treatment: "does Sutent give you a rash", "were those on its list"."""
    if intent == "ask_side_effects":
        asks_of_one = YES_OR_NO.search(text) or EFFECT_ON.search(text)
        return bool(IS_IT_LISTED.search(text) or (names_both and asks_of_one))
    return names_both and intent in (*LISTS, intents.UNSURE) and bool(IS_IT_LISTED.search(text))


def _names_one_twice(clause: Clause) -> bool:
    named = [m for m in clause.links.mentions if m.kind == "treatment"]
    return len({m.value for m in named}) == 1 and len({m.text.lower() for m in named}) > 1


def _with_outside(outside: Sequence[Mention], ours: bool, intent: str) -> tuple[str, str]:
    """Foreign things: nothing inside is answered for them, whatever the classifier holds likely."""
    kinds = {m.kind for m in outside}
    if "medicine" in kinds and intent == "ask_comparison":
        return "outside_other_treatment", "medicine"
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
