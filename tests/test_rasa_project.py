"""The Rasa project holds nothing dead, and its training data nothing twice or held out."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from rapidfuzz import fuzz, process
from rasa_sdk import Action

import actions
from bot.nlu import intents

ROOT = Path(__file__).resolve().parent.parent
DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
RULES = [
    step
    for path in sorted((ROOT / "nlu_data" / "rules").glob("*.yml"))
    for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
    for step in rule["steps"]
]
SOURCES = "\n".join(
    p.read_text(encoding="utf-8")
    for folder in ("actions", "bot")
    for p in (ROOT / folder).rglob("*.py")
)
GIVEN_BY_THE_DECISION = {
    intents.UNSURE, intents.INFORM_TREATMENT, intents.INFORM_SIDE_EFFECT,
    intents.CONFIRM_TREATMENT, intents.OTHER_LANGUAGE, intents.GIBBERISH,
    intents.KEEP_MY_DATA,
}  # fmt: skip
FEWEST_INSIDE, FEWEST_OUTSIDE = 150, 80
# What everyone says in the same few words ("hello") cannot be held out.
SMALL_TALK = {"acknowledge", "goodbye", "greet", "thank"}
SAME = 92  # similarity, of 100, from which two questions count as one


def named_in(step: dict[str, Any], key: str) -> list[str]:
    return [s[key] for s in (step, *step.get("or", ())) if key in s]


@lru_cache(maxsize=1)
def phrasings() -> dict[str, list[str]]:
    """Training phrases by intent, without entity marks."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "nlu_data" / "intents").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = [re.sub(r"^- ", "", x) for x in entry["examples"].splitlines() if x.strip()]
            texts = [re.sub(r"\[([^\]]+)\](\([^)]*\)|\{[^}]*\})", r"\1", x) for x in lines]
            found.setdefault(entry["intent"], []).extend(texts)
    return found


def normalized(text: str) -> str:
    plain = re.sub(r"['’]", "", text.lower())
    return " ".join(re.sub(r"[^\w\s]", " ", plain).split())


INTENTS = [i if isinstance(i, str) else next(iter(i)) for i in DOMAIN["intents"]]


def test_every_intent_has_a_rule() -> None:
    assert sorted(INTENTS) == sorted(i for step in RULES for i in named_in(step, "intent"))


def test_every_intent_has_training_data_or_is_given_by_the_decision() -> None:
    assert set(INTENTS) == set(phrasings()) | GIVEN_BY_THE_DECISION
    assert not set(phrasings()) & GIVEN_BY_THE_DECISION


def test_every_response_is_used_by_a_rule_or_named_in_the_code() -> None:
    in_rules = {a for step in RULES for a in named_in(step, "action")}
    in_code = set(re.findall(r"""["'](utter_\w+)["']""", SOURCES))
    assert set(DOMAIN["responses"]) == {r for r in in_rules | in_code if r.startswith("utter_")}


def test_every_action_of_the_domain_is_used_and_registered_and_the_other_way_round() -> None:
    config = (ROOT / "config.yml").read_text(encoding="utf-8")
    used = {a for step in RULES for a in named_in(step, "action") if a.startswith("action_")}
    used |= set(re.findall(r"fallback_action_name: (action_\w+)", config))
    assert set(DOMAIN["actions"]) == used
    assert set(DOMAIN["actions"]) == registered_actions()


def registered_actions() -> set[str]:
    names = set()
    for module in pkgutil.iter_modules(actions.__path__):
        for _, kind in inspect.getmembers(
            importlib.import_module(f"actions.{module.name}"), inspect.isclass
        ):
            if issubclass(kind, Action) and kind is not Action and not inspect.isabstract(kind):
                names.add(kind().name())
    return names


def test_each_action_has_a_file_of_its_own_name() -> None:
    files = {f"action_{p.stem}" for p in (ROOT / "actions").glob("*.py")}
    assert set(DOMAIN["actions"]) <= files


def test_every_slot_is_used_by_an_action() -> None:
    assert [s for s in DOMAIN["slots"] if f'"{s}"' not in SOURCES] == []


@pytest.mark.parametrize("intent", sorted(phrasings()))
def test_each_question_is_phrased_in_many_ways(intent: str) -> None:
    different = {normalized(p) or p for p in phrasings()[intent]}
    fewest = FEWEST_INSIDE if intents.is_inside(intent) else 0
    fewest = FEWEST_OUTSIDE if intents.is_outside(intent) else fewest
    assert len(different) >= fewest


def test_no_phrasing_stands_under_two_intents() -> None:
    owners: dict[str, set[str]] = {}
    for intent, texts in phrasings().items():
        for text in texts:
            owners.setdefault(normalized(text) or text, set()).add(intent)
    assert {text: sorted(i) for text, i in owners.items() if len(i) > 1} == {}


# "how often", "what is opdivo": whoever asks so few words, asks them so.
FEWEST_WORDS = 4


def test_no_held_out_question_is_trained_on() -> None:
    """Only the trained phrase is shown, with the id of the question that it is too near to."""
    trained = {
        normalized(text): intent
        for intent, texts in phrasings().items()
        if intent not in SMALL_TALK
        for text in texts
    }
    trained.pop("", None)
    offenders = []
    for path in sorted((ROOT / "tests" / "held_out").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            for turn in case["turns"]:
                if len(normalized(str(turn)).split()) < FEWEST_WORDS:
                    continue
                near = process.extractOne(
                    normalized(str(turn)), trained.keys(), scorer=fuzz.ratio, score_cutoff=SAME
                )
                if near:
                    offenders.append((path.stem, case["id"], trained[near[0]], near[0]))
    assert offenders == []
