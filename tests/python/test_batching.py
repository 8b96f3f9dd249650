"""Batch handlers without the server."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from fasterapi import App
from fasterapi.testclient import TestClient
from support import batch_app
from support.batch_app import CASES


@pytest.fixture(params=["plain", "behind middleware"])
def client(request):
    app = App()
    app.include_router(batch_app.app.router)
    if request.param != "plain":

        @app.middleware("http")
        async def through(request, call_next):
            return await call_next(request)

    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("name", CASES)
def test_a_crowd_gets_its_answers(client, name):
    case = CASES[name]

    def ask(wanted):
        method, target, body = wanted
        return client.request(
            method, target, content=body, headers={"content-type": "application/json"}
        )

    with ThreadPoolExecutor(len(case.requests)) as threads:
        replies = list(threads.map(ask, case.requests))
    assert [(reply.status_code, reply.json()) for reply in replies] == case.answers


def test_headers_of_an_exception_are_sent(client):
    with ThreadPoolExecutor(6) as threads:
        replies = list(threads.map(client.get, [f"/outcomes?n={n}" for n in [2] * 6]))
    assert [reply.headers["x-why"] for reply in replies] == ["taken"] * 6


class Jumping(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to what is due next, and rests otherwise."""

    now = 0.0

    def time(self):
        return self.now

    def _run_once(self):
        due = [each for each in self._scheduled if not each.cancelled()]
        if not self._ready and due:
            self.now = max(self.now, min(each.when() for each in due))
        super()._run_once()


async def get(app, path):
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    await app(scope, receive, send)
    return sent[0]["status"]


def batches_at(size, delay, arrivals, leaving=()):
    """When a batch handler is called, and for how many, with requests that arrive so."""
    app = App()
    calls = []
    loop = Jumping()

    @app.get("/batch")
    @app.batch_handler(max_batch_size=size, max_delay_ms=delay)
    def batch(requests):
        calls.append((round(loop.time(), 6), len(requests)))
        return [1] * len(requests)

    async def arrive(number, at):
        await asyncio.sleep(at)
        task = asyncio.ensure_future(get(app, "/batch"))
        if number in leaving:
            await asyncio.sleep(0)
            task.cancel()
        return await asyncio.gather(task, return_exceptions=True)

    async def run():
        return await asyncio.gather(*(arrive(n, at) for n, at in enumerate(arrivals)))

    try:
        replies = loop.run_until_complete(run())
    finally:
        loop.close()
    stayed = [reply for number, reply in enumerate(replies) if number not in leaving]
    assert stayed == [[200]] * len(stayed)
    return calls


def test_who_is_alone_waits_for_the_delay():
    assert batches_at(2, 1000, [0, 5]) == [(1, 1), (6, 1)]


def test_a_full_batch_does_not_shorten_the_next_one_s_delay():
    assert batches_at(2, 1000, [0, 0.6, 0.7]) == [(0.6, 2), (1.7, 1)]


def test_the_delay_counts_from_the_first_of_a_batch():
    assert batches_at(3, 1000, [0, 0.6, 0.9, 1.5, 2.4]) == [(0.9, 3), (2.5, 2)]
    assert batches_at(9, 1000, [0, 0.9, 1.1]) == [(1, 2), (2.1, 1)]


def test_without_delay_what_came_together_goes_together():
    assert batches_at(9, 0, [0, 0, 0, 1]) == [(0, 3), (1, 1)]


def test_who_left_is_not_in_the_batch():
    assert batches_at(3, 1000, [0, 0.5, 0.6], leaving=[1]) in ([(1, 2)], [(0.6, 2)])


def test_event_loops_gather_for_themselves():
    app = App()

    @app.get("/batch")
    @app.batch_handler(max_batch_size=2, max_delay_ms=100)
    def batch(requests):
        return [len(requests)] * len(requests)

    def in_a_loop(_):
        async def crowd():
            return await asyncio.gather(*(get(app, "/batch") for _ in range(3)))

        return asyncio.run(crowd())

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(in_a_loop, range(8))) == [[200] * 3] * 8
