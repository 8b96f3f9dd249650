"""Figures of an app's own, without the server; tests/functional has the same cases in it."""

import asyncio
import inspect

import pytest

from fasterapi import metrics
from support.metric_cases import CASES


@pytest.fixture(autouse=True)
def _no_figures():
    metrics.reset()
    yield
    metrics.reset()


@pytest.mark.parametrize("name", CASES)
def test_case(name):
    case = CASES[name]
    if inspect.iscoroutinefunction(case):
        asyncio.run(case())
    else:
        case()


def test_a_latency_without_a_name_outside_of_middleware():
    metrics.record_latency(0.5)
    assert metrics.latency("request").count == metrics.latency().count == 1


def test_too_many_label_sets_are_logged_once(caplog):
    users = metrics.counter("users", labels=("user",))
    for user in range(1005):
        users.labels(user).inc()
    assert len(caplog.records) == 1
    assert "users_total has 1000 label sets" in caplog.text
