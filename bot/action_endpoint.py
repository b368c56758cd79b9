"""Runs the custom actions inside the server: the code of `rasa run actions`, without the hop."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import ActionExecutionRejection
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as RejectedByAction

import actions


class InProcessActionEndpoint(EndpointConfig):
    """Stands where Rasa expects the action server's address."""

    def __init__(self) -> None:
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package(actions)

    async def request(self, *args: Any, json: Any = None, **kwargs: Any) -> Any:
        """Runs the action that `json` names, as the action server would.

        Raises:
            ActionExecutionRejection: the action declined to run.
        """
        try:
            return await self._executor.run(json)
        except RejectedByAction as error:
            raise ActionExecutionRejection(error.action_name, str(error)) from error
