"""Dependencies that so many requests at a time may be in."""

import asyncio
import dataclasses
from typing import Annotated, Any, List

import pytest

from fasterapi import App, Depends, Security, StreamingResponse
from fasterapi._call import answer


class Room:
    """How many are in it, and how many at most were."""

    def __init__(self) -> None:
        self.inside = self.peak = self.entered = 0
        self.events: List[str] = []

    def enter(self) -> None:
        self.entered += 1
        self.inside += 1
        self.peak = max(self.peak, self.inside)

    def leave(self) -> None:
        self.inside -= 1


async def pause() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def ask(app: App, *paths: str) -> List[Any]:
    async def run() -> List[Any]:
        return await asyncio.gather(*(answer(app, "GET", path, "", (), b"") for path in paths))

    return [each.status for each in asyncio.run(run())]


def call_of(kind: str, room: Room) -> Any:
    async def coroutine() -> None:
        room.enter()
        await pause()
        room.leave()

    async def async_generator() -> Any:
        room.enter()
        yield
        room.leave()

    def generator() -> Any:
        room.enter()
        yield
        room.leave()

    kinds = {"coroutine": coroutine, "async generator": async_generator, "generator": generator}
    return kinds[kind]


@pytest.mark.parametrize("kind", ["coroutine", "async generator", "generator"])
def test_so_many_requests_of_all_routes_are_in_it(kind):
    room, app = Room(), App()
    said = Depends(call_of(kind, room), max_concurrency=2)

    @app.get("/a")
    @app.get("/b")
    async def handler(value: Annotated[Any, said]) -> None:
        await pause()

    @app.get("/sync")
    def sync_handler(value: Annotated[Any, said]) -> None: ...

    assert ask(app, *["/a", "/b", "/sync"] * 3) == [200] * 9
    assert (room.peak, room.entered, room.inside) == (2, 9, 0)
    assert ask(app, "/a") == [200]  # in another event loop


def test_each_declaration_has_its_own_limit():
    room, app = Room(), App()
    call = call_of("coroutine", room)

    @app.get("/a")
    async def one(value: Annotated[Any, Depends(call, max_concurrency=1)]) -> None: ...

    @app.get("/b", dependencies=[Security(call, max_concurrency=1)])
    async def other() -> None: ...

    ask(app, "/a", "/a", "/b", "/b")
    assert room.peak == 2


def test_an_error_gives_the_place_back():
    app = App()

    async def fail() -> Any:
        raise KeyError("x")

    async def give() -> Any:
        yield

    @app.get("/a", dependencies=[Depends(fail, max_concurrency=1)])
    async def one() -> None: ...

    @app.get("/b", dependencies=[Depends(give, max_concurrency=1)])
    async def other() -> None:
        raise KeyError("y")

    assert ask(app, "/a", "/a", "/b", "/b") == [500] * 4


def test_a_stream_ends_before_the_place_is_given_back():
    room, app = Room(), App()

    async def parts() -> Any:
        for _ in range(3):
            await pause()
            yield str(room.inside)

    @app.get("/", dependencies=[Depends(call_of("async generator", room), max_concurrency=1)])
    async def handler() -> Any:
        return StreamingResponse(parts())

    assert ask(app, "/", "/", "/") == [200] * 3
    assert room.peak == 1


@pytest.mark.parametrize("value", [0, -1, True, 1.5, "2"])
def test_what_is_no_limit(value):
    with pytest.raises(ValueError, match="positive integer or None"):
        Depends(pause, max_concurrency=value)


def test_a_copy_shares_the_limit_unless_it_has_another_one():
    said = Depends(pause, max_concurrency=2)
    assert dataclasses.replace(said, use_cache=False)._concurrency is said._concurrency
    assert dataclasses.replace(said, max_concurrency=3)._concurrency is not said._concurrency
    assert dataclasses.replace(said, max_concurrency=None)._concurrency is None
    scoped = dataclasses.replace(Security(pause, scopes=["a"]), max_concurrency=1)
    assert (scoped.scopes, scoped.max_concurrency) == (["a"], 1)
