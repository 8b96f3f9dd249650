"""What fasterapi.shared does, in the server and without it: each case raises where it does not."""

import asyncio
import datetime
import decimal
import gc
import math
import time
from typing import Any, Callable, Dict

from fasterapi import shared


def raises(error: type, call: Callable[[], Any], text: str = "") -> None:
    try:
        call()
    except error as raised:
        assert text in str(raised), raised
    else:
        raise AssertionError(f"no {error.__name__}")


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def values_come_back_as_they_were() -> None:
    for value in (
        b"",
        b"\x00\xff",
        "",
        "gr\u00fc\u00df\U0001f600",
        0,
        -(2**63),
        2**63 - 1,
        2**63,
        -(2**70),
        True,
        False,
        1.5,
        {"a": [1, None, {"b": "c"}]},
        [],
    ):
        shared.set("value", value)
        got = shared.get("value")
        assert type(got) is type(value) and got == value, (value, got)


def json_is_a_copy() -> None:
    shared.set("list", (1, [2]))
    first = shared.get("list")
    first[1].append(3)
    assert shared.get("list") == [1, [2]]
    shared.set("bytes", bytearray(b"ab"))
    assert shared.get("bytes") == b"ab"


def what_is_no_value_is_refused() -> None:
    raises(TypeError, lambda: shared.set("a", None), "None is no value")
    raises(TypeError, lambda: shared.set("a", object()))
    raises(ValueError, lambda: shared.set("a", float("nan")))
    raises(ValueError, lambda: shared.set("a", "\ud800"))
    raises(TypeError, lambda: shared.set(b"a", 1))  # type: ignore[arg-type]
    raises(TypeError, lambda: shared.get(1))  # type: ignore[arg-type]
    raises(ValueError, lambda: shared.set("a", 1, ttl=0))
    raises(ValueError, lambda: shared.set("a", 1, ttl=-1))
    raises(ValueError, lambda: shared.set("a", 1, ttl=math.nan))
    assert shared.get("a") is None


def numbers_are_numbers() -> None:
    raises(TypeError, lambda: shared.set("a", 1, ttl="5"))  # type: ignore[arg-type]
    raises(TypeError, lambda: shared.set("a", 1, ttl=datetime.timedelta(seconds=5)))  # type: ignore[arg-type]
    raises(TypeError, lambda: shared.incr("a", 1.5))  # type: ignore[arg-type]
    raises(TypeError, lambda: shared.incr("a", "1"))  # type: ignore[arg-type]
    raises(TypeError, lambda: shared.incr("a", initial=0.5))  # type: ignore[arg-type]
    raises(TypeError, lambda: shared.subscribe("a", limit=1.5))  # type: ignore[arg-type]
    raises(BufferError, lambda: shared.set("a", memoryview(b"abcdef")[::2]))
    assert shared.get("a") is None
    shared.set("a", 1, ttl=decimal.Decimal("5"))  # type: ignore[arg-type]
    assert 4 < (shared.ttl("a") or 0) <= 5
    shared.set("a", 1, ttl=math.inf)
    assert shared.ttl("a") == math.inf
    shared.subscribe("a", limit=10**30).close()


def get_has_a_default() -> None:
    assert shared.get("none") is None
    assert shared.get("none", 7) == 7
    shared.set("zero", 0)
    assert shared.get("zero", 7) == 0


def add_and_delete() -> None:
    assert shared.add("added", 1)
    assert not shared.add("added", 2)
    assert shared.get("added") == 1
    assert shared.delete("added")
    assert not shared.delete("added")
    assert shared.add("added", 3)


def compare_and_set_by_value() -> None:
    assert not shared.compare_and_set("cas", 1, 2)
    assert shared.compare_and_set("cas", None, {"n": 1})
    assert not shared.compare_and_set("cas", None, 2)
    seen = shared.get("cas")
    assert not shared.compare_and_set("cas", '{"n":1}', 2)
    assert shared.compare_and_set("cas", seen, 2)
    assert not shared.compare_and_set("cas", True, 3)
    assert shared.compare_and_set("cas", 2, 3)
    assert shared.get("cas") == 3


