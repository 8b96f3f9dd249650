"""fasterapi.shared without the server; tests/functional has the same cases in it."""

import asyncio
import inspect

import pytest

from fasterapi import _local_store, _shared_local, shared
from support.shared_cases import CASES


@pytest.fixture(autouse=True)
def _empty_store():
    shared.clear()
    yield
    shared.clear()


@pytest.mark.parametrize("name", CASES)
def test_case(name):
    case = CASES[name]
    if inspect.iscoroutinefunction(case):
        asyncio.run(case())
    else:
        case()


def test_a_store_that_refuses_keeps_what_it_has():
    store = _local_store.Store(4096, refuses=True)
    stored = 0
    while store.set(f"key {stored}", stored, None, False) == 0:
        stored += 1
    assert stored > 10
    assert store.increment("key 0", 1, 0, None) == (0, 1)
    assert store.set("key 1", "abcdefgh", None, False) == 0  # no larger than before
    assert store.stats()["keys"] == stored
    assert store.stats()["evicted"] == 0


def test_lives_that_are_renewed_take_no_more_memory():
    store = _local_store.Store()
    store.set("a", 1, None, False)
    for _ in range(1000):
        store.touch("a", 100)
    assert len(store._ends) < 100


def test_a_channel_that_nobody_listens_to_is_forgotten():
    async def listen():
        for number in range(100):
            shared.subscribe(f"channel {number}").close()

    asyncio.run(listen())
    assert not [name for name in _shared_local._channels if name.startswith("channel ")]


def test_a_subscriber_whose_loop_has_ended_does_not_stop_the_others():
    kept = []

    async def leave():
        kept.append(shared.subscribe("left"))
        waiting = asyncio.ensure_future(kept[0].get())
        await asyncio.sleep(0)
        kept.append(waiting)

    loop = asyncio.new_event_loop()
    loop.run_until_complete(leave())
    loop.close()
    assert shared.publish("left", 1) == 1
    kept[0].close()
