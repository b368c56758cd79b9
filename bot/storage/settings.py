"""Which engines keep what, by variables of the environment; unset: the memory of the process."""

from __future__ import annotations

import os

from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.storage.database import VARIABLE, make_file
from bot.storage.errors import DatabaseAddressWrong
from bot.storage.shared_redis import named_redis, redis_is_named

DATABASE = VARIABLE
SQL_STORE = "bot.storage.sql.SqlStore"
REDIS_LOCKS = "bot.storage.redis_lock.RedisTurnLocks"


def choose_engines(endpoints: AvailableEndpoints) -> None:
    """Puts what the environment names in the place of what endpoints.yml names.

    Raises:
        DatabaseAddressWrong, RedisAddressWrong: an address is malformed, or there can be no file.
    """
    if os.environ.get(DATABASE):
        make_file(database_url())  # a mistake is told before anything starts
        endpoints.tracker_store = EndpointConfig(type=SQL_STORE)
    if redis_is_named():
        named_redis()
        endpoints.lock_store = EndpointConfig(type=REDIS_LOCKS)


def database_url(address: str | None = None) -> URL:
    """The address given, or else that of the environment.

    Raises:
        DatabaseAddressWrong: it is malformed, or of a kind that was not tried.
    """
    given = address or os.environ.get(DATABASE, "")
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        url = None
    kind = url.get_backend_name() if url is not None else ""
    if url is None or kind not in {"postgresql", "sqlite"} or not url.database:
        scheme = given.partition(":")[0]  # the rest may hold a password
        raise DatabaseAddressWrong(
            f"{DATABASE} starts with '{scheme[:20]}' and is no address that can be used. "
            "Write postgresql://USER:PASSWORD@HOST:5432/NAME or sqlite:////PATH/TO/FILE"
        )
    return url
