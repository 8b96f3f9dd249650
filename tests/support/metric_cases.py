"""What fasterapi.metrics does, in the server and without it: each case raises where it does not."""

import asyncio
import decimal
from typing import Any, Callable, Dict

from fasterapi import metrics


def raises(error: type, call: Callable[[], Any], text: str = "") -> None:
    try:
        call()
    except error as raised:
        assert text in str(raised), raised
    else:
        raise AssertionError(f"no {error.__name__}")


def close(value: float, wanted: float, share: float = 0.1) -> None:
    assert abs(value - wanted) <= share * wanted, (value, wanted)


def a_counter_grows() -> None:
    hits = metrics.counter("case_hits")
    assert hits.value == 0
    hits.inc()
    hits.inc(2.5)
    assert hits.value == metrics.counter("case_hits_total").value == 3.5
    raises(ValueError, lambda: hits.inc(-1), "only grows")


def labels_are_apart_in_order_or_by_name() -> None:
    orders = metrics.counter("case_orders", "Orders.", labels=("shop", "kind"))
    orders.labels("a", 1).inc()
    orders.labels(kind="1", shop="a").inc()
    orders.labels("b", 1).inc(5)
    assert orders.labels("a", "1").value == 2
    assert orders.labels("b", "1").value == 5
    raises(ValueError, orders.inc, "use .labels")
    raises(ValueError, lambda: orders.labels("a"))
    raises(ValueError, lambda: orders.labels(shop="a"))
    raises(ValueError, lambda: orders.labels("a", kind="b"))
    raises(ValueError, lambda: orders.labels("a", "b").labels("c", "d"))
    raises(ValueError, lambda: metrics.counter("case_hits_more").labels("a"))


def a_gauge_goes_up_and_down() -> None:
    rooms = metrics.gauge("case_rooms", "Rooms.")
    rooms.set(5)
    rooms.inc()
    rooms.dec(2.5)
    assert rooms.value == 3.5


def a_histogram_counts_by_size() -> None:
    sizes = metrics.histogram("case_sizes", "Sizes.", buckets=(1, 2, 4, float("inf")))
    assert sizes.count == sizes.sum == sizes.mean == sizes.percentile(0.5) == 0
    for value in (0.5, 1, 1.5, 3):
        sizes.observe(value)
    assert sizes.count == 4
    assert sizes.sum == 6
    assert sizes.mean == 1.5
    assert sizes.percentile(0.5) == 1
    assert sizes.percentile(0.75) == 2
    assert sizes.percentile(1) == 4
    sizes.observe(100)
    assert sizes.percentile(1) == 4
    raises(ValueError, lambda: sizes.percentile(99), "0.99")


def time_is_observed() -> None:
    seconds = metrics.histogram("case_seconds")
    with seconds.time():
        pass

    @seconds.time()
    def work() -> int:
        return 7

    assert work() == work() == 7
    assert seconds.count == 3
    assert 0 < seconds.sum < 5


async def time_of_an_async_function_is_that_until_it_returned() -> None:
    seconds = metrics.histogram("case_async_seconds")

    @seconds.time()
    async def work() -> int:
        await asyncio.sleep(0.02)
        return 7

    assert await asyncio.gather(work(), work()) == [7, 7]
    assert seconds.count == 2
    assert seconds.sum >= 0.03


def figures_are_numbers() -> None:
    level = metrics.gauge("case_level")
    level.set(True)
    level.inc(decimal.Decimal("0.5"))  # type: ignore[arg-type]
    assert level.value == 1.5
    raises(TypeError, lambda: level.set("2"))  # type: ignore[arg-type]
    raises(TypeError, lambda: level.inc(None))  # type: ignore[arg-type]
    raises(TypeError, lambda: metrics.histogram("case_h").observe("2"))  # type: ignore[arg-type]
    raises(UnicodeError, lambda: metrics.counter("case_c", labels=("a",)).labels("\ud800"))
    assert level.value == 1.5


