"""What a sentence of an article can be about, and the wording that shows it.

A sentence may be about several topics ("a pill you take once a day": how it is given, and how
often). The cues are ordinary words of patient information, tried on several articles; a sentence
without any cue counts as `overview`, so that nothing of an article is lost.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

Topic = Literal[
    "overview",
    "how_it_works",
    "side_effects",
    "administration",
    "place",
    "schedule",
    "duration",
    "effectiveness",
    "when_used",
    "combination",
    "members",
    "removes",
    "names",
    "choosing",
    "trials",
]
TOPICS: tuple[Topic, ...] = get_args(Topic)

# A drug has these from its group where the article tells them of the group alone.
INHERITED: frozenset[Topic] = frozenset(
    {
        "how_it_works", "side_effects", "administration", "place", "schedule", "duration",
        "effectiveness", "when_used", "combination",
    }
)  # fmt: skip


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(patterns) + r")", re.IGNORECASE)


# Lead-in sentences: what the list below them holds.
LIST_CUES: dict[Topic, re.Pattern[str]] = {
    "side_effects": _words(r"side effects?\b", r"can cause\b", r"may cause\b"),
    "removes": _words(r"removes?\b", r"takes? (?:it |them )?out\b"),
    "administration": _words(r"ways? to (?:get|take|have)\b", r"(?:two|three|these) ways\b"),
    "members": _words(r"includes?:", r"types?\b", r"kinds?\b", r"group (?:are|is)\b"),
}

SENTENCE_CUES: dict[Topic, re.Pattern[str]] = {
    "side_effects": _words(r"can cause\b", r"may cause\b"),
    "administration": _words(
        r"IVs?\b", r"veins?\b", r"pills?\b", r"tablets?\b", r"capsules?\b", r"shots?\b",
        r"injections?\b", r"infusions?\b", r"by mouth\b", r"from a machine\b", r"cream\b",
        r"external-beam\b", r"inhalers?\b", r"sprays?\b", r"drops\b", r"patch(?:es)?\b",
    ),
    "place": _words(r"in a hospital\b", r"doctor['’]s office\b", r"at home\b", r"clinic\b"),
    "schedule": _words(
        r"every (?:other )?(?:\d+|two|three|four|six|day|week|month)",
        r"(?:once|twice|one time|\d times|(?:two|three) times) (?:a|per|each|every|or)\b",
        r"(?:once|twice) (?:daily|weekly|monthly)\b", r"(?:daily|weekly)\b", r"in cycles\b",
    ),
    "duration": _words(
        r"takes?\b[^.]*\b(?:minutes?|hours?)\b", r"lasts?\b[^.]*\b(?:minutes|hours)"
    ),
    "effectiveness": _words(
        r"(?:doesn['’]t|does not|not) work (?:very )?well\b", r"works? well\b", r"shrink",
        r"be a cure\b", r"helps? (?:only )?a small\b", r"only helps?\b",
        r"small (?:group|number)\b", r"slows?\b[^.]*\bgrowth\b", r"grow more slowly\b",
    ),
    "when_used": _words(
        r"be an option\b", r"main treatment\b", r"can treat\b", r"is used (?:for|to treat|when)\b",
        r"(?:relieve|ease) symptoms\b", r"palliative\b",
    ),
    "combination": _words(
        r"with another drug\b", r"take it with\b", r"taken with\b", r"together with\b",
        r"need other treatments\b", r"by itself\b",
    ),
    "how_it_works": _words(
        r"targets? (?:parts|proteins|the)\b", r"targets?\b[^.]*\bcells\b", r"aims? at\b",
        r"uses? (?:substances|medicine|high|strong|\"?checkpoints)", r"uses? them to\b",
        r"uses? a system\b", r"blocks?\b", r"(?:activates|wakes up)\b", r"destroy\b",
        r"helps? your immune system\b", r"turns? (?:off )?checkpoints\b",
        r"(?:designed|meant) to\b", r"blood vessel", r"blood supply\b", r"supply of blood\b",
        r"slows? a tumor", r"cells\b",
        r"makes? a tumor grow\b", r"cuts? off\b", r"can treat cancers\b", r"works? by\b",
        r"new (?:type|kind)s? of (?:drugs?|medicines?)\b",
    ),
    "names": _words(
        r"also called\b", r"another name\b", r"second name\b", r"called external-beam\b"
    ),
    "overview": _words(
        r"is the main operation\b", r"is a man-made\b", r"is (?:kidney )?cancer\b",
        r"(?:is|are) (?:a |an )?(?:new |kind of |type of )*(?:medicines?|drugs?|type|kind)\b",
        r"is one of these\b",
    ),
}  # fmt: skip

# Sentences on the condition itself speak of the patient's way through, not of one treatment.
CONDITION_CUES: dict[Topic, re.Pattern[str]] = {
    "trials": _words(r"trials?\b"),
    "names": SENTENCE_CUES["names"],
    "choosing": _words(
        r"with your doctor\b", r"your doctor (?:will|can) help\b", r"(?:ask|find out) how\b",
        r"you can (?:pick|choose)\b",
    ),
}  # fmt: skip

# "One of these drugs" tells which group the drug belongs to.
ONE_OF_GROUP = _words(r"one of (?:these|the)\b[^.]*\b(?:drugs?|medicines?|treatments?)\b")
# Such a sentence goes on with what the one before it is about.
GOES_ON = re.compile(r"^(?:These (?:treatments|trials|proteins)|This is called|Then)\b")


def topics_of_sentence(text: str, *, about_condition: bool) -> set[Topic]:
    """The topics whose cues the sentence holds; `{"overview"}` where it holds none."""
    cues = CONDITION_CUES if about_condition else SENTENCE_CUES
    found: set[Topic] = {topic for topic, cue in cues.items() if cue.search(text)}
    if "names" in found and about_condition:
        found.add("overview")
    return found or {"overview"}


def topic_of_list(lead_in: str) -> Topic | None:
    """The topic of the list that the sentence leads in to, where its wording shows it."""
    return next((topic for topic, cue in LIST_CUES.items() if cue.search(lead_in)), None)
