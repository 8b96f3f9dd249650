#include "unit/hosting/serving.hpp"

#include <catch2/catch_test_macros.hpp>

namespace fasterapi::hosting {

TEST_CASE("async: a background task lives on between requests") {
  serving app(R"(
import asyncio
from fasterapi import App
app = App()
ticks = asyncio.Event()

@app.get("/start")
def start():
    async def tick():
        await asyncio.sleep(0.01)
        ticks.set()
    app.state.task = asyncio.get_running_loop().create_task(tick())
    return "started"

@app.get("/wait")
async def wait():
    await ticks.wait()
    return app.state.task.done() or "ticked"
)");
  CHECK(body_of(app.reactor().answer(0)) == R"("started")");
  CHECK(app.reactor().answer(1).starts_with("HTTP/1.1 200 "));
}

TEST_CASE("async: many suspended handlers wait side by side") {
  serving app(R"(
import asyncio
from fasterapi import App
app = App()
gate = asyncio.Event()
waiting = 0

@app.get("/wait")
async def wait():
    global waiting
    waiting += 1
    await gate.wait()
    return waiting

@app.get("/open")
def open():
    gate.set()
    return waiting
)");
  std::vector<dispatch::job*> waiting;
  for (int i = 0; i < 50; ++i) waiting.push_back(&app.reactor().submit(0));
  dispatch::job& opener = app.reactor().submit(1);
  REQUIRE(app.reactor().next() == &opener);
  CHECK(body_of(std::string(opener.exchange.output.view())) == "50");
  for (int i = 0; i < 50; ++i) {
    const dispatch::job* done = app.reactor().next();
    REQUIRE(done != nullptr);
    CHECK(body_of(std::string(done->exchange.output.view())) == "50");
  }
}

TEST_CASE("async: a cancelled request cancels its task, and comes back when that has ended") {
  serving app(R"(
import asyncio
from fasterapi import App
app = App()
seen = []

@app.get("/hang")
async def hang():
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        await asyncio.sleep(0.01)
        seen.append("cancelled")
        raise

@app.get("/seen")
def read_seen():
    return seen
)");
  dispatch::job& hanging = app.reactor().submit(0);
  CHECK(body_of(app.reactor().answer(1)) == "[]");
  hanging.cancelled.store(true);
  hanging.worker->cancel_changed();
  CHECK(app.reactor().next() == &hanging);
  CHECK(body_of(app.reactor().answer(1)) == R"(["cancelled"])");
}

TEST_CASE("async: timeouts, task groups and threads work inside a handler") {
  serving app(R"(
import asyncio
from fasterapi import App
app = App()

@app.get("/")
async def everything():
    try:
        async with asyncio.timeout(0.005):
            await asyncio.Event().wait()
    except TimeoutError:
        timed_out = True
    async with asyncio.TaskGroup() as group:
        one = group.create_task(asyncio.sleep(0.001, 1))
        two = group.create_task(asyncio.to_thread(lambda: 2))
    process = await asyncio.create_subprocess_exec("true")
    return [timed_out, one.result(), two.result(), await process.wait()]
)");
  CHECK(body_of(app.reactor().answer(0)) == "[true,1,2,0]");
}

TEST_CASE("async: each request has a contextvars context of its own, sync or async") {
  serving app(R"(
import asyncio, contextvars
from fasterapi import App
app = App()
user = contextvars.ContextVar("user", default="nobody")

def swap(name):
    before = user.get()
    user.set(name)
    return before

@app.get("/sync")
def sync():
    return swap("sync")

@app.get("/async")
async def suspends():
    before = swap("async")
    await asyncio.sleep(0)
    return [before, user.get()]
)");
  for (int i = 0; i < 3; ++i) {
    CHECK(body_of(app.reactor().answer(0)) == R"("nobody")");
    CHECK(body_of(app.reactor().answer(1)) == R"(["nobody","async"])");
  }
}

TEST_CASE("async: a sync handler may return an awaitable") {
  serving app(R"(
import asyncio
from fasterapi import App
app = App()

@app.get("/coroutine")
def coroutine():
    return asyncio.sleep(0.001, "slept")

@app.get("/future")
def future():
    made = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.001, made.set_result, "made")
    return made
)");
  CHECK(body_of(app.reactor().answer(0)) == R"("slept")");
  CHECK(body_of(app.reactor().answer(1)) == R"("made")");
}

TEST_CASE("async: sync requests do not starve what asyncio has to do") {
  serving app(R"(
import asyncio
from fasterapi import App
app = App()
turns = 0

async def count():
    global turns
    while True:
        turns += 1
        await asyncio.sleep(0)

@app.on_event("startup")
async def start():
    app.state.counter = asyncio.ensure_future(count())

@app.get("/")
def read():
    return turns
)");
  const int before = std::stoi(body_of(app.reactor().answer(0)));
  for (int i = 0; i < 60; ++i) app.reactor().submit(0);
  dispatch::job* last = nullptr;
  for (int i = 0; i < 60; ++i) last = app.reactor().next();
  REQUIRE(last != nullptr);
  CHECK(std::stoi(body_of(std::string(last->exchange.output.view()))) >= before + 3);
}

TEST_CASE("async: sys.exit in a handler is a failed request, not the end of the worker") {
  serving app(R"(
import asyncio, sys
from fasterapi import App
app = App()

@app.get("/sync")
def sync():
    sys.exit(3)

@app.get("/async")
async def suspends():
    await asyncio.sleep(0)
    sys.exit(3)

@app.get("/fine")
def fine():
    return True
)");
  CHECK(app.reactor().answer(0).starts_with("HTTP/1.1 500 "));
  CHECK(app.reactor().answer(1).starts_with("HTTP/1.1 500 "));
  CHECK(body_of(app.reactor().answer(2)) == "true");
}

} // namespace fasterapi::hosting
