"""A server that holds a conversation until it is killed: lock_holder.py REDIS SENDER."""

import asyncio
import sys

from bot.storage.redis_lock import RedisTurnLocks
from bot.storage.shared_redis import SharedRedis


async def hold(address: str, sender: str) -> None:
    async with RedisTurnLocks(redis=SharedRedis(address)).lock(sender):
        print("held", flush=True)
        await asyncio.sleep(3600)


asyncio.run(hold(*sys.argv[1:]))