def integers_count() -> None:
    assert shared.incr("count") == 1
    assert shared.incr("count", 5) == 6
    assert shared.decr("count", 10) == -4
    assert shared.incr("from", 1, initial=10) == 11
    assert shared.get("count") == -4
    shared.set("text", "1")
    raises(TypeError, lambda: shared.incr("text"), "no integer")
    shared.set("true", True)
    raises(TypeError, lambda: shared.incr("true"), "no integer")
    shared.set("most", 2**63 - 1)
    raises(OverflowError, lambda: shared.incr("most"))
    raises(OverflowError, lambda: shared.incr("most", 2**64))
    assert shared.get("most") == 2**63 - 1


def keys_end() -> None:
    shared.set("short", 1, ttl=0.01)
    shared.set("long", 1, ttl=1000)
    shared.set("endless", 1)
    assert 990 < (shared.ttl("long") or 0) <= 1000
    assert shared.ttl("endless") == math.inf
    wait_until(lambda: shared.get("short") is None)
    assert shared.ttl("short") is None
    assert not shared.touch("short", 5)
    assert shared.add("short", 2)
    assert shared.touch("long", None)
    assert shared.ttl("long") == math.inf
    assert shared.touch("endless", 0.01)
    wait_until(lambda: shared.get("endless") is None)


def a_window_counts_from_its_first() -> None:
    assert shared.incr("window", ttl=1000) == 1
    assert shared.touch("window", 0.01)
    shared.incr("window", ttl=1000)
    wait_until(lambda: shared.get("window") is None)
    assert shared.incr("window", ttl=1000) == 1
    shared.set("window", 5)
    assert shared.ttl("window") == math.inf


