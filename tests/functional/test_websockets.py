"""WebSockets of the real binary."""

import socket
import struct

import pytest

from support.server import ROOT, wait_until
from support.websocket import BINARY, CLOSE, FIN, PING, PONG, TEXT, close_payload, connect, frame
from support.wire import request

APP = ROOT / "tests" / "support" / "websocket_app.py"


@pytest.fixture(scope="module", params=["auto", "ring", "inline"])
def server(request, serve_once):
    return serve_once(APP, config={"dispatch": request.param})


def ends(server):
    return wait_until(lambda: server.get("/ends").json(), "the handler to end")


def test_text_and_bytes_come_back(server):
    ws = connect(server)
    for text in ("", "hello", "καλημέρα", "x" * 70_000):
        assert ws.send_text(text).message() == text
    for data in (b"", bytes(range(256)), bytes(200_000)):
        assert ws.send_bytes(data).message() == data
    ws.close(1000, "enough")
    assert ws.closed()[0] == 1000
    assert ws.wire.is_ended()
    assert ends(server) == [[1000, "enough"]]


def test_many_messages_keep_their_order(server):
    ws = connect(server)
    for number in range(1000):
        ws.send_text(str(number))
    assert [ws.message() for _ in range(1000)] == [str(number) for number in range(1000)]
    ws.wire.close()
    ends(server)


def test_iterators_end_with_the_connection(server):
    ws = connect(server, "/iterate/text")
    assert ws.send_text("abc").message() == "ABC"
    assert ws.ends()
    ws = connect(server, "/iterate/bytes")
    assert ws.send_bytes(b"abc").message() == b"cba"
    assert ws.ends()
    ws = connect(server, "/iterate/json")
    assert ws.send_text('{"a": [1]}').json() == {"got": {"a": [1]}}
    assert ws.ends()
    seen = []
    wait_until(lambda: seen.extend(server.get("/ends").json()) or len(seen) == 3, "all ends")
    assert sorted(seen) == ["bytes", "json", "text"]


def test_a_subprotocol_and_headers_are_chosen(server):
    ws = connect(server, "/chosen", "Sec-WebSocket-Protocol: chat, superchat")
    assert ws.reply.headers["sec-websocket-protocol"] == "superchat"
    assert ws.reply.headers["x-first"] == "1"
    assert ws.json() == ["chat", "superchat"]
    assert ws.closed() == (4321, "as said")
    assert ws.send(CLOSE, close_payload(4321)).wire.is_ended()
    assert ends(server) == [4321]
    plain = connect(server, "/chosen")
    assert "sec-websocket-protocol" not in plain.reply.headers
    assert plain.json() == []
    plain.wire.close()
    ends(server)


def test_parameters_and_dependencies(server):
    ws = connect(server, "/rooms/den/5?token=t&q=7", "Cookie: session=abc", "User-Agent: me")
    assert ws.json() == ["den", 5, "t", 7, "abc", "me"]
    assert ws.closed() == (1000, "")


def test_a_dependency_takes_either_kind_of_connection(server):
    assert server.get("/place", "X-Name: n").json() == ["/place", "chats", "n"]
    assert connect(server, "/place", "X-Name: n").json() == ["/place", "chats", "n"]


@pytest.mark.parametrize(
    "target",
    [
        "/rooms/den/five?token=t",
        "/rooms/den/5",
        "/rooms/den/5?token=bad",
        "/refused/close",
        "/",
        "/nowhere",
    ],
)
def test_refusals_are_403(server, target):
    with server.connect() as wire:
        reply = wire.get(target, *fields())
        assert reply.status == 403
        assert wire.get("/ends").status == 200


def fields(**changed):
    """Of a handshake, with some of them changed, None for left out."""
    normal = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    }
    normal.update({name.replace("_", "-"): value for name, value in changed.items()})
    return [f"{name}: {value}" for name, value in normal.items() if value is not None]


def test_other_refusals_are_answers_of_http(server):
    with server.connect() as wire:
        reply = wire.get("/refused/http", *fields())
        assert (reply.status, reply.json()) == (401, {"detail": "who are you"})
        assert reply.headers["www-authenticate"] == "Basic"
        assert wire.get("/refused/raise", *fields()).status == 500
        assert wire.get("/refused/forgotten", *fields()).status == 500
    server.wait_log("ValueError: before it was accepted")
    server.wait_log("/refused/forgotten: its handler ended without accepting or refusing it")


