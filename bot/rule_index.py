"""Finds the rules that may fit a turn without trying all of them.

Rasa's RulePolicy compares each of its rules with the conversation, three times a turn. A rule can
only fit where its last step has the conversation's last action and intent, so those are looked up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER

State = dict[str, dict[str, Any]]
Situation = tuple[str | None, str | None]  # the last action and the intent; None: any


class RuleIndex:
    """Rule keys (JSON lists of states, as RulePolicy writes them) by what their last state needs.

    Attributes:
        longest: states in the longest rule; no rule looks further back.
    """

    def __init__(self, rule_keys: Iterable[str]) -> None:
        self.longest = 0
        self._by_situation: dict[Situation, list[str]] = {}
        for key in rule_keys:
            states = json.loads(key)
            self.longest = max(self.longest, len(states))
            situation = _needed(states[-1]) if states else (None, None)
            self._by_situation.setdefault(situation, []).append(key)

    def candidates(self, state: State) -> set[str]:
        """The rules that may fit where the conversation's last state is `state`."""
        action, intent = _situation(state)
        situations = {(action, intent), (action, None), (None, None)}
        return {key for s in situations for key in self._by_situation.get(s, ())}


def _situation(state: State) -> Situation:
    action = state.get(PREVIOUS_ACTION, {}).get("action_name")
    return action, state.get(USER, {}).get("intent")


def _needed(state: State) -> Situation:
    action, intent = _situation(state)
    if not action or action == SHOULD_NOT_BE_SET:
        return None, None  # a conversation's start fits such a rule whatever the intent
    return action, intent if intent != SHOULD_NOT_BE_SET else None
