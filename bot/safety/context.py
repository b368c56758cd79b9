"""Whether a red flag that was found is really happening to someone, by the words around it."""

from functools import cached_property

from spacy.tokens import Doc

from bot.safety.normalize import STOPS, UNKNOWN
from bot.safety.notation import PatternSet
from bot.safety.rules import Flag, Rules

Span = tuple[int, int]

NEGATION_REACH = 14
HYPOTHETICAL_REACH = 9
HAVING_REACH = 6
NOW_REACH = 9
MILD_REACH = 3
# A bare "fever" may answer a question of the bot; more words than this tell of somebody.
FRAGMENT_WORDS = 2
# "opdivo chest pain" is a search, as one types it into a search engine.
KEYWORD_WORDS = 6
WELL_REACH = 4
LIST_WORDS = frozenset({",", "and"})
# Words before a question: "so does it...", "hi, can...".
OPENERS = frozenset({UNKNOWN, "and", "so", "but", "also", "ok", "okay", "please", "or", "then"})
SELF = frozenset({"i", "im", "ive", "me", "my"})
SUBJECTS = frozenset({"i", "he", "she", "me"})


class Message:
    """The words of one message and where each cue of the context rules stands in it."""

    def __init__(self, words: list[str], rules: Rules) -> None:
        self.words = words
        self._rules = rules
        self._doc = Doc(rules.vocab, words=words)
        self._distinct = frozenset(words)
        self._cues: dict[str, list[Span]] = {}
        self._found: dict[str, list[tuple[Span, bool]]] = {}

    def cue(self, name: str) -> list[Span]:
        """Where this cue of the context rules stands."""
        if name not in self._cues:
            self._cues[name] = self._spans(self._rules.cues[name])
        return self._cues[name]

    def found(self, flag: Flag) -> list[tuple[Span, bool]]:
        """Where this flag stands in the message, and whether it is stated or only named."""
        if flag.id not in self._found:
            self._found[flag.id] = [(span, True) for span in self._spans(flag.stated)] + [
                (span, False) for span in self._spans(flag.named)
            ]
        return self._found[flag.id]

    def _spans(self, patterns: PatternSet) -> list[Span]:
        return patterns.spans(self._doc, self._distinct)

    @cached_property
    def _flagged(self) -> frozenset[int]:
        spans = [span for flag in self._rules.flags for span, _ in self.found(flag)]
        return frozenset(i for start, end in spans for i in range(start, end))

    @cached_property
    def _clause_starts(self) -> frozenset[int]:
        stops = {i + 1 for i, word in enumerate(self.words) if word in STOPS}
        return frozenset(stops | {start for start, _ in self.cue("clause_start")})

    def clause(self, span: Span) -> Span:
        """The part of the sentence around a span, up to where a new thought begins."""
        start, end = span
        while start > 0 and start not in self._clause_starts:
            start -= 1
        while end < len(self.words) and end not in self._clause_starts:
            end += 1
        return start, end

    def sentence(self, span: Span) -> Span:
        """From one full stop or question mark to the next."""
        start, end = span
        while start > 0 and self.words[start - 1] not in STOPS:
            start -= 1
        while end < len(self.words) and self.words[end] not in STOPS:
            end += 1
        return start, end

    def is_idiom(self, span: Span) -> bool:
        return any(_overlap(span, idiom) for idiom in self.cue("idiom"))

    def is_negated(self, span: Span, stated: bool) -> bool:
        """A negation stands before the flag, with nothing but a list of symptoms in between."""
        negations = {
            start
            for start, end in self.cue("negated")
            if not any(_overlap((start, end), other) for other in self.cue("not_negating"))
        }
        if not negations:
            return False
        reached = {start for start, _ in self.cue("negation_reaches_over")}
        comma = False
        for i in range(span[0] - 1, max(-1, span[0] - 1 - NEGATION_REACH), -1):
            word = self.words[i]
            if i in negations:
                return not (comma and self._is_now(span))
            if i in self._clause_starts and word not in LIST_WORDS:
                return False
            if stated and (word in LIST_WORDS or word in SUBJECTS):
                return False
            if word in STOPS or (i not in reached and i not in self._flagged):
                return False
            comma = comma or word == ","
        return False

    def is_present(self, flag: Flag, span: Span, stated: bool) -> bool:
        """Someone has it now, or may well: in doubt, yes."""
        clause = self.clause(span)
        now = self._is_now(span)
        if self._is_tied("past", span, clause) and not now:
            return False
        if flag.kind == "crisis" and stated:
            asked = self._before("about_medicines", span, clause)
            return not asked or self._in("somebody", clause)
        if self._is_asked_beforehand(span) or self._is_slight(flag, span, clause, now):
            return False
        had_after = self._is_had_after(span, clause)
        mine = had_after or bool(self.cue("it_is_mine"))
        having = had_after or self._is_had(span, clause)
        if self._is_nobodys(span, clause) and not (having or mine):
            return False
        if self._is_hypothetical(span, clause) and not (now or mine):
            return False
        if stated or now:
            return True
        if self._is_well(span, clause):
            return False
        return having or mine or self._is_told(flag, span, clause)

    def _is_told(self, flag: Flag, span: Span, clause: Span) -> bool:
        """The flag is only named and nobody has it in so many words: is it told or asked about?"""
        sentence = self.sentence(span)
        if self._in("asks_urgently", sentence):
            return True
        if self._in("general", sentence) or self._opens_question(sentence):
            return False
        length = clause[1] - clause[0]
        keywords = length <= KEYWORD_WORDS and self._in("medicine_named", sentence)
        if keywords and not self._in("ongoing", clause):
            return False
        return flag.counts == "always" or length > FRAGMENT_WORDS

    def _is_asked_beforehand(self, span: Span) -> bool:
        """ "can i take two": the very taking is asked about."""
        return any(_overlap(span, asked) for asked in self.cue("asks_permission"))

    def _is_slight(self, flag: Flag, span: Span, clause: Span, now: bool) -> bool:
        """A little of it, or it is over: either is enough where a flag counts only when present."""
        small = self._is_small(flag, span, clause)
        over = self._is_tied("over", span, self.sentence(span)) and not now
        return (small or over) if flag.counts == "present" else (small and over)

    def _is_nobodys(self, span: Span, clause: Span) -> bool:
        own = not SELF.isdisjoint(self.words[span[0] : span[1]])
        return not own and self._before("nobody", span, clause)

    def _opens_question(self, sentence: Span) -> bool:
        """The sentence, or a new thought in it, begins as a question does."""
        return any(
            self._is_first(start, sentence)
            or (self.words[start - 1] in OPENERS and self._is_first(start - 1, sentence))
            for start, end in self.cue("opens_question")
            if sentence[0] <= start and end <= sentence[1]
        )

    def _is_first(self, i: int, sentence: Span) -> bool:
        return i == sentence[0] or i in self._clause_starts or self.words[i - 1] == ","

    def _in(self, cue: str, within: Span) -> bool:
        return any(within[0] <= start and end <= within[1] for start, end in self.cue(cue))

    def _before(self, cue: str, span: Span, clause: Span) -> bool:
        return any(clause[0] <= start < span[0] for start, _ in self.cue(cue))

    def _is_tied(self, cue: str, span: Span, clause: Span) -> bool:
        """The cue stands before the flag, or behind it and before the next comma or "and"."""
        first, last = span
        while first > clause[0] and self.words[first - 1] != "and":
            first -= 1
        while last < clause[1] and self.words[last] not in LIST_WORDS:
            last += 1
        return any(
            first <= start and stop <= last and not (start >= span[0] and stop <= span[1])
            for start, stop in self.cue(cue)
        )

    def _is_well(self, span: Span, clause: Span) -> bool:
        near = max(clause[0], span[0] - WELL_REACH), min(clause[1], span[1] + WELL_REACH)
        return self._in("well", near) and self._is_tied("well", span, near)

    def _is_now(self, span: Span) -> bool:
        first, last = self.clause(span)
        near = max(first, span[0] - NOW_REACH), min(last, span[1] + NOW_REACH)
        # "fine now" is no sign that it goes on.
        return any(
            near[0] <= start and end <= near[1]
            for start, end in self.cue("now")
            if not any(_overlap((start, end), over) for over in self.cue("over"))
        )

    def _is_small(self, flag: Flag, span: Span, clause: Span) -> bool:
        near = max(clause[0], span[0] - MILD_REACH), span[1]
        return not flag.mild_too and self._in("mild", near)

    def _is_hypothetical(self, span: Span, clause: Span) -> bool:
        return any(
            clause[0] <= start < span[0] and span[0] - end <= HYPOTHETICAL_REACH
            for start, end in self.cue("hypothetical")
            if not any(_overlap((start, end), real) for real in self.cue("not_hypothetical"))
        )

    def _is_had(self, span: Span, clause: Span) -> bool:
        """ "i have", "she keeps", "my" shortly before the flag, and no talk about it in between."""
        for start, end in self.cue("having"):
            if not (clause[0] <= start < span[1] and 0 <= span[0] - end <= HAVING_REACH):
                continue
            if any(_overlap((start, end), other) for other in self.cue("not_having")):
                continue
            if self._in("talks_about", (end, span[0])):
                continue
            return True
        return False

    def _is_had_after(self, span: Span, clause: Span) -> bool:
        """ "the fever i have": right after the flag."""
        return any(
            0 <= start - span[1] <= 1 and end <= clause[1] for start, end in self.cue("had_after")
        )


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