@pytest.mark.parametrize(
    "changed, status",
    [
        ({"Sec_WebSocket_Version": "8"}, 426),
        ({"Sec_WebSocket_Version": None}, 400),
        ({"Sec_WebSocket_Key": None}, 400),
        ({"Sec_WebSocket_Key": "short"}, 400),
        ({"Sec_WebSocket_Protocol": "a, a"}, 400),
        ({"Sec_WebSocket_Protocol": "a b"}, 400),
        ({"Sec_WebSocket_Extensions": "permessage-deflate; ="}, 400),
        ({"Content_Length": "5"}, 400),
        ({"Upgrade": "h2c"}, 404),
        ({"Connection": "keep-alive"}, 404),
        ({"Upgrade": None}, 404),
    ],
)
def test_invalid_handshakes_are_refused(server, changed, status):
    reply = server.get("/ws", *fields(**changed))
    assert reply.status == status
    if status == 426:
        assert reply.headers["sec-websocket-version"] == "13"
        assert reply.headers["upgrade"] == "websocket"
        assert reply.headers["connection"] == "close, upgrade"


def test_a_post_is_no_handshake(server):
    assert server.request("POST", "/ws", *fields()).status == 404


def test_the_codes_of_ends(server):
    assert connect(server, "/returns").closed() == (1000, "")
    assert connect(server, "/violates").closed() == (1008, "not here")
    assert connect(server, "/special").closed() == (4999, "handled")
    assert connect(server, "/fails").closed() == (1011, "")
    server.wait_log("/fails failed\n(.|\n)*ValueError: after it was accepted")


def test_a_disconnect_has_the_clients_code(server):
    connect(server, "/left").close(4001, "bored").closed()
    assert ends(server) == [[4001, "bored"]]
    connect(server, "/left").close(None).closed()
    assert ends(server) == [[1005, ""]]
    gone = connect(server, "/left").wire.socket
    gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    gone.close()
    assert ends(server) == [[1006, ""]]
    assert "WebSocketDisconnect" not in server.log


def test_pings_are_answered(server):
    ws = connect(server)
    ws.send(PING, b"are you there")
    assert ws.frame() == (FIN | PONG, b"are you there")
    ws.wire.close()
    ends(server)


def test_tasks_beside_the_handler_send_and_time_out(server):
    ws = connect(server, "/two").send_text("echo")
    assert sorted(ws.message() for _ in range(4)) == ["echo", "tick 0", "tick 1", "tick 2"]
    assert ws.closed() == (1000, "")
    ws = connect(server, "/timeout")
    assert ws.message() == "too slow"
    assert ws.send_text("at last").message() == "at last"


def test_dependencies_end_with_the_connection(server):
    ws = connect(server, "/router/resource")
    assert ws.message() == "it"
    assert ends(server) == ["entered"]
    ws.close().closed()
    assert ends(server) == ["left"]


def test_mounted_applications(server):
    ws = connect(server, "/asgi/a/b")
    assert ws.message() == "/asgi /asgi/a/b"
    assert ws.send_text("x").message() == b"x"
    ws = connect(server, "/inner/deep/3")
    assert ws.json() == [3, "/inner", "/inner/deep/3"]


def test_a_client_that_does_not_read_holds_up_the_handler(server):
    ws = connect(server, "/pushes")
    counts = []

    def has_stopped():
        counts.append(server.get("/ends").json())
        return len(counts) > 3 and counts[-1] == [] and counts[-2] == []

    wait_until(has_stopped, "the handler to wait")
    sent = max((c[0] for c in counts if c), default=0)
    assert sent < 200  # of 100 kB: what sockets and buffers hold
    for _ in range(sent + 5):
        assert len(ws.message()) == 100_000
    ws.wire.close()
    wait_until(lambda: 1006 in server.get("/ends").json(), "the handler to end")


def test_compression_is_agreed_on(server):
    ws = connect(server, "/ws", "Sec-WebSocket-Extensions: permessage-deflate")
    assert ws.reply.headers["sec-websocket-extensions"].startswith("permessage-deflate")
    text = "compress me " * 1000
    ws.send_text(text)
    got = ws.frame()
    assert got.first & 0x40
    assert len(got.payload) < len(text) / 20
    ws.wire.close()
    ends(server)


