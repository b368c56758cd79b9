"""Side effects asked one by one: those on a list, those on none, and backwards."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from reply_checks import assert_cited, assert_names, assert_tells
from running_bot import Bot
from side_effect_tables import BACKWARDS, ITEMS, LISTS

from knowledge.answers import Answers

YES = "Yes: the document lists"


def _in_question(item: str) -> str:
    """ "Fatigue (feeling very tired)" -> "fatigue"."""
    plain = re.sub(r" \(.*\)", "", item)
    return plain[:1].lower() + plain[1:]


def _listed() -> Iterator[tuple[str, str, str]]:
    for owner, items in ITEMS.items():
        for treatment in LISTS[owner][0]:
            for item in items:
                yield treatment, item, f"Can {treatment} cause {_in_question(item)}?"


def _not_listed() -> Iterator[tuple[str, str, str]]:
    for treatments, effects in LISTS.values():
        for treatment in treatments:
            for effect in effects:
                yield treatment, effect, f"Can {treatment} cause {effect}?"


def test_the_tables_of_the_tests_hold_all_listed_side_effects(answers: Answers) -> None:
    table = answers.table
    listed = {
        treatment: tuple(i.text for p in table.passages(treatment, "side_effects") for i in p.items)
        for treatment in table.treatment_ids()
    }
    assert {treatment: items for treatment, items in listed.items() if items} == ITEMS
    on_lists = {
        effect
        for treatment in listed
        for p in table.passages(treatment, "side_effects")
        for item in p.items
        for effect in item.side_effects
    }
    assert on_lists == set(BACKWARDS.values())


@pytest.mark.parametrize(("treatment", "item", "question"), list(_listed()), ids=str)
def test_a_listed_side_effect_is_confirmed_with_its_item(
    bot: Bot, answers: Answers, treatment: str, item: str, question: str
) -> None:
    reply = bot.ask(question)
    assert_cited(reply, answers.on_topic(treatment, "side_effects").citation)
    assert_names(reply, answers, treatment)
    assert YES in reply.text, reply.text
    assert f"• {item}\n" in reply.text, reply.text


@pytest.mark.parametrize(("treatment", "effect", "question"), list(_not_listed()), ids=str)
def test_a_side_effect_that_is_not_listed_is_not_confirmed(
    bot: Bot, answers: Answers, treatment: str, effect: str, question: str
) -> None:
    reply = bot.ask(question)
    assert_cited(reply, answers.on_topic(treatment, "side_effects").citation)
    assert YES not in reply.text, reply.text
    name = answers.full_name(treatment)
    assert f"The document does not list {effect} as a side effect of {name}." in reply.text
    assert "does not mean that it cannot happen" in reply.text


@pytest.mark.parametrize(("words", "effect"), BACKWARDS.items())
def test_each_treatment_that_lists_a_side_effect_is_named(
    bot: Bot, answers: Answers, words: str, effect: str
) -> None:
    reply = bot.ask(f"Which treatments list {words}?")
    assert_tells(reply, answers.treatments_by_side_effect([effect]))


def test_a_side_effect_on_no_list_is_said_to_be_on_none(bot: Bot, answers: Answers) -> None:
    reply = bot.ask("Which treatments cause nightmares?")
    assert_tells(reply, answers.treatments_by_side_effect(["nightmares"]))
