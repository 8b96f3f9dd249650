#include "fasterapi/routes.hpp"
#include "http/exchange.hpp"
#include "unit/routing/table_of.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <fstream>
#include <stdexcept>

using namespace fasterapi;
using namespace fasterapi::routing;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string folder = FASTERAPI_SHARED_ROUTES_FOLDER;

route_table load(const std::string& file) {
  route_table_builder builder;
  add_shared_routes(builder, file);
  return std::move(builder).build();
}

std::string refusal(const std::string& file) {
  try {
    load(file);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

// Runs the route of a POST or GET and gives the answer's head and body.
std::string serve(const route_table& table, http::method verb, std::string_view path) {
  http::exchange held;
  held.request.verb = verb;
  held.request.method_text = http::to_string(verb);
  held.request.target = held.request.path = path;
  held.request.query = "q=1+2";
  held.request.body = "body";
  held.request.fields = {{"X-A", "a"}};
  const auto found = table.find(verb, held.request.method_text, path, held.params);
  REQUIRE(found.what == match::kind::found);
  held.response.start(held.output, {});
  HttpRequest req{held};
  HttpResponse res{held};
  found.route->cpp(&req, &res);
  held.response.finish();
  return std::string{held.output.view()};
}

} // namespace

TEST_CASE("shared_routes: handlers of a shared object use the public API in this executable") {
  const auto table = load(folder + "/routes_good.so");
  const auto answer = serve(table, http::method::post, "/shared/x");
  CHECK(answer.starts_with("HTTP/1.1 201 Created\r\n"));
  CHECK(answer.ends_with("POST|/shared/x|/shared/x|q=1+2|body|a|x|1 2"));
  CHECK(serve(table, http::method::get, "/shared/json").ends_with("\r\n\r\n[7]"));
  CHECK_THROWS_AS(serve(table, http::method::get, "/shared/throws"), std::runtime_error);
  CHECK_THAT(table.routes()[0]->origin, ContainsSubstring("good_routes.cpp:"));
}

TEST_CASE("shared_routes: the same object twice is a conflict") {
  route_table_builder builder;
  add_shared_routes(builder, folder + "/routes_good.so");
  CHECK_THROWS_AS(add_shared_routes(builder, folder + "/routes_good.so"), std::logic_error);
}

TEST_CASE("shared_routes: another ABI version is refused before anything is registered") {
  const auto why = refusal(folder + "/routes_foreign.so");
  CHECK_THAT(why, ContainsSubstring("routes_foreign.so: was built for ABI version 2"));
  CHECK_THAT(why, ContainsSubstring("this server has 1"));
}

TEST_CASE("shared_routes: a symbol that is missing is an error at start, not in a request") {
  CHECK_THAT(refusal(folder + "/routes_unresolved.so"), ContainsSubstring("defined_nowhere"));
}

TEST_CASE("shared_routes: an object without entry points is refused") {
  CHECK_THAT(refusal(folder + "/routes_bare.so"), ContainsSubstring("has no FASTERAPI_ROUTES"));
}

TEST_CASE("shared_routes: what is no shared object is refused with its name") {
  CHECK_THAT(refusal(folder + "/absent.so"), ContainsSubstring("absent.so: "));
  CHECK_THAT(refusal("absent.so"), ContainsSubstring("C++ routes: ./absent.so: "));
  std::ofstream{folder + "/text.so"} << "text";
  CHECK_THAT(refusal(folder + "/text.so"), ContainsSubstring("text.so: "));
}

TEST_CASE("shared_routes: built-in routes answer, and are marked") {
  route_table_builder builder;
  add_compiled_routes(builder);
  const auto table = std::move(builder).build();
  for (const auto& each : table.routes()) CHECK(each->is_builtin == (each->pattern != "/compiled"));
  CHECK(serve(table, http::method::get, "/health").ends_with("\r\n\r\n{\"status\":\"ok\"}"));
  CHECK(serve(table, http::method::get, "/version")
            .ends_with("\r\n\r\n{\"version\":\"" FASTERAPI_VERSION "\",\"abi_version\":" +
                       std::to_string(abi_version) + "}"));
  CHECK(serve(table, http::method::get, "/compiled").ends_with("\r\n\r\nin"));
}

FASTERAPI_ROUTES(router) {
  router.add_cpp_route("GET", "/compiled", [](auto*, HttpResponse* res) { res->body("in"); });
}
