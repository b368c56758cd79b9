"""What the made-up patients ask, and the words that stand in each right answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, cycle
from random import Random

from benchmarks.made_up_names import generic_names, misspelt
from knowledge.places import ROOT

NAMES = ("Sutent", "Torisel", "Opdivo", "Avastin", "Inlyta")
EMERGENCY_NUMBER = "911"
NOT_SAID = "The document does not say"
HELD_OUT = ROOT / "tests" / "held_out"
SHORTEST_MISSPELT = 6  # letters; "to" with one letter off is another word


@dataclass(frozen=True)
class Ask:
    """A message; where `presses`, the first button of the reply before, if there is one."""

    text: str
    expects: str
    presses: bool = False


# Five turns each. `{}` is the conversation's drug: that its name stands in the answer to a question
# without a name shows that no conversation is mixed up with another one.
SCRIPTS: tuple[tuple[Ask, ...], ...] = (
    (
        Ask("What is {}?", "{}"),
        Ask("how is it given?", "{}"),
        Ask("how does it work?", "{}"),
        Ask("what are its side effects?", "{}"),
        Ask("how often is it given?", "{}"),
    ),
    (
        Ask("my mother was put on {}, what can it do to her", "{}"),
        Ask("how often", "{}", presses=True),
        Ask("can i drink wine with it?", NOT_SAID),
        Ask("side effects of metformin", NOT_SAID),
        Ask("can {} cause hair loss", "{}"),
    ),
    (
        Ask("hello", "Hello"),
        Ask("what are the side effects of {}?", "{}"),
        Ask("how often is it given?", "{}", presses=True),
        Ask("my chest hurts and i cannot breathe", EMERGENCY_NUMBER),
        Ask("thanks", "welcome"),
    ),
    (
        Ask("was sind die nebenwirkungen von {}", "only English"),
        Ask("what does metastatic mean", "metastatic"),
        Ask("how does {} work", "{}"),
        Ask("should i stop it", "cannot decide"),
        Ask("what are the side effects of {} and Afinitor", "{}"),
    ),
)


def conversations(seed: int) -> Iterator[list[Ask]]:
    """Conversations of five turns, each of another script or another drug than the one before."""
    for number in count(seed):
        name = NAMES[number % len(NAMES)]
        script = SCRIPTS[number % len(SCRIPTS)]
        yield [Ask(a.text.format(name), a.expects.format(name), a.presses) for a in script]


def mixed_texts(seed: int) -> Iterator[str]:
    """Real questions of consumers as they are, misspelt, and with a word that nobody saw before.

    What a server keeps by the words of messages shows only where new words keep coming.
    """
    random, unseen = Random(seed), generic_names(Random(seed))
    asked = [*_real_questions(), *(a.text.format(NAMES[0]) for script in SCRIPTS for a in script)]
    random.shuffle(asked)
    for number, text in enumerate(cycle(asked)):
        words = text.split()
        long = [n for n, word in enumerate(words) if len(word) >= SHORTEST_MISSPELT]
        if number % 3 == 1 and long:
            chosen = random.choice(long)
            words[chosen] = misspelt(words[chosen], random)
        elif number % 3 == 2:
            words.append(next(unseen))
        yield " ".join(words)


def _real_questions() -> list[str]:
    return [
        turn
        for path in sorted(HELD_OUT.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for turn in json.loads(line)["turns"]
    ]