def test_limits_come_from_the_configuration(serve):
    limits = {
        "max_message_bytes": 1000,
        "compression": False,
        "handshake_timeout": 0.3,
        "ping_interval": 0.2,
        "ping_timeout": 0.3,
        "close_timeout": 0.3,
    }
    server = serve(APP, config={"websocket": limits})
    ws = connect(server, "/ws", "Sec-WebSocket-Extensions: permessage-deflate")
    assert "sec-websocket-extensions" not in ws.reply.headers
    ws.wire.send(frame(FIN | BINARY, bytes(1001)))
    assert ws.closed()[0] == 1009
    assert ends(server) == [[1009, ""]]
    silent = connect(server)
    assert silent.frame() == (FIN | PING, b"")
    assert silent.wire.is_ended()
    assert ends(server) == [[1006, ""]]
    stubborn = connect(server, "/returns")
    assert stubborn.closed()[0] == 1000
    assert stubborn.wire.is_ended()
    assert server.get("/refused/late", *fields()).status == 504


def test_a_drain_closes_with_1012(serve):
    server = serve(APP)
    ws = connect(server, "/left")
    server.signal()
    assert ws.closed() == (1012, "")
    ws.close(1012)
    assert ws.wire.is_ended()
    assert server.wait(8) == 0  # not after close_timeout, though the client keeps its side open


def test_a_handshake_during_a_drain_is_503(serve):
    server = serve(APP)
    ws = connect(server, "/left")  # so that the server is there
    late = server.connect()
    start, end = request("GET", "/ws", *fields()).split(b"Sec-", 1)
    assert late.get("/ends").status == 200
    late.send(start)
    server.signal()
    assert ws.closed() == (1012, "")
    late.send(b"Sec-" + end)
    reply = late.read()
    assert (reply.status, reply.headers["connection"]) == (503, "close")
    ws.close(1012)
    server.stop()


def test_a_drain_does_not_wait_for_a_client_that_stays(serve):
    server = serve(APP, config={"websocket": {"close_timeout": 0.3}})
    ws = connect(server)
    server.signal()
    assert ws.closed() == (1012, "")
    server.stop()


SLEEPERS = """
import asyncio
from fasterapi import App, WebSocket

app = App()

@app.websocket("/accepts/{number}")
async def sleep(websocket: WebSocket, number: int):
    if number:
        await websocket.accept()
    try:
        await asyncio.Event().wait()
    finally:
        print("told to end")
"""


def test_what_outlasts_a_drain_is_cut_off(serve):
    server = serve(SLEEPERS, config={"timeouts": {"drain": "500ms"}})
    undecided = server.connect()
    undecided.send(request("GET", "/accepts/0", *fields()))
    ws = connect(server, "/accepts/1")
    server.signal()
    reply = undecided.read()
    assert (reply.status, reply.headers["connection"]) == (503, "close")
    assert ws.closed() == (1012, "")
    assert ws.wire.is_ended()
    assert server.wait(8) == 5
    assert server.log.count("told to end") == 2


def test_two_workers_share_the_connections(serve):
    server = serve(APP, config={"workers": 2, "io_threads": 2})
    sockets = [connect(server) for _ in range(20)]
    for number, ws in enumerate(sockets):
        ws.send(TEXT, str(number).encode())
    assert [ws.message() for ws in sockets] == [str(number) for number in range(20)]


def test_the_path_that_a_proxy_took_away_is_in_the_scope(serve):
    app = """
from fasterapi import App, WebSocket

app = App(root_path="/api")
inner = App()
app.mount("/sub", inner)

@app.websocket("/ws")
@inner.websocket("/ws")
async def place(websocket: WebSocket):
    await websocket.accept()
    scope = websocket.scope
    await websocket.send_json([scope["root_path"], scope["path"], websocket.url.path])
"""
    server = serve(app)
    assert connect(server, "/ws").json() == ["/api", "/api/ws", "/api/ws"]
    assert connect(server, "/sub/ws").json() == ["/api/sub", "/api/sub/ws", "/api/sub/ws"]
