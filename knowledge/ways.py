"""The ways in which a treatment is given, as patients ask for them and as documents say them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.lookup import PassageRow


@dataclass(frozen=True)
class Way:
    """`said` matches a document's sentence, `asked` a patient's message."""

    way_id: str
    name: str
    topic: str
    said: re.Pattern[str]
    asked: re.Pattern[str]


def _way(way_id: str, name: str, topic: str, said: str, asked: str) -> Way:
    flags = re.IGNORECASE
    return Way(way_id, name, topic, re.compile(rf"\b(?:{said})", flags),
               re.compile(rf"\b(?:{asked})", flags))  # fmt: skip


WAYS: dict[str, Way] = {
    way.way_id: way
    for way in (
        _way(
            "pill", "taken as a pill", "administration", r"pills?\b|tablets?\b|capsules?\b",
            r"pills?\b|tablets?\b|tabs?\b|capsules?\b|caps\b|swallow|by mouth|oral|orally|gulp",
        ),
        _way(
            "iv", "through a vein (IV)", "administration", r"IVs?\b|veins?\b|infusion",
            r"ivs?\b|i\.v|veins?\b|drip|infus|intravenous|hooked up|bag\b|cannula|"
            r"(?<!need a )(?<!get a )port\b",
        ),
        _way(
            "shot", "as a shot under the skin", "administration",
            r"shots?\b|under (?:the|your) skin",
            r"shots?\b|inject|jabs?\b|needles?\b|(?:under|beneath|into|below) (?:the|your|my) skin|"
            r"subcutan|pricks?\b|syringe",
        ),
        _way(
            "machine", "from a machine", "administration", r"machine",
            r"machine|x-?rays?\b|beams?\b|rays\b",
        ),
        _way("home", "at home", "place", r"at home\b",
             r"(?:at|from|in my own) home|yourself|myself|on my own|own kitchen"),
        _way("hospital", "in a hospital", "place", r"hospital",
             r"hospital|inpatient|ward\b|admitted"),
        _way("office", "in a doctor's office", "place", r"office",
             r"office|doctor['’]?s\b|surgery\b"),
        _way("once_a_day", "every day", "schedule", r"(?:once|twice)(?: or twice)? a day|daily",
             r"(?<!once )(?<!twice )(?<!times )dail(?:y|ies)|(?:every|each) day|everyday"),
        _way("once_daily", "once a day", "schedule", r"once(?: or twice)? a day|once daily",
             r"(?:once|one time|1x) (?:a |per |each |every )?(?:day|daily)"),
        _way("twice_daily", "twice a day", "schedule", r"twice a day|twice daily",
             r"(?:twice|two times|2 times|2x) (?:a |per |each |every )?(?:day|daily)"),
        _way("more_daily", "more than twice a day", "schedule", r"(?:three|four) times a day",
             r"(?:three|four|five|six|[3-9]) ?(?:times|x) (?:a |per |each |every )?(?:day|daily)"),
        _way("every_two_weeks", "every 2 weeks", "schedule", r"every (?:2|two) weeks",
             r"(?:every|each|per) (?:2|two|other|second) weeks?|fortnight|bi-?weekly|biweekly|"
             r"twice a month|two weeks"),
        _way("weekly", "once a week", "schedule", r"once a week|weekly",
             r"weekly|(?:once |one time |time )?(?:a|per|each|every) week\b|once-a-week"),
        _way("cycles", "in cycles", "schedule", r"cycles",
             r"cycles?\b|on and off|breaks?\b|rounds?\b"),
    )
}  # fmt: skip


COUNTED_WAYS = frozenset({"once_daily", "twice_daily", "more_daily"})
# "Without a needle", "which ones don't go in a vein": what stands behind is not wanted.
REFUSAL = (
    r"\b(?:no|without|not|non|don['’]?t|doesn['’]?t|isn['’]?t|aren['’]?t|won['’]?t|can['’]?t|"
    r"cannot|needn['’]?t|never|avoid\w*|skip|hate|other than|except|besides|instead of|"
    r"rather than|scared of|afraid of)\b(?: [\w'’]+){0,5}?[ -](?:[\w'’]+-)?"
)
NEEDLES = re.compile(r"\b(?:needles?|jabs?|pricks?)\b", re.IGNORECASE)


def ways_asked(text: str) -> list[str]:
    """Ids of the ways that a message asks for."""
    refused = ways_refused(text)
    return [w for w, way in WAYS.items() if w not in refused and way.asked.search(text)]


def ways_refused(text: str) -> list[str]:
    """Ids of the ways that a message asks to be spared; a needle stands for drip and shot."""
    found = [
        way.way_id for way in WAYS.values()
        if re.search(rf"{REFUSAL}(?:{way.asked.pattern})", text, re.IGNORECASE)
    ]  # fmt: skip
    if "shot" in found and "iv" not in found and NEEDLES.search(text):
        found.append("iv")
    return found


def is_given_only(ways: Sequence[Way], passage: PassageRow) -> bool:
    """Whether the document says of the passage's treatment no other way than these."""
    topics = {way.topic for way in ways}
    said = [w for w in WAYS.values() if w.topic in topics and way_of_passage(w, passage)]
    return bool(said) and all(way in ways for way in said)


def way_of_passage(way: Way, passage: PassageRow) -> bool:
    """Whether the document says of the passage's treatment that it is given in this way."""
    return bool(way.said.search(passage.text))
