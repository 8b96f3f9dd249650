"""ExecutorConfig, PythonExecutor and Reactor outside the server."""

import pytest

from fasterapi.core import executor, reactor
from fasterapi.core.executor import ExecutorConfig, PythonExecutor
from fasterapi.core.reactor import Reactor


@pytest.fixture(autouse=True)
def unread(monkeypatch):
    for module in (executor, reactor):
        monkeypatch.setattr(module, "_is_read", False)
    monkeypatch.setattr(executor, "_config", None)
    monkeypatch.setattr(reactor, "_num_threads", None)


def test_the_sample_as_written():
    config = ExecutorConfig()
    config.use_subinterpreters = True
    config.num_workers = 8
    PythonExecutor.initialize(config)
    assert executor._requested() == {
        "num_workers": 8,
        "use_subinterpreters": True,
        "queue_capacity": None,
    }


def test_nothing_asked_for():
    assert executor._requested() is None
    assert reactor._requested() is None


def test_a_typo_names_the_nearest():
    config = ExecutorConfig()
    with pytest.raises(AttributeError, match="did you mean 'num_workers'"):
        config.num_worker = 8
    with pytest.raises(AttributeError, match="did you mean 'use_subinterpreters'"):
        _ = config.use_sub_interpreters
    with pytest.raises(AttributeError, match="there are num_workers, "):
        config.xyz = 1


@pytest.mark.parametrize(
    "name, value",
    [
        ("num_workers", 0),
        ("num_workers", "8"),
        ("num_workers", True),
        ("num_workers", 257),
        ("queue_capacity", -1),
        ("queue_capacity", 1 << 28),
        ("use_subinterpreters", 1),
    ],
)
def test_values_are_checked(name, value):
    with pytest.raises(ValueError, match=name):
        ExecutorConfig(**{name: value})


def test_stats_and_shutdown_outside_the_server():
    PythonExecutor.initialize(ExecutorConfig(queue_capacity=5))
    assert not PythonExecutor.stats().is_running
    PythonExecutor.shutdown()
    assert executor._requested() is None
    Reactor.initialize(2)
    assert Reactor.stats() == (False, 0)
    assert reactor._requested() == {"num_threads": 2}


def test_initialize_after_the_start_is_an_error():
    executor._requested()
    reactor._requested()
    with pytest.raises(RuntimeError, match="module is imported"):
        PythonExecutor.initialize(ExecutorConfig())
    with pytest.raises(RuntimeError, match="module is imported"):
        Reactor.initialize(1)


def test_initialize_takes_a_config():
    with pytest.raises(TypeError, match="ExecutorConfig"):
        PythonExecutor.initialize({"num_workers": 1})  # type: ignore[arg-type]
    for count in (-1, 257):
        with pytest.raises(ValueError, match="num_threads"):
            Reactor.initialize(count)
