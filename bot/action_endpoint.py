"""Runs the custom actions inside the server: the code of `rasa run actions`, without the hop."""

from __future__ import annotations

import logging
from typing import Any

from rasa.core.actions.action import ActionExecutionRejection
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as RejectedByAction

import actions
from bot.turn_record import note_fault, note_replies, place_of

logger = logging.getLogger(__name__)


class InProcessActionEndpoint(EndpointConfig):
    """Stands where Rasa expects the action server's address."""

    def __init__(self) -> None:
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package(actions)

    async def request(self, *args: Any, json: Any = None, **kwargs: Any) -> Any:
        """Runs the action that `json` names, as the action server would.

        An action that fails says nothing, so the gate says sorry; the conversation is kept. Rasa
        would log the exception with the message and the values of the stack.

        Raises:
            ActionExecutionRejection: the action declined to run.
        """
        try:
            result = await self._executor.run(json)
        except RejectedByAction as error:
            raise ActionExecutionRejection(error.action_name, str(error)) from error
        except Exception as error:  # noqa: BLE001  (a fault anywhere in an action)
            note_fault(error)
            logger.error(  # noqa: TRY400
                "action failed: %s at %s", type(error).__name__, place_of(error)
            )
            return {"events": [], "responses": []}
        note_replies(result.get("responses") or [])
        return result
