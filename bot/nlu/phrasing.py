"""How patients phrase things: patterns that tell what a message does besides what it is about."""

from __future__ import annotations

import re

# Words that may stand around a bare name: "and what about Inlyta, please?"
FILLER = re.compile(
    r"\b(?:and|what|whats|about|how|for|the|a|an|same|thing|question|please|with|then|now|of|on|no|"
    r"not|but|i|im|i'm|am|mean|meant|my|ok|okay|so|also|drug|medicine|ones?|it's|its|thanks|sorry|"
    r"well|oh|hmm|um|uh|again|asking|talking|asked|taking|take|pls|plz|tell|me|do|that|this|too|"
    r"say|said|go|let's|lets|try|would|be|let|us|to|lol|yeah|yes|right|wait|actually|thats|that's)\b",
    re.IGNORECASE,
)
A_TREATMENT = re.compile(
    r"\b(?:drugs?|medicines?|meds?|medications?|treatments?|pills?)\b", re.IGNORECASE
)
REFERS_BACK = re.compile(
    r"\b(?:it|its|it's|that|that's|this|they|they're|them|their|these|those|one|ones|same|either|"
    r"both|each|(?:the|my|his|her|our) (?:drug|drugs|medicine|med|meds|medication|treatment|"
    r"therapy|pill|pills|tablet|tablets|infusion|infusions|shot|shots|injection|injections|drip|"
    r"iv|operation))\b",
    re.IGNORECASE,
)
# What is referred to is a thing, such as a side effect told before: not a person.
REFERS_TO_THING = re.compile(
    r"\b(?:it|its|it's|that|that's|this|those|these|them|same)\b", re.IGNORECASE
)
# "So Avastin does as well?": nothing but a name, for the question of before.
ALSO = re.compile(r"\b(?:too|as well|also)\b", re.IGNORECASE)
ALSO_FILLER = re.compile(
    r"\b(?:too|as|well|also|does|did|do|is|are|has|have|those|these|they|it|cause|causes|give|gives|"
    r"get|gets)\b",
    re.IGNORECASE,
)
# "The one with the X-rays": names a treatment by a word for it.
NAMES_ONE = re.compile(
    r"^\W*(?:oh|ah|um|uh|er|sorry|ok|okay|well)?\W*"
    r"(?:it'?s |i mean )?(?:the|that|this) (?:\w+ )?(?:other )?(?:[\w'’-]+ )?"
    r"(?:one|kind|type|stuff)\b",
    re.IGNORECASE,
)
DOES_THAT = re.compile(
    r"\b(?:do|does|did|done|doing|cause[sd]?|causing|gives?|gave) (?:that|this|it|those|these)\b",
    re.IGNORECASE,
)
# "What else can it do?": the rest of what was asked about before.
MORE = re.compile(
    r"\b(?:what|anything|something) else\b|\bany(?:thing)? more\b|\bthe (?:rest|others)\b|"
    r"\bis th(?:at|is) (?:all|it|everything)\b",
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
    r"\b(?:right now|just now|i have it|(?:he|she) has it|i just|today|tonight|this morning|"
    r"last night|(?<!ever )since|(?<!n't )(?<!n’t )(?<!nt )(?<!not )(?<!never )started|happening|"
    r"(?:an|\d+|two|few|couple of) (?:hours?|minutes?|mins) ago)\b",
    re.IGNORECASE,
)
# "is that a Votrient thing?": what was told before is happening.
IS_IT_FROM = re.compile(
    r"^\W*(?:and |so |but )*(?:is|are|was|were|could|can|might|would)\s+"
    r"(?:that|this|it|these|they)\b(?! (?:for|given|taken|used|an? (?:pill|shot|drip))\b)|"
    r"\bmaybe\s*\?",
    re.IGNORECASE,
)
PAST = re.compile(
    r"\b(?:years? ago|last year|long ago|back in|once|in (?:19|20)\d\d|in ['’]\d\d|died (?:of|in)|"
    r"as a (?:child|kid|girl|boy|lad)|used to [a-z]+ (?:in|at|when|as|every|all)|"
    r"all sorted|fine now|(?:he|she)(?:'s|s| is) fine|recovered|over it)\b",
    re.IGNORECASE,
)
# "In that hospital drama last night a patient bled"
IN_FICTION = re.compile(
    r"\b(?:in|on|was|from) (?:a|an|the|that|this|my|our) (?:[\w'’-]+ ){0,2}?"
    r"(?:film|movie|drama|show|series|soap|novel|episode|story|play|sitcom)\b",
    re.IGNORECASE,
)
IN_GENERAL = re.compile(
    r"\b(?:in general|generally|just (?:curious|wondering)|not (?:talking )?about me|"
    r"(?:nobody|no one|no-one|none of us)(?: here)? (?:is|has|had|feels|fainted))\b",
    re.IGNORECASE,
)
# "the inlyta has the same ones?", "and for Sutent": the last question again
REPEATS = re.compile(
    r"\bsame\b(?! (?:thing |drug |medicine |one )?as\b)|\b(?:what|how) about\b|"
    r"\bwhat(?:'s| are| is) (?:they|it|those|these) (?:for|with|on)\b|"
    r"\b(?:those|them|these|it|that)\b.{0,20}\b(?:too|as well|also)\b|"
    r"^(?:\W*[\w'’-]+){1,5}\W+(?:too|as well|also)\W*$|"
    r"^(?:\W*\w+\W+){0,2}?(?:and|n|or) (?!what(?:'?s| is| are)\b|who\b|tell\b)",
    re.IGNORECASE,
)
CORRECTION = re.compile(
    r"^\W*(?:(?:no+|nope|not that|sorry|wrong|actually|oops|wait|hang on)\b[\s,.!-]*)*"
    r"(?:i (?:meant|mean|asked(?: about| for)?|was asking(?: about)?|wanted(?: to know)?|said)|"
    r"(?:my )?question was(?: about)?)\b[\s,:]*",
    re.IGNORECASE,
)
# "Avastin sorry I mean Inlyta, how often?": what stands before is taken back
MID_CORRECTION = re.compile(
    r"^.*\b(?:sorry|no|wait|oops|rather)\b[\s,.!-]*i (?:mean|meant)\b[\s,:]*",
    re.IGNORECASE | re.DOTALL,
)
CORRECTS = re.compile(
    r"^\W*(?:oh |ah |er |um |lol )*(?:no+|nope|not that|sorry|wrong|actually|oops|wait|hang on|"
    r"scratch that|i meant?)\b|\b(?:i meant?|should (?:of|have) said)\b",
    re.IGNORECASE,
)
# A choice between treatments for one person: "which is the better one for me", "who is right".
FOR_ME = re.compile(
    r"\b(?:or|better|best|right|good|choice|choose|pick|suits?)\b.*\bfor (?:me|him|her|us)\b|"
    r"\b(?:my (?:own )?case|in my (?:case|place|situation|shoes)|should (?:i|we|he|she)|would you|"
    r"(?:who|which) (?:one )?(?:is|'s|has) right|who's right)\b",
    re.IGNORECASE,
)
# "Which of them doesn't list diarrhea?", "any without hair loss?"; not "which, I'm not sure"
NOT_THOSE = re.compile(
    r"\b(?:which|what|any|anything|ones?|drugs?|treatments?|medicines?|meds|pills?|something|those|"
    r"them|list)\b(?: [\w'’]+){0,4}? "
    r"(?:(?:do|does|did|is|are|will|would|wo|have|has|might)(?:n['’]?t| not)|dont|doesnt|wont|isnt|"
    r"arent|without|with no|have no|has no|not|never|no|free of)\b(?! (?:sure|know|mind|only)\b)",
    re.IGNORECASE,
)
# "Inlyta is weekly, right?"
YES_AT_THE_END = re.compile(
    r"\b(?:right|yes|yeah|correct|true|huh|eh|or not|isn['’]?t it|don['’]?t (?:you|they)|"
    r"(?:is|does|will|can|are|do) (?:it|they)|then)\W*$",
    re.IGNORECASE,
)
# "So it does not cause rash, right?": a yes would be taken for "it does not".
DENIES = re.compile(
    r"\b(?:not|no|never|without|none|nor|cannot|[a-z]+n['’]t|"
    r"(?:does|do|did|is|are|was|would|wo|ca|could|have|has)nt)\b",
    re.IGNORECASE,
)
# One of several treatments, by its place in what was said before.
_ONE = r"(?:one|drug|medicine|med|medication|treatment|therapy|pill|option)\b"
_PLACES = (
    ("first", rf"(?:first|1st|former)(?: {_ONE}|(?=\W*$))|former\b"),
    ("second", rf"(?:second|2nd)(?: {_ONE}|(?=\W*$))|latter\b"),
    ("third", rf"(?:third|3rd)(?: {_ONE}|(?=\W*$))"),
    ("last", rf"last {_ONE}"),
    ("other", rf"others?(?: (?:two|{_ONE})|(?=\W*$))|others\b|(?:partner|companion)\b"),
)
PLACES = {
    place: re.compile(rf"\b(?:the|that|this|my|his|her) (?:{words})", re.IGNORECASE)
    for place, words in _PLACES
}
BOTH = re.compile(
    r"\b(?:both|(?:each|all|which|one) of (?:them|these|those)|all (?:them|these|those|three)|"
    r"(?:the|these|those) two)\b",
    re.IGNORECASE,
)
# What stands before a name that is ruled out: "not Sutent, the other one"; "why not Sutent" asks.
RULED_OUT = re.compile(
    r"(?<!why )\b(?:not|except|besides|apart from|other than)(?: (?:the|for|about|on|taking))?\s*$",
    re.IGNORECASE,
)

