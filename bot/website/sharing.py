"""What several servers share where a Redis is named, and one server keeps by itself."""

from __future__ import annotations

from bot.storage.shared_redis import named_redis, redis_is_named
from bot.website.conversations import Conversations
from bot.website.limiter import Limiter, SharedLimiter
from bot.website.shared_conversations import SharedConversations


def open_conversations() -> Conversations:
    return SharedConversations(named_redis()) if redis_is_named() else Conversations()


def limiter(kind: str) -> Limiter:
    """Raises RedisAddressWrong."""
    return SharedLimiter(named_redis(), kind) if redis_is_named() else Limiter()
