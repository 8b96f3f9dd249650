#include "unit/hosting/serving.hpp"

#include <catch2/catch_test_macros.hpp>

namespace fasterapi::hosting {

namespace {

constexpr std::string_view hello = R"(
from fasterapi import App
app = App(openapi_url=None)

@app.get("/")
def root():
    return {"hello": "world"}

@app.get("/async")
async def suspends():
    import asyncio
    await asyncio.sleep(0.001)
    return {"slept": True}

@app.get("/eager")
async def never_suspends():
    import asyncio
    return {"has_task": asyncio.current_task() is not None}

@app.get("/raises")
def raises():
    raise ValueError("on purpose")
)";

} // namespace

TEST_CASE("worker: a sync handler answers through the ring") {
  serving app(hello);
  CHECK(body_of(app.reactor().answer(0)) == R"({"hello":"world"})");
}

TEST_CASE("worker: the import tells the routes with their origin") {
  serving app(hello);
  REQUIRE(app.description().routes.size() == 4);
  CHECK(app.description().routes[1].path == "/async");
  CHECK(app.description().routes[1].methods == std::vector<std::string>{"GET"});
  CHECK(app.description().routes[0].origin.find("tiny_app.py:") != std::string::npos);
  CHECK(app.description().redirect_slashes);
}

TEST_CASE("worker: an async handler may suspend, and has a task of its own from the start") {
  serving app(hello);
  CHECK(body_of(app.reactor().answer(1)) == R"({"slept":true})");
  CHECK(body_of(app.reactor().answer(2)) == R"({"has_task":true})");
}

TEST_CASE("worker: an exception is a 500, and the worker lives on") {
  serving app(hello);
  CHECK(app.reactor().answer(3).starts_with("HTTP/1.1 500 "));
  CHECK(body_of(app.reactor().answer(0)) == R"({"hello":"world"})");
}

TEST_CASE("worker: it ends in time when the lane closes") {
  serving app(hello);
  app.reactor().answer(0);
  CHECK(app.end());
}

TEST_CASE("worker: four interpreters, made and ended one after another, serve at the same time") {
  const app_file file(hello);
  dispatch::lane lane(64, 4);
  std::vector<std::unique_ptr<worker>> workers;
  for (int i = 0; i < 4; ++i) {
    workers.push_back(
        std::make_unique<worker>(lane.add_worker(), worker_settings{.app = file.spec()}));
    workers.back()->load();
  }
  for (const auto& each : workers) each->start();
  reactor_stub reactor(lane);
  for (int i = 0; i < 200; ++i) CHECK(body_of(reactor.answer(0)) == R"({"hello":"world"})");
  lane.close();
  for (const auto& each : workers)
    CHECK(each->join_until(std::chrono::steady_clock::now() + 20s) == ending::whole);
}

TEST_CASE("worker: without sub-interpreters it serves from the main interpreter") {
  serving app(hello, 10s, false);
  CHECK(body_of(app.reactor().answer(0)) == R"({"hello":"world"})");
  CHECK(body_of(app.reactor().answer(1)) == R"({"slept":true})");
  CHECK(app.end());
}

TEST_CASE("worker: one that was loaded and never started ends when it is destroyed") {
  const app_file file(hello);
  dispatch::lane lane(8, 1);
  worker idle(lane.add_worker(), {.app = file.spec()});
  CHECK(idle.load().routes.size() == 4);
}

} // namespace fasterapi::hosting