EFFECT_ON = re.compile(
    r"\b(?:effects?|affects?|impact|toll|strain)\b.{0,40}?\bon (?:the|my|his|her|your|our)\b|"
    r"\bdo(?:es)? to (?:the|my|his|her|your)\b",
    re.IGNORECASE,
)
BEST_FOR_ONE = re.compile(
    r"\b(?:best|better|right|strongest|safest)\b.{0,40}?\bfor (?:me|him|her|us|my \w+|our \w+|"
    r"mum|mom|mam|dad|mother|father|grandma|grandpa|nan|gran|"
    r"somebody like (?:me|him|her)|someone like (?:me|him|her))\b",
    re.IGNORECASE,
)
IS_IT_LISTED = re.compile(
    r"\b(?:is|are|was|were)\b.{2,60}\b"
    r"(?:(?:a|one of the) (?:\w+ )?side.?effects?|"
    r"(?:on|in) (?:the|its|that) (?:\w+ )?list|listed)\b",
    re.IGNORECASE,
)
YES_OR_NO = re.compile(
    r"^\W*(?:and |so |but )?"
    r"(?:is|are|does|do|did|can|could|will|would|might|may|has|have|any)\b",
    re.IGNORECASE,
)
# Of how many: the document has no such figure.
ASKS_FIGURES = re.compile(
    r"%|\b(?:percent\w*|per cent|(?:success|response|cure|remission) rates?|statistics?|stats|odds|"
    r"chances?|how many (?:people|patients|folks|of)|what (?:share|proportion|fraction))\b",
    re.IGNORECASE,
)
WHICH = re.compile(r"\b(?:which|what|who|any|anything|something|name|list)\b", re.IGNORECASE)


def place_pointed_at(text: str) -> str:
    """Which of several treatments is meant by its place: first, second, third, last, other, all."""
    found = next((place for place, words in PLACES.items() if words.search(text)), "")
    return found or ("all" if BOTH.search(text) else "")


def is_yes_or_no(text: str) -> bool:
    return bool(YES_OR_NO.search(text) or YES_AT_THE_END.search(text))


def denies(text: str) -> bool:
    """Whether a question is put the other way round: "it isn't a pill, is it?"."""
    return bool(DENIES.search(text)) and is_yes_or_no(text)


def is_correction(text: str) -> bool:
    """Whether the message takes something back: "no wait, Avastin"."""
    return bool(CORRECTS.search(text))


def strip_correction(text: str) -> str:
    """ "no, I meant the side effects" -> "the side effects"; other texts as they are."""
    match = CORRECTION.match(text) or MID_CORRECTION.match(text)
    rest = text[match.end() :].strip() if match else ""
    return rest or text
