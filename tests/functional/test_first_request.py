"""The first request after a long silence: no timeout counts from before it."""

import subprocess

import pytest

from support.wire import request


def test_a_connection_after_a_long_silence_has_all_its_time(serve):
    server = serve(config={"timeouts": {"header": 0.4}})
    with pytest.raises(subprocess.TimeoutExpired):
        server.process.wait(1)  # longer than a head may take, without a connection
    with server.connect() as wire:
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(0.25)  # the connections' deadlines are looked at meanwhile
        wire.send(request("GET", "/health"))
        assert wire.read().status == 200
