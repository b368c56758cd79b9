"""The one custom action of the stock bot: a single lookup in the table, answered as text."""

from __future__ import annotations

import os
import sqlite3
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

QUERY = (
    "SELECT p.text FROM passages p JOIN names n ON n.treatment = p.treatment "
    "WHERE p.topic = 'side_effects' AND n.normalized = ?"
)
# Opened once, as in our bot.
table = sqlite3.connect(os.environ["BENCHMARK_TABLE"], check_same_thread=False)


class ActionLookUpSideEffects(Action):
    def name(self) -> str:
        return "action_look_up_side_effects"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        name = next(tracker.get_latest_entity_values("treatment"), "")
        row = table.execute(QUERY, (name.lower(),)).fetchone()
        dispatcher.utter_message(text=row[0] if row else "I have no side effects of that.")
        return []
