// A request to a C++ route, from received bytes to the bytes to send, in one thread: parse, route,
// handler, response. Then each step alone. The socket is left out.
#include "support/request_path.hpp"
#include "support/rest_routes.hpp"
#include "support/timing.hpp"

#include "fasterapi/router.hpp"

#include <string>
#include <string_view>

using namespace fasterapi;

namespace {

constexpr std::string_view ok = R"({"status":"ok"})";
constexpr std::string_view item =
    R"({"id":42,"name":"A usual name","price":12.5,"tags":["a","b"]})";

void health(HttpRequest*, HttpResponse* res) { res->set_json(ok); }

void item_id(HttpRequest* req, HttpResponse* res) {
  const auto id = req->path_param(0);
  constexpr std::string_view before = R"({"item_id":")";
  char* const place = res->get_write_buffer(before.size() + id.size() + 2);
  char* end = before.copy(place, before.size()) + place;
  end += id.copy(end, id.size());
  *end++ = '"';
  *end++ = '}';
  res->set_json_direct(place, static_cast<std::size_t>(end - place));
}

void echo(HttpRequest* req, HttpResponse* res) { res->set_json(req->body()); }

CppHandler handler_of(std::string_view route) {
  if (route == "GET /health") return health;
  if (route == "GET /items/{item_id}") return item_id;
  if (route == "POST /items") return echo;
  return [](HttpRequest*, HttpResponse* res) { res->status(204); };
}

routing::route_table build() {
  routing::route_table_builder builder;
  Router router{builder};
  for (const auto each : bench::rest_routes) {
    const auto space = each.find(' ');
    router.add_cpp_route(std::string{each.substr(0, space)}, std::string{each.substr(space + 1)},
                         handler_of(each));
  }
  return std::move(builder).build();
}

void answer(const routing::route& by, http::exchange& held) {
  HttpRequest request{held};
  HttpResponse response{held};
  by.cpp(&request, &response);
  held.response.finish();
}

void measure_request(const routing::route_table& table, const std::string& name,
                     const std::string& bytes, std::string_view expected) {
  bench::request_path path{table};
  http::exchange held;
  answer(path.begin(held, bytes), held);
  bench::check_answer(held.output.view(), 200, expected);
  path.end(held);
  bench::measure_singly(name, [&] {
    answer(path.begin(held, bytes), held);
    bench::keep(held.output.view());
    path.end(held);
  });
}

void measure_steps(const routing::route_table& table, const std::string& bytes) {
  http::exchange held;
  held.input.append(bytes);
  const http::head_limits limits;
  http::head_parser parser{limits};
  bench::measure("step: parse the head", [&] {
    parser.reset();
    bench::keep(parser.parse(held.input.view(), held.request));
  });
  routing::match found;
  bench::measure("step: find the route", [&] {
    found = table.find(held.request.verb, held.request.method_text, held.request.path, held.params);
    bench::keep(found);
  });
  bench::measure("step: handler and response", [&] {
    held.response.start(held.output, {});
    answer(*found.route, held);
    bench::keep(held.output.view());
    held.output.consume(held.output.size());
  });
}

} // namespace

int main(int count, char* arguments[]) {
  bench::results().start(count, arguments);
  const auto table = build();
  const auto get_health = bench::make_request("GET", "/health");
  measure_request(table, "GET /health, constant JSON", get_health, ok);
  measure_request(table, "GET /items/42, parameter into JSON",
                  bench::make_request("GET", "/items/42"), R"({"item_id":"42"})");
  measure_request(table, "POST /items, JSON body sent back",
                  bench::make_request("POST", "/items", item), item);
  const std::string large(64 * 1024, 'x');
  measure_request(table, "POST /items, 64 KiB sent back",
                  bench::make_request("POST", "/items", large), large);
  measure_steps(table, get_health);
  return bench::results().finish();
}
