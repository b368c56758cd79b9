"""A patient who writes to the bot in this process."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage


@dataclass
class Patient:
    agent: Agent
    sender: str = field(default_factory=lambda: f"test-{uuid.uuid4().hex}")
    buttons: dict[str, str] = field(default_factory=dict)  # of the last reply, title -> payload

    async def say(self, text: str) -> str:
        """The text of the bot's one message."""
        output = CollectingOutputChannel()
        await self.agent.handle_message(UserMessage(text, output, self.sender))
        assert len(output.messages) == 1, output.messages
        message: dict[str, Any] = output.messages[0]
        self.buttons = {b["title"]: b["payload"] for b in message.get("buttons", ())}
        return str(message["text"])

    async def tap(self, title: str) -> str:
        return await self.say(self.buttons[title])
