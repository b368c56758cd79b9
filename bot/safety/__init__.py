"""The safety gate: emergencies and crises are recognized by rules, before any classifier."""

from bot.safety.gate import Alarm, SafetyGate
from bot.safety.rules import RulesError

__all__ = ["Alarm", "RulesError", "SafetyGate"]
