#pragma once

#include "support/load.hpp"

#include <string>
#include <vector>

namespace fasterapi::bench {

/// What bench_complete_system asks complete_app.py for.
inline std::vector<request_kind> complete_system_kinds() {
  const std::string message = R"({"message":"Hello, World!"})";
  const std::string item = R"({"id":42,"name":"A usual name","price":12.5,"tags":["a","b"]})";
  const std::string cut = R"([{"id":42,"name":"A usual name"},{"id":42,"name":"A usual name"}])";
  const std::string two = R"({"item":)" + item + R"(,"note":{"text":"a"}})";
  const auto get = [](const char* target) { return make_request("GET", target); };
  return {
      {"sync, dict", get("/sync"), message},
      {"async, never suspends", get("/async"), message},
      {"async, suspends once", get("/async-once"), message},
      {"async, suspends once, 16 under way", get("/async-once"), message, 200, 16},
      {"typed path and query", get("/users/42?q=abc"), R"({"user_id":42,"q":"abc"})", 200, 1, true},
      {"typed path and query, a 422", get("/users/x?q=abc"), {}, 422},
      {"JSON body, echoed", make_request("POST", "/items", item), item},
      {"validated Model body, echoed", make_request("POST", "/validated", item), item},
      {"validated Model body, a 422", make_request("POST", "/validated", R"({"id":42})"), {}, 422},
      {"two validated Model bodies", make_request("POST", "/two", two), item},
      {"validated Model body, batches of 10", make_request("POST", "/batched", item), item, 200,
       10},
      {"general route: a response model", get("/model"), message},
      {"response model, of a dict", get("/stored"), item},
      {"response model, of a Model, unset left out", get("/found"), item},
      {"response model, a list of two, two fields of each", get("/cut"), cut},
      {"(req, res), JSON text", get("/res"), R"({"status":"ok"})"},
      {"1 KiB of bytes", get("/kib-1"), std::string(1024, 'x')},
      {"64 KiB of bytes", get("/kib-64"), std::string(65536, 'x')},
  };
}

} // namespace fasterapi::bench