def what_was_used_longest_ago_makes_way() -> None:
    most = shared.stats()["max_bytes"]
    piece = b"x" * (most // 16)
    shared.set("used", 1)
    for number in range(40):
        shared.set(f"piece {number}", piece)
        assert shared.get("used") == 1
        assert shared.stats()["bytes"] <= most
    assert shared.get("piece 0") is None
    assert shared.get("piece 39") == piece
    assert shared.stats()["evicted"] > 0
    raises(shared.StoreFull, lambda: shared.set("huge", b"x" * (most + 1)), "shared.max_bytes")
    assert shared.stats()["refused"] > 0
    shared.clear()
    assert shared.stats()["keys"] == shared.stats()["bytes"] == 0


async def messages_reach_all_subscribers_in_order() -> None:
    one = shared.subscribe("room")
    two = shared.subscribe("room")
    other = shared.subscribe("other")
    for message in (1, "two", b"three", {"four": 4}):
        assert shared.publish("room", message) == 2
    for each in (one, two):
        got = [await each.get() for _ in range(4)]
        assert got == [1, "two", b"three", {"four": 4}]
    assert shared.publish("other", "x") == 1
    assert await other.get() == "x"
    for each in (one, two, other):
        each.close()
    assert shared.publish("room", 1) == 0


async def a_waiting_subscriber_wakes() -> None:
    with shared.subscribe("wake") as messages:
        for number in range(50):
            waiting = asyncio.ensure_future(messages.get())
            await asyncio.sleep(0)
            assert not waiting.done()
            await asyncio.to_thread(shared.publish, "wake", number)
            assert await asyncio.wait_for(waiting, 20) == number


async def the_loop_over_messages_ends_when_it_is_closed() -> None:
    got = []
    messages = shared.subscribe("loop")

    async def read() -> None:
        async for message in messages:
            got.append(message)

    reading = asyncio.ensure_future(read())
    await asyncio.sleep(0)
    shared.publish("loop", 1)
    while not got:
        await asyncio.sleep(0)
    messages.close()
    await asyncio.wait_for(reading, 20)
    assert got == [1]
    assert shared.publish("loop", 2) == 0
    try:
        await messages.get()
    except EOFError:
        return
    raise AssertionError


async def a_subscriber_that_is_cancelled_is_gone() -> None:
    async def read() -> None:
        async for _ in shared.subscribe("cancelled"):
            pass

    tasks = [asyncio.ensure_future(read()) for _ in range(20)]
    await asyncio.sleep(0)
    assert shared.publish("cancelled", 1) == 20
    await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert shared.publish("cancelled", 2) == 0  # at once, though the tasks are still there


async def a_subscriber_that_nothing_refers_to_is_gone() -> None:
    messages = [shared.subscribe("forgotten") for _ in range(3)]
    assert shared.publish("forgotten", 1) == 3
    messages.clear()
    gc.collect()  # where references are not counted
    assert shared.publish("forgotten", 2) == 0


async def a_wait_that_times_out_loses_nothing() -> None:
    messages = shared.subscribe("timeout")
    try:
        await asyncio.wait_for(messages.get(), 0.01)
        raise AssertionError
    except asyncio.TimeoutError:
        pass
    shared.publish("timeout", 1)
    assert await asyncio.wait_for(messages.get(), 20) == 1


async def a_slow_subscriber_loses_the_oldest() -> None:
    messages = shared.subscribe("slow", limit=3)
    for number in range(10):
        shared.publish("slow", number)
    assert messages.dropped == 7
    assert [await messages.get() for _ in range(3)] == [7, 8, 9]


async def a_slow_subscriber_may_ask_for_an_error() -> None:
    messages = shared.subscribe("strict", limit=3, overflow="error")
    for number in range(3):
        shared.publish("strict", number)
    assert await messages.get() == 0
    shared.publish("strict", 3)
    assert await messages.get() == 1
    for number in range(4):
        shared.publish("strict", number)
    try:
        await messages.get()
    except shared.SubscriberTooSlow:
        assert shared.publish("strict", 1) == 0
    else:
        raise AssertionError


def wrong_arguments_of_a_subscription() -> None:
    raises(ValueError, lambda: shared.subscribe("a", limit=0))
    raises(ValueError, lambda: shared.subscribe("a", overflow="never"))
    raises(TypeError, lambda: shared.publish("a", None))
    raises(TypeError, lambda: shared.publish(b"a", 1))  # type: ignore[arg-type]


async def threads_publish_to_a_task() -> None:
    messages = shared.subscribe("threads", limit=4000)

    def publish(thread: int) -> None:
        for number in range(500):
            shared.publish("threads", [thread, number])

    publishing = asyncio.gather(*(asyncio.to_thread(publish, thread) for thread in range(4)))
    last = [-1] * 4
    for _ in range(2000):
        thread, number = await asyncio.wait_for(messages.get(), 20)
        assert number == last[thread] + 1
        last[thread] = number
    await publishing
    assert last == [499] * 4


CASES: Dict[str, Callable[[], Any]] = {
    case.__name__: case
    for case in (
        values_come_back_as_they_were,
        json_is_a_copy,
        what_is_no_value_is_refused,
        numbers_are_numbers,
        get_has_a_default,
        add_and_delete,
        compare_and_set_by_value,
        integers_count,
        keys_end,
        a_window_counts_from_its_first,
        what_was_used_longest_ago_makes_way,
        messages_reach_all_subscribers_in_order,
        a_waiting_subscriber_wakes,
        the_loop_over_messages_ends_when_it_is_closed,
        a_subscriber_that_is_cancelled_is_gone,
        a_subscriber_that_nothing_refers_to_is_gone,
        a_wait_that_times_out_loses_nothing,
        a_slow_subscriber_loses_the_oldest,
        a_slow_subscriber_may_ask_for_an_error,
        wrong_arguments_of_a_subscription,
        threads_publish_to_a_task,
    )
}
