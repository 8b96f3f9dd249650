"""Workers are interpreters of their own, and run beside each other."""

import os

from support.wire import request

APP = """
import os, sys, threading
from fasterapi import App
import _fasterapi

app = App()
calls = []

@app.get("/count")
def count():
    calls.append(1)
    return [_fasterapi.worker_id(), len(calls), id(sys.modules)]

@app.get("/meet/{name}")
def meet(name: str):
    # Two of these must be inside at once: each writes to the pipe that the other reads.
    mine, other = ("a", "b") if name == "a" else ("b", "a")
    folder = os.environ["MEETING"]
    if mine == "a":
        with open(folder + "/1", "w") as out: out.write("a was here")
        return open(folder + "/2").read()
    heard = open(folder + "/1").read()
    with open(folder + "/2", "w") as out: out.write("b heard " + heard)
    return heard

@app.get("/block")
def block(n: str = ""):
    open(GATE + n).read()
    return _fasterapi.worker_id()
"""


def hold_one_worker(server, name):
    """A gate with a handler at it, and the connection that waits for its answer."""
    gate = server.gate(name)
    wire = server.connect()
    wire.send(request("GET", f"/block?n={name[4:]}"))
    gate.wait_for_handler()
    return gate, wire


def test_two_workers_have_globals_of_their_own(serve):
    server = serve(APP, config={"workers": 2})
    first_gate, first = hold_one_worker(server, "gate1")
    of_second = [server.get("/count").json() for _ in range(3)]
    second_gate, second = hold_one_worker(server, "gate2")
    first_gate.open()
    held = first.read().json()
    of_first = [server.get("/count").json() for _ in range(3)]
    second_gate.open()
    assert second.read().json() == of_second[0][0]
    assert {held, of_second[0][0]} == {0, 1}
    assert [count for _, count, _ in of_second] == [1, 2, 3]
    assert [count for _, count, _ in of_first] == [1, 2, 3]
    assert of_first[0][2] != of_second[0][2]


def test_workers_run_at_the_same_time(serve, background, tmp_path):
    for name in "12":
        os.mkfifo(tmp_path / name)
    server = serve(APP, config={"workers": 2}, env={"MEETING": str(tmp_path)})
    first = background(server.get, "/meet/a")
    second = background(server.get, "/meet/b")
    assert second.result(20).json() == "a was here"
    assert first.result(20).json() == "b heard a was here"


def test_a_blocked_worker_holds_up_nobody_else(serve):
    server = serve(APP, config={"workers": 2})
    gate = server.gate()
    held = server.connect()
    held.send(request("GET", "/block"))
    gate.wait_for_handler()
    for _ in range(100):
        assert server.get("/count").status == 200
    gate.open()
    assert held.read().status == 200


def test_the_log_says_that_sub_interpreters_are_used(serve):
    server = serve(APP, config={"workers": 3})
    server.wait_log("Using sub-interpreters: True")
    server.wait_log("workers: 3")


def test_without_sub_interpreters_there_is_one_worker(serve):
    server = serve(APP, config={"workers": 4, "python": {"use_subinterpreters": False}})
    server.wait_log("Using sub-interpreters: False")
    server.wait_log("WARN.* 4 workers were asked for; the main interpreter has one")
    assert {server.get("/count").json()[0] for _ in range(20)} == {0}


def test_idle_workers_are_all_used_by_a_burst(serve):
    server = serve(APP, config={"workers": 4})
    gates = [server.gate(f"gate{n}") for n in range(4)]
    wires = [server.connect() for _ in gates]
    for n, wire in enumerate(wires):
        wire.send(request("GET", f"/block?n={n}"))
    for gate in gates:
        gate.wait_for_handler()  # all four at once
    for gate in gates:
        gate.open()
    assert {wire.read().json() for wire in wires} == {0, 1, 2, 3}
