#include "unit/hosting/serving.hpp"

#include <catch2/catch_test_macros.hpp>

namespace fasterapi::hosting {

// What no leak checker sees among CPython's own: that no reference of ours is lost per request.
TEST_CASE("references: a thousand requests of each kind leave no Python object behind") {
  serving app(R"(
import asyncio, gc, sys
from fasterapi import App, HTTPException, Response
from fasterapi.responses import StreamingResponse
app = App()

@app.get("/objects")
def objects():
    gc.collect()
    return [len(gc.get_objects()), sys.getallocatedblocks()]

@app.get("/dict")
def dictionary(a: int = 1, b: str = "x"):
    return {"a": a, "b": b}

@app.get("/request")
def request(req, res):
    res.status(201)
    res.set_json({"path": req.path, "query": dict(req.query_params)})

@app.get("/suspends")
async def suspends(req, res):
    await asyncio.sleep(0)
    return Response("text")

@app.get("/raises")
def raises():
    raise HTTPException(404, "nothing")

@app.get("/raises-late")
async def raises_late():
    await asyncio.sleep(0)
    raise HTTPException(404, "nothing")

@app.get("/stream")
async def stream():
    async def parts():
        yield b"one"
        await asyncio.sleep(0)
        yield "two"
    return StreamingResponse(parts())

@app.get("/generator")
def generator():
    yield "one"
    yield "two"

@app.get("/refused")
def refused(a: int):
    return a
)");
  constexpr std::uint32_t objects = 0;
  constexpr std::string_view statuses[] = {"200", "200", "201", "200", "404",
                                           "404", "200", "200", "422"};
  constexpr std::uint32_t kinds = std::size(statuses);
  const auto count = [&] {
    const std::string text = body_of(app.reactor().answer(objects));
    return std::pair{std::stol(text.substr(1)), std::stol(text.substr(text.find(',') + 1))};
  };
  const auto serve = [&](int times) {
    for (int i = 0; i < times; ++i) {
      for (std::uint32_t route = 1; route < kinds; ++route) {
        app.reactor().answer(route, http::method::get, "b=y");
      }
    }
  };
  for (std::uint32_t route = 1; route < kinds; ++route) {
    CHECK(app.reactor().answer(route, http::method::get, "b=y").substr(9, 3) == statuses[route]);
  }
  serve(100);
  count();
  const auto [objects_before, blocks_before] = count();
  serve(1000);
  const auto [objects_after, blocks_after] = count();
  CHECK(objects_after - objects_before < 100);
  CHECK(blocks_after - blocks_before < 500);
}

} // namespace fasterapi::hosting
