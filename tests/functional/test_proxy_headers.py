"""Clients behind a proxy, in the server."""

import pytest

from support.server import ROOT
from support.websocket import connect

APP = f"""
import sys
sys.path.insert(0, {str(ROOT / "tests")!r})
from support.proxied_app import {{}} as app
"""
TOLD = ("X-Forwarded-For: 6.6.6.6, 1.2.3.4", "X-Forwarded-Proto: https")


@pytest.mark.parametrize("name, is_believed", [("app", True), ("strict", False)])
def test_a_proxy_that_is_trusted_is_believed(serve, name, is_believed):
    server = serve(APP.format(name))
    client, scheme = server.get("/seen", *TOLD).json()
    assert (client[0], scheme) == (("1.2.3.4", "https") if is_believed else ("127.0.0.1", "http"))
    assert server.get("/seen").json()[0][0] == "127.0.0.1"
    assert server.get("/native", *TOLD).json() == 1
    seen = connect(server, "/live", *TOLD).json()
    assert seen == (["1.2.3.4", "wss"] if is_believed else ["127.0.0.1", "ws"])
