#include "unit/routing/table_of.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>

#include <stdexcept>

using namespace fasterapi;
using namespace fasterapi::routing;
using Catch::Matchers::Message;

namespace {

route builtin(std::string pattern) {
  auto made = route_at("GET", std::move(pattern), 99);
  made.is_builtin = true;
  return made;
}

std::string complaint(std::string method, std::string pattern) {
  route_table_builder builder;
  try {
    builder.add(route_at(std::move(method), std::move(pattern), 3));
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

} // namespace

TEST_CASE("route_table_builder: a conflict names both places") {
  route_table_builder builder;
  builder.add(route_at("GET", "/a/{x}", 12));
  builder.add(route_at("POST", "/a/{y}", 13)); // another method is none
  builder.add(route_at("GET", "/a/{y:int}", 14));
  CHECK_THROWS_MATCHES(
      builder.add(route_at("GET", "/a/{y}", 30)), std::logic_error,
      Message("GET /a/{y} (app.py:30) is already taken by GET /a/{x} (app.py:12)"));
  CHECK_THROWS_AS(builder.add(route_at("GET", "/a/{z:int}", 31)), std::logic_error);
}

TEST_CASE("route_table_builder: shapes of mixed segments are compared without their names") {
  route_table_builder builder;
  builder.add(route_at("GET", "/{a}-{b}.json", 1));
  builder.add(route_at("GET", "/{a}-{b:int}.json", 2));
  builder.add(route_at("GET", "/{a}-{b}.xml", 3));
  CHECK_THROWS_AS(builder.add(route_at("GET", "/{c}-{d}.json", 4)), std::logic_error);
}

TEST_CASE("route_table_builder: a built-in gives way, whichever comes first") {
  for (const bool is_first : {true, false}) {
    route_table_builder builder;
    if (is_first) builder.add(builtin("/health"));
    builder.add(route_at("GET", "/health", 5));
    if (!is_first) builder.add(builtin("/health"));
    const auto table = std::move(builder).build();
    http::path_values params;
    CHECK(table.find(http::method::get, "GET", "/health", params).route->origin == "app.py:5");
    CHECK(table.routes().size() == 1);
  }
}

TEST_CASE("route_table_builder: a built-in stays where only other methods or shapes are taken") {
  route_table_builder builder;
  builder.add(builtin("/health"));
  builder.add(route_at("POST", "/health", 5));
  builder.add(route_at("GET", "/{x}", 6));
  const auto table = std::move(builder).build();
  http::path_values params;
  CHECK(table.find(http::method::get, "GET", "/health", params).route->is_builtin);
}

TEST_CASE("route_table_builder: built-ins can be left out") {
  route_table_builder builder{{.builtin_routes = false}};
  builder.add(builtin("/health"));
  CHECK(std::move(builder).build().routes().empty());
}

TEST_CASE("route_table_builder: routes keep their order") {
  const auto table = table_of({"GET /c", "GET /a", "GET /b"});
  REQUIRE(table.routes().size() == 3);
  CHECK(table.routes()[0]->pattern == "/c");
  CHECK(table.routes()[2]->pattern == "/b");
}

TEST_CASE("route_table_builder: known methods are written in any case, others as they are") {
  const auto table = table_of({"get /a", "Purge /a"});
  CHECK(find(table, "GET", "/a") == "/a");
  CHECK(find(table, "Purge", "/a") == "/a");
  CHECK(find(table, "PURGE", "/a") == "405 GET, HEAD, OPTIONS, Purge");
}

TEST_CASE("route_table_builder: a bad route is refused with its place and the reason") {
  CHECK(complaint("GET", "a") == "GET a (app.py:3): a pattern starts with '/'");
  CHECK(complaint("", "/") == " / (app.py:3): the method is no token");
  CHECK(complaint("G T", "/").ends_with("the method is no token"));
  CHECK(complaint("GET", "").ends_with("a pattern starts with '/'"));
  for (const auto* pattern : {"/{", "/}", "/{a", "/a}", "/{a{b}}", "/{a}}"})
    CHECK(complaint("GET", pattern).ends_with("unbalanced braces"));
  for (const auto* name : {"", "1a", "a-b", "a b", "\xc3\xa9"})
    CHECK(complaint("GET", "/{" + std::string{name} + "}").ends_with("is no name for a parameter"));
  CHECK(complaint("GET", "/{a:number}")
            .ends_with("unknown type 'number' of a parameter: int, float, uuid, str or path"));
  CHECK(complaint("GET", "/{a:}").ends_with("int, float, uuid, str or path"));
  CHECK(complaint("GET", "/{a}/{a}").ends_with("parameter 'a' appears twice"));
  CHECK(complaint("GET", "/{a}{b}").ends_with("two parameters without text between them"));
  CHECK(complaint("GET", "/{a}-{b}-{c}").ends_with("more than two parameters in one segment"));
  CHECK(complaint("GET", "/{a:path}/x/{b:path}").ends_with("more than one path parameter"));
  for (const auto* pattern : {"/{a:path}-{b}", "/{a}-{b:path}", "/{a:path}{b}"})
    CHECK(complaint("GET", pattern)
              .ends_with("a path parameter shares its segment with another parameter"));
  for (const auto* pattern : {"/.", "/../a", "/a/./b", "/a/.."})
    CHECK(complaint("GET", pattern).ends_with("dot segments are refused in requests"));
  CHECK(complaint("GET", "/a\n").ends_with("control character"));
}

TEST_CASE("route_table_builder: sixteen parameters are the most") {
  std::string pattern;
  for (int i = 0; i != 16; ++i) pattern += "/{p" + std::to_string(i) + '}';
  CHECK(complaint("GET", pattern).empty());
  CHECK(complaint("GET", pattern + "/{p16}").ends_with("more than 16 parameters"));
}

TEST_CASE("parse_pattern: names and types in order of appearance") {
  const auto parameters = parse_pattern("/a/{id:int}-{name}.json/{rest:path}");
  REQUIRE(parameters.size() == 3);
  CHECK(parameters[0].name == "id");
  CHECK(parameters[0].what == path_parameter::kind::integer);
  CHECK(parameters[1].name == "name");
  CHECK(parameters[1].what == path_parameter::kind::segment);
  CHECK(parameters[2].what == path_parameter::kind::rest);
  CHECK(parse_pattern("/a").empty());
}

TEST_CASE("router: a C++ route carries its place in the source") {
  route_table_builder builder;
  Router router{builder};
  router.add_cpp_route("GET", "/x", [](HttpRequest*, HttpResponse*) {});
  CHECK_THROWS_AS(router.add_cpp_route("GET", "/y", nullptr), std::invalid_argument);
  const auto table = std::move(builder).build();
  CHECK(table.routes()[0]->type == HandlerType::CPP);
  CHECK(table.routes()[0]->origin.find("route_table_builder_test.cpp:") != std::string::npos);
}

TEST_CASE("route_table_builder: WebSockets have a table of their own") {
  route_table_builder builder;
  const auto socket = [](const char* pattern, const char* origin) {
    route made;
    made.pattern = pattern;
    made.origin = origin;
    made.is_websocket = true;
    return made;
  };
  route page;
  page.method = "GET";
  page.pattern = "/chat";
  builder.add(page);
  builder.add(socket("/chat", "a.py:1"));
  builder.add(socket("/rooms/{room}", "a.py:2"));
  CHECK_THROWS_MATCHES(builder.add(socket("/rooms/{other}", "a.py:3")), std::logic_error,
                       Message("WEBSOCKET /rooms/{other} (a.py:3) is already taken by WEBSOCKET "
                               "/rooms/{room} (a.py:2)"));
  const auto table = std::move(builder).build();
  http::path_values params;
  REQUIRE(table.find_websocket("/chat", params) != nullptr);
  CHECK(table.find_websocket("/chat", params)->origin == "a.py:1");
  REQUIRE(table.find_websocket("/rooms/den", params) != nullptr);
  CHECK(params.values[0] == "den");
  CHECK(table.find_websocket("/rooms/den/", params) == nullptr);
  CHECK(table.find(http::method::get, "GET", "/rooms/den", params).what == match::kind::not_found);
  CHECK(table.find(http::method::get, "GET", "/chat", params).route->is_websocket == false);
}
