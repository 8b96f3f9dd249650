#include "support/python_main.hpp"
#include "unit/hosting/serving.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <sstream>
#include <thread>

namespace fasterapi::hosting {

namespace {

std::string read(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

} // namespace

TEST_CASE("shutdown: what runs is answered, then the app's shutdown, then atexit") {
  serving app(R"(
import asyncio, atexit, os, threading
from fasterapi import App
app = App()
journal = os.path.join(os.path.dirname(__file__), "journal")

def note(text):
    with open(journal, "a") as file:
        file.write(text + "\n")

@app.on_event("shutdown")
async def shutdown():
    await asyncio.sleep(0.02)
    note("shutdown")

@app.get("/")
async def slow():
    await asyncio.sleep(0.05)
    note("answered")
    return "done"

@app.get("/more")
async def more():
    async def forever():
        try:
            await asyncio.Event().wait()
        finally:
            note("task cancelled")
    app.state.task = asyncio.ensure_future(forever())
    app.state.thread = threading.Thread(target=lambda: note("thread ran"))
    app.state.thread.start()
    await asyncio.to_thread(lambda: None)

atexit.register(note, "atexit")
)");
  app.reactor().answer(1);
  dispatch::job& slow = app.reactor().submit(0);
  CHECK(app.end());
  CHECK(app.reactor().next(0ms) == &slow);
  CHECK(read(app.file().folder() / "journal") ==
        "thread ran\nanswered\nshutdown\ntask cancelled\natexit\n");
}

TEST_CASE("shutdown: a handler that waits for ever is cancelled when half of the time is over") {
  serving app(R"(
import asyncio
from fasterapi import App
app = App()

@app.get("/")
async def forever():
    await asyncio.Event().wait()

@app.get("/stubborn")
async def stubborn():
    while True:
        try:
            await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            pass
)",
              600ms);
  app.reactor().submit(0);
  app.reactor().submit(1);
  CHECK(app.end());
  CHECK(app.reactor().next(0ms) != nullptr);
  CHECK(app.reactor().next(0ms) != nullptr);
}

TEST_CASE("shutdown: a stream that goes on is ended, and its job comes back") {
  serving app(R"(
import asyncio
from fasterapi import App
from fasterapi.responses import StreamingResponse
app = App()

@app.get("/")
async def endless():
    async def parts():
        while True:
            yield b"part"
            await asyncio.Event().wait()
    return StreamingResponse(parts())
)",
              600ms);
  dispatch::job& streaming = app.reactor().submit(0);
  REQUIRE(app.reactor().next() == &streaming);
  streaming.worker->resume(streaming);
  CHECK(app.end());
  CHECK(app.reactor().next(0ms) == &streaming);
  CHECK_FALSE(streaming.has_more);
}

// The process ends by _exit after these two: [.abandons] keeps them out of the run that looks for
// leaks.
TEST_CASE("shutdown: a blocked executor thread is waited for until the deadline only",
          "[.abandons]") {
  serving app(R"(
import asyncio, time
from fasterapi import App
app = App()

@app.get("/")
async def block():
    asyncio.get_running_loop().run_in_executor(None, time.sleep, 3600)
    return "blocked"
)",
              500ms);
  app.reactor().answer(0);
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(app.end());
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
  test::abandon_python();
}

TEST_CASE("shutdown: a handler that never returns does not hold join_until up", "[.abandons]") {
  serving app(R"(
import time
from fasterapi import App
app = App()

@app.get("/")
def block():
    time.sleep(3600)
)",
              300ms);
  dispatch::job& blocked = app.reactor().submit(0);
  while (blocked.state.load() != dispatch::job_state::running) std::this_thread::yield();
  CHECK_FALSE(app.end(300ms));
  test::abandon_python();
}

} // namespace fasterapi::hosting
