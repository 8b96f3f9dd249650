#include "unit/hosting/serving.hpp"

#include <catch2/catch_test_macros.hpp>

namespace fasterapi::hosting {

namespace {

constexpr std::string_view streams = R"(
import asyncio
from fasterapi import App
from fasterapi.responses import StreamingResponse
app = App()
log = []

@app.get("/sync")
def sync():
    def parts():
        yield b"one "
        yield "two "
        yield b"three"
    return StreamingResponse(parts())

@app.get("/async")
async def many():
    async def parts():
        for i in range(3):
            yield f"{i} "
            await asyncio.sleep(0.001)
    return StreamingResponse(parts())

@app.get("/endless")
async def endless():
    async def parts():
        try:
            while True:
                yield b"x" * 1000
                await asyncio.sleep(0)
        finally:
            log.append("closed")
    return StreamingResponse(parts())

@app.get("/log")
def read_log():
    return log

@app.get("/breaks")
async def breaks():
    async def parts():
        yield b"begun"
        await asyncio.sleep(0.001)
        raise RuntimeError("broke off")
    return StreamingResponse(parts())

@app.get("/fails")
async def fails():
    async def parts():
        raise RuntimeError("before the first part")
        yield b""
    return StreamingResponse(parts())

@app.get("/late")
async def late():
    async def parts():
        await asyncio.sleep(0.2)
        yield b"late"
    return StreamingResponse(parts())

@app.get("/large")
async def large():
    async def parts():
        for _ in range(100):
            yield b"y" * 1024
    return StreamingResponse(parts())
)";

enum route : std::uint32_t { sync, async, endless, log, breaks, fails, late, large };

} // namespace

TEST_CASE("stream: parts of a sync iterator arrive in order, chunked") {
  serving app(streams);
  const std::string answer = app.reactor().answer(route::sync);
  CHECK(answer.find("Transfer-Encoding: chunked") != std::string::npos);
  CHECK(body_of(answer) == "4\r\none \r\n4\r\ntwo \r\n5\r\nthree\r\n0\r\n\r\n");
}

TEST_CASE("stream: each part of a sync iterator is handed over before the next is asked for") {
  serving app(streams);
  dispatch::job& asked = app.reactor().submit(route::sync);
  REQUIRE(app.reactor().next() == &asked);
  CHECK(asked.has_more);
  CHECK(asked.exchange.output.view().find("one ") != std::string_view::npos);
  CHECK(asked.exchange.output.view().find("two ") == std::string_view::npos);
  asked.exchange.output.clear();
  asked.worker->resume(asked);
  CHECK(app.reactor().rest_of(asked).find("three") != std::string::npos);
}

TEST_CASE("stream: an async iterator may pause between its parts") {
  serving app(streams);
  CHECK(body_of(app.reactor().answer(route::async)) ==
        "2\r\n0 \r\n2\r\n1 \r\n2\r\n2 \r\n0\r\n\r\n");
}

TEST_CASE("stream: parts that come without a pause are sent together") {
  serving app(streams);
  dispatch::job& asked = app.reactor().submit(route::large);
  int parts = 0;
  std::size_t bytes = 0;
  for (;;) {
    REQUIRE(app.reactor().next() == &asked);
    bytes += asked.exchange.output.size();
    asked.exchange.output.clear();
    if (!asked.has_more) break;
    ++parts;
    asked.worker->resume(asked);
  }
  CHECK(bytes > 100 * 1024);
  CHECK(parts < 10);
}

TEST_CASE("stream: the head goes out before the first part where that takes its time") {
  serving app(streams);
  dispatch::job& asked = app.reactor().submit(route::late);
  REQUIRE(app.reactor().next() == &asked);
  CHECK(asked.has_more);
  CHECK(asked.exchange.output.view().ends_with("\r\n\r\n"));
  asked.exchange.output.clear();
  asked.worker->resume(asked);
  CHECK(app.reactor().rest_of(asked).find("late") != std::string::npos);
}

TEST_CASE("stream: a client that left closes the iterator") {
  serving app(streams);
  dispatch::job& asked = app.reactor().submit(route::endless);
  for (int i = 0; i < 5; ++i) {
    REQUIRE(app.reactor().next() == &asked);
    REQUIRE(asked.has_more);
    asked.exchange.output.clear();
    if (i == 4) asked.cancelled.store(true);
    asked.worker->resume(asked);
  }
  REQUIRE(app.reactor().next() == &asked);
  CHECK_FALSE(asked.has_more);
  CHECK(body_of(app.reactor().answer(route::log)) == R"(["closed"])");
}

TEST_CASE("stream: one that breaks off has no last chunk and ends the connection") {
  serving app(streams);
  dispatch::job& asked = app.reactor().submit(route::breaks);
  const std::string answer = app.reactor().rest_of(asked);
  CHECK(answer.find("begun") != std::string::npos);
  CHECK(answer.find("0\r\n\r\n") == std::string::npos);
  CHECK(asked.exchange.response.is_streaming());
  CHECK_FALSE(asked.exchange.response.keep_alive());
}

TEST_CASE("stream: an iterator that fails before anything was sent is a 500") {
  serving app(streams);
  CHECK(app.reactor().answer(route::fails).starts_with("HTTP/1.1 500 "));
}

TEST_CASE("stream: HEAD has the head only, and the iterator does not run") {
  serving app(streams);
  const std::string answer = app.reactor().answer(route::endless, http::method::head);
  CHECK(answer.starts_with("HTTP/1.1 200 "));
  CHECK(answer.ends_with("\r\n\r\n"));
}

} // namespace fasterapi::hosting
