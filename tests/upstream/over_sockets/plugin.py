"""A plugin of pytest: fastapi.testclient.TestClient is SocketClient; each test's report says by
which ways its requests went."""

import sys
from pathlib import Path

import pytest

from fasterapi import testclient
from over_sockets import servers
from over_sockets.client import SocketClient, reason_of_test, ways

FOLDER = Path(__file__).resolve().parents[1]
sys.path.append(str(FOLDER.parent))

from support import reasons  # noqa: E402

LIST = FOLDER / "sockets.txt"
IN_PROCESS = {
    pattern: reason.partition(": ")[2]
    for pattern, reason in reasons.read(LIST).items()
    if reason.startswith("In process: ")
}
testclient.TestClient = SocketClient  # type: ignore[misc]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item, nextitem):
    ways.clear()
    pattern = reasons.pattern_of(item.nodeid, IN_PROCESS)
    reason_of_test[:] = [] if pattern is None else [IN_PROCESS[pattern]]
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    try:
        return (yield)
    finally:
        item.user_properties.append(("ways", dict(ways)))
        if nextitem is None or nextitem.path != item.path:
            servers.stop_all()
