"""Figures of an app's own."""

import pytest

from fasterapi import metrics


@pytest.fixture(autouse=True)
def _no_figures():
    metrics.reset()
    yield
    metrics.reset()


def test_percentiles_are_right_to_ten_percent():
    for n in range(1, 1001):
        metrics.record_latency(n / 1000)
    for percent in (1, 50, 95, 99, 100):
        assert metrics.percentile(percent) == pytest.approx(percent / 100, rel=0.1)
    assert metrics.latency().count == 1000
    assert metrics.latency().mean == pytest.approx(0.5005)


def test_names_are_apart_and_empty_ones_are_zero():
    metrics.record_latency(1.0, "db")
    assert metrics.percentile(50) == 0.0
    assert metrics.latency().mean == 0.0
    assert metrics.percentile(50, "db") == pytest.approx(1.0, rel=0.1)


def test_very_short_and_impossible_durations():
    metrics.record_latency(0.0)
    metrics.record_latency(-1.0)
    assert 0 <= metrics.percentile(100) <= 1e-6


def test_counters():
    assert metrics.increment("hits") == 1
    assert metrics.increment("hits", 2.5) == 3.5
    assert metrics.counter("hits") == 3.5
    assert metrics.counter("none") == 0