def names_on_the_page_are_one_metric_s() -> None:
    metrics.histogram("case_taken")
    raises(ValueError, lambda: metrics.gauge("case_taken_count"), "case_taken has case_taken_count")
    raises(ValueError, lambda: metrics.gauge("case_taken_bucket"), "on the page")
    metrics.gauge("case_first_sum")
    raises(ValueError, lambda: metrics.histogram("case_first"), "on the page")
    metrics.histogram("case_taken")


def percentiles_of_latencies_are_right_to_a_tenth() -> None:
    for n in range(1, 1001):
        metrics.record_latency(n / 1000, "case")
    for share in (0.05, 0.5, 0.95, 0.99, 1):
        close(metrics.percentile("case", share), share)
    assert metrics.latency("case").count == 1000
    close(metrics.latency("case").mean, 0.5005, 1e-9)
    assert metrics.percentile("another", 0.5) == 0


def very_short_and_very_long_latencies() -> None:
    for seconds in (0.0, -1.0, 1e-9):
        metrics.record_latency(seconds, "short")
    assert 0 <= metrics.percentile("short", 1) <= 1e-6
    metrics.record_latency(1e6, "long")
    assert metrics.percentile("long", 0.5) == 100


def wrong_names_are_refused() -> None:
    for name in ("", "1a", "a-b", "fasterapi_x", "process_x", "a b"):
        raises(ValueError, lambda name=name: metrics.gauge(name))  # type: ignore[misc]
    for label in ("", "1a", "le", "__a", "a-b"):
        raises(ValueError, lambda label=label: metrics.gauge("g", labels=(label,)))  # type: ignore[misc]
    raises(ValueError, lambda: metrics.gauge("g", labels=("a", "a")))
    raises(ValueError, lambda: metrics.histogram("h", buckets=()))
    raises(ValueError, lambda: metrics.histogram("h", buckets=(2, 1)))
    raises(ValueError, lambda: metrics.histogram("h", buckets=(float("nan"),)))
    raises(ValueError, lambda: metrics.histogram("h", buckets=(float("-inf"), 1)))
    raises(ValueError, lambda: metrics.gauge("g", "nul\0"))


def one_name_is_one_metric() -> None:
    metrics.gauge("case_same", "help", labels=("a",))
    metrics.gauge("case_same", "help", labels=("a",)).labels("x").set(1)
    metrics.counter("case_kind_total")
    raises(ValueError, lambda: metrics.gauge("case_kind_total"), "already")
    metrics.counter("case_help", "one").inc()
    raises(ValueError, lambda: metrics.counter("case_help", "other"), "already")


def label_sets_beyond_the_limit_are_dropped() -> None:
    users = metrics.counter("case_users", labels=("user",))
    for user in range(1200):
        users.labels(user).inc()
    assert users.labels(999).value == 1
    assert users.labels(1199).value == 0
    assert len(users._made) == 1000


async def tasks_count_together() -> None:
    done = metrics.counter("case_tasks")

    async def work() -> None:
        for _ in range(100):
            done.inc()
            await asyncio.sleep(0)

    await asyncio.gather(*(work() for _ in range(10)))
    assert done.value == 1000


CASES: Dict[str, Callable[[], Any]] = {
    case.__name__: case
    for case in (
        a_counter_grows,
        labels_are_apart_in_order_or_by_name,
        a_gauge_goes_up_and_down,
        a_histogram_counts_by_size,
        time_is_observed,
        time_of_an_async_function_is_that_until_it_returned,
        figures_are_numbers,
        names_on_the_page_are_one_metric_s,
        percentiles_of_latencies_are_right_to_a_tenth,
        very_short_and_very_long_latencies,
        wrong_names_are_refused,
        one_name_is_one_metric,
        label_sets_beyond_the_limit_are_dropped,
        tasks_count_together,
    )
}
