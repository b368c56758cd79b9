"""Who writes is a keyed hash; addresses are sealed, expire, and can be forgotten."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
import redis
from redis_server import RedisServer
from store_redis import running_redis

from bot.channels.gate import TURN_WITHIN
from bot.channels.messaging import people as module
from bot.channels.messaging.keys import keyed_hash
from bot.channels.messaging.people import MOST_OFFERED, People, Person, forget_address
from bot.channels.messaging.render import Part
from bot.channels.messaging.reply import Choice
from bot.channels.messaging.store import MemoryStore, RedisStore, Store, current_store
from bot.storage.errors import RedisDown
from bot.storage.shared_redis import SharedRedis

PHONE = "+15550123"
SECRET = "the secret of the tests, which is no secret"  # noqa: S105  (it guards nothing)
CHOICES = (Choice("Its names", "/ask_names"), Choice("Side effects", "/ask_side_effects"))


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARECITE_SECRET", SECRET)


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with running_redis() as url:
        yield url


@pytest.fixture(params=["memory", "redis"])
def new_store(request: pytest.FixtureRequest) -> Callable[[], Store]:
    """Makes a store; those of Redis share what they hold, as two servers do."""
    if request.param == "memory":
        one = MemoryStore()
        return lambda: one
    url: str = request.getfixturevalue("redis_url")
    redis.Redis.from_url(url).flushall()
    return lambda: RedisStore(SharedRedis(url))


@pytest.fixture
def people(new_store: Callable[[], Store]) -> People:
    return People("sms", "sms", new_store())


def test_a_sender_is_a_hash_that_tells_nothing_of_the_phone() -> None:
    sender = People("sms", "sms", MemoryStore()).sender(PHONE)
    assert sender.startswith("sms-")
    assert len(sender) == 44
    assert PHONE.lstrip("+") not in sender
    assert sender == People("sms", "sms", MemoryStore()).sender(PHONE)


def test_the_same_phone_is_another_sender_on_another_channel_or_with_another_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sms = People("sms", "x", MemoryStore()).sender(PHONE)
    whatsapp = People("whatsapp", "x", MemoryStore()).sender(PHONE)
    monkeypatch.setenv("CARECITE_SECRET", SECRET[::-1])
    assert len({sms, whatsapp, People("sms", "x", MemoryStore()).sender(PHONE)}) == 3


def test_keys_of_different_purposes_differ() -> None:
    assert keyed_hash("one", PHONE) != keyed_hash("two", PHONE)


async def test_what_is_kept_of_a_person_comes_back(
    people: People, new_store: Callable[[], Store]
) -> None:
    person = Person(PHONE, numbers=list(CHOICES), rest=[Part("<b>a</b>", "a", CHOICES)])
    person.offer(CHOICES)
    await people.write("sms-1", person)
    assert await People("sms", "sms", new_store()).read("sms-1") == person


async def test_what_is_kept_cannot_be_read_without_the_secret(
    people: People, new_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    await people.write("sms-1", Person(PHONE, rest=[Part("Your answer", "Your answer")]))
    sealed = await new_store().get("person:sms-1")
    assert sealed
    assert PHONE.encode() not in sealed
    assert b"answer" not in sealed
    monkeypatch.setenv("CARECITE_SECRET", SECRET[::-1])
    assert await people.read("sms-1") == Person()


async def test_an_address_expires(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    await people.write("sms-1", Person(PHONE))
    monkeypatch.setattr(module, "KEPT_FOR", -1)
    assert await people.read("sms-1") == Person()


async def test_a_person_who_is_forgotten_is_unknown(people: People) -> None:
    await people.write("sms-1", Person(PHONE))
    await people.forget("sms-1")
    assert await people.read("sms-1") == Person()


async def test_forget_address_needs_no_channel() -> None:
    await People("sms", "sms", current_store()).write("sms-1", Person(PHONE))
    await forget_address("sms-1")
    assert await current_store().get("person:sms-1") is None


async def test_stop_outlives_being_forgotten(people: People) -> None:
    await people.stop("sms-1")
    await people.forget("sms-1")
    assert await people.has_stopped("sms-1")
    await people.resume("sms-1")
    assert not await people.has_stopped("sms-1")


async def test_a_delivery_is_new_once_also_for_another_server(
    people: People, new_store: Callable[[], Store]
) -> None:
    other = People("sms", "sms", new_store())
    assert not await people.is_repeated("sms-1", "M1", "hello", is_edit=False)
    assert await other.is_repeated("sms-1", "M1", "hello", is_edit=False)
    assert not await other.is_repeated("sms-2", "M1", "hello", is_edit=False)
    assert not await people.is_repeated("sms-1", "M2", "hello", is_edit=False)


async def test_an_edit_is_new_where_its_words_are(people: People) -> None:
    assert not await people.is_repeated("sms-1", "M1", "sid effects", is_edit=False)
    assert await people.is_repeated("sms-1", "M1", "sid effects", is_edit=True)
    assert not await people.is_repeated("sms-1", "M1", "side effects", is_edit=True)
    assert await people.is_repeated("sms-1", "M1", "side effects", is_edit=True)


def test_only_the_latest_buttons_are_remembered() -> None:
    person = Person()
    person.offer(tuple(Choice(str(n), f"/{n}") for n in range(MOST_OFFERED + 1)))
    assert len(person.offered) == MOST_OFFERED
    assert Choice("0", "/0").key not in person.offered


async def test_values_in_memory_expire_and_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("bot.channels.messaging.store.MOST_OF_A_KIND", 2)
    store = MemoryStore(clock=lambda: now[0])
    await store.swap("stopped:a", b"1", None)
    for name in ("a", "b", "c"):
        await store.swap(f"seen:{name}", b"1", 10)
    assert await store.get("seen:a") is None, "the oldest of its kind has to go"
    assert await store.get("seen:c") == b"1"
    now[0] = 11
    assert await store.get("seen:c") is None
    assert await store.get("stopped:a") == b"1"


async def test_values_in_redis_carry_their_expiry(redis_url: str) -> None:
    await RedisStore(SharedRedis(redis_url)).swap("seen:x", b"1", 100)
    assert 0 < redis.Redis.from_url(redis_url).ttl("carecite:seen:x") <= 100


async def test_without_redis_patients_are_answered_from_memory(
    caplog: pytest.LogCaptureFixture,
) -> None:
    people = People("sms", "sms", RedisStore(SharedRedis("redis://127.0.0.1:1/0")))
    assert not await people.is_repeated("sms-1", "M1", "hello", is_edit=False)
    assert await people.is_repeated("sms-1", "M1", "hello", is_edit=False)
    await people.write("sms-1", Person(PHONE))
    assert (await people.read("sms-1")).address == PHONE
    assert "Redis is down" in caplog.text
    assert PHONE not in caplog.text
    with pytest.raises(RedisDown):  # the patient is told that it could not be deleted
        await people.forget("sms-1")


async def test_a_redis_that_hangs_is_waited_for_within_the_time_of_a_turn(
    redis_server: RedisServer,
) -> None:
    """A message needs six calls or more; each waited for by itself, the answer came too late."""
    people = People("sms", "sms", RedisStore(SharedRedis(redis_server.url)))
    redis_server.hang()
    try:
        begun = time.monotonic()
        assert not await people.is_repeated("sms-1", "M1", "hello", is_edit=False)
        for _ in range(4):
            await people.write("sms-1", Person(PHONE))
            assert (await people.read("sms-1")).address == PHONE
            assert not await people.has_stopped("sms-1")
        assert time.monotonic() - begun < TURN_WITHIN
    finally:
        redis_server.go_on()
