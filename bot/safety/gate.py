"""The first thing that sees a patient's message: rules alone decide whether it is an emergency."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import spacy

from bot.safety.context import Message
from bot.safety.rules import Rules, load_rules

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Alarm:
    """What was recognized. The words themselves stay out of logs: they are the patient's.

    Attributes:
        kind: "crisis" where someone's life is in danger by their own hand, else "emergency".
        flag: the id of the rule in red_flags.yml.
        words: the normalized words that the rule matched.
    """

    kind: Literal["emergency", "crisis"]
    flag: str
    words: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True)
class Look:
    """What the rules see: an alarm; or none, though danger is named: "no chest pain, no fever"."""

    alarm: Alarm | None = None
    is_denied: bool = False
    has_idiom: bool = False  # "the death of me"


class SafetyGate:
    """Recognizes emergencies and crises without model, table or network."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    @classmethod
    def from_files(
        cls,
        red_flags: Path = _HERE / "red_flags.yml",
        context: Path = _HERE / "context.yml",
    ) -> "SafetyGate":
        """Raises RulesError for a file that cannot be used."""
        return cls(load_rules(Path(red_flags), Path(context), spacy.blank("en").vocab))

    def check(self, text: str) -> Alarm | None:
        """The alarm that this message calls for; a crisis goes before an emergency."""
        return self.look(text).alarm

    def look(self, text: str) -> Look:
        """The alarm, or that danger is only named to say that there is none."""
        words = self._rules.normalizer.words(text)
        if not words:
            return Look()
        message = Message(words, self._rules)
        is_denied = False
        for flag in self._rules.flags:
            for span, stated in message.found(flag):
                if message.is_idiom(span):
                    continue
                if message.is_negated(span, stated):
                    is_denied = True
                elif message.is_present(flag, span, stated):
                    alarm = Alarm(flag.kind, flag.id, " ".join(words[span[0] : span[1]]))
                    return Look(alarm)
        return Look(is_denied=is_denied, has_idiom=bool(message.cue("idiom")))
