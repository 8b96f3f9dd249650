"""request.client: the other end of the connection."""

from support.wire import request

APP = """
from fasterapi import App, Request

app = App()
kept = []

@app.get("/client")
def client(request: Request):
    return request.client

@app.get("/host")
async def host(request: Request):
    return [request.client.host, request.client.port]

@app.get("/keep")
def keep(request: Request):
    kept.append(request)

@app.get("/kept")
def show_kept():
    return kept[0].client
"""


def test_it_is_address_and_port(serve):
    server = serve(APP)
    with server.connect() as wire:
        own = list(wire.socket.getsockname())
        assert wire.get("/client").json() == own
        assert wire.get("/host").json() == own
    with server.connect() as other:
        assert other.get("/client").json() == list(other.socket.getsockname())


def test_it_stays_with_a_request_that_is_kept(serve):
    server = serve(APP)
    with server.connect() as wire:
        own = list(wire.socket.getsockname())
        assert wire.get("/keep").status == 200
    assert server.get("/kept").json() == own


def test_pipelined_requests_have_it_too(serve):
    server = serve(APP)
    with server.connect() as wire:
        wire.send(request("GET", "/client") * 3)
        assert [wire.read().json() for _ in range(3)] == [list(wire.socket.getsockname())] * 3


def test_a_unix_socket_has_none(serve):
    server = serve(APP, is_unix=True)
    assert server.get("/client").json() is None
