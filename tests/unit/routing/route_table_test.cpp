#include "unit/routing/table_of.hpp"

#include <catch2/catch_test_macros.hpp>

#include <stdexcept>

using namespace fasterapi;
using namespace fasterapi::routing;

TEST_CASE("route_table: literal paths are told apart by every byte") {
  const auto table = table_of({"GET /", "GET /a", "GET /ab", "GET /abc/d", "GET /abd", "GET /b/c"});
  for (const auto* path : {"/", "/a", "/ab", "/abc/d", "/abd", "/b/c"})
    CHECK(get(table, path) == path);
  for (const auto* path : {"", "/abc", "/abcd", "/b", "/b/", "/b/cc", "/A", "//", "x"})
    CHECK(get(table, path) == "404");
}

TEST_CASE("route_table: a star serves the methods that no other route of its place does") {
  const auto table =
      table_of({"GET /a/{x}", "* /a/{y}", "LOCK /a/{z}", "PUT /a/b", "* /c", "GET /d"});
  CHECK(find(table, "GET", "/a/1") == "/a/{x} 1");
  CHECK(find(table, "HEAD", "/a/1") == "/a/{x} 1");
  CHECK(find(table, "LOCK", "/a/1") == "/a/{z} 1");
  for (const auto* method : {"POST", "OPTIONS", "PROPFIND", "*"})
    CHECK(find(table, method, "/a/1") == "/a/{y} 1");
  CHECK(find(table, "GET", "/a/b") == "/a/{x} b");
  CHECK(find(table, "HEAD", "/c") == "/c");
  CHECK(find(table, "OPTIONS", "*") == "204 GET, HEAD, LOCK, OPTIONS, PUT");
  CHECK_THROWS_AS(table_of({"* /a/{x}", "* /a/{y}"}), std::logic_error);
}

TEST_CASE("route_table: a parameter takes one segment, and never an empty one") {
  const auto table =
      table_of({"GET /users/{id}", "GET /users/{id}/posts/{post}"}, {.redirect_slashes = false});
  CHECK(get(table, "/users/7") == "/users/{id} 7");
  CHECK(get(table, "/users/a b") == "/users/{id} a b");
  CHECK(get(table, "/users/7/posts/x") == "/users/{id}/posts/{post} 7 x");
  CHECK(get(table, "/users/") == "404");
  CHECK(get(table, "/users//posts/x") == "404");
  CHECK(get(table, "/users/7/posts/") == "404");
  CHECK(get(table, "/users/7/8") == "404");
}

TEST_CASE("route_table: a literal segment beats a parameter") {
  const auto table =
      table_of({"GET /users/{id}", "GET /users/me", "GET /users/{id:int}", "GET /users/{rest:path}",
                "GET /users/{id:uuid}", "GET /users/{id:float}"});
  CHECK(get(table, "/users/me") == "/users/me");
  CHECK(get(table, "/users/12") == "/users/{id:int} 12");
  CHECK(get(table, "/users/1.5") == "/users/{id:float} 1.5");
  CHECK(get(table, "/users/123e4567-e89b-12d3-a456-426614174000") ==
        "/users/{id:uuid} 123e4567-e89b-12d3-a456-426614174000");
  CHECK(get(table, "/users/melanie") == "/users/{id} melanie");
  CHECK(get(table, "/users/m") == "/users/{id} m");
  CHECK(get(table, "/users/me/x") == "/users/{rest:path} me/x");
  CHECK(get(table, "/users/") == "/users/{rest:path} ");
}

TEST_CASE("route_table: a branch that fails is backed out of") {
  const auto table = table_of(
      {"GET /a/b/c", "GET /a/{x}/d", "GET /{y}/b/e", "GET /{y}/{z}/{w}/f", "GET /{rest:path}"});
  CHECK(get(table, "/a/b/c") == "/a/b/c");
  CHECK(get(table, "/a/b/d") == "/a/{x}/d b");
  CHECK(get(table, "/a/b/e") == "/{y}/b/e a");
  CHECK(get(table, "/a/b/g/f") == "/{y}/{z}/{w}/f a b g");
  CHECK(get(table, "/a/b/g") == "/{rest:path} a/b/g");
  CHECK(get(table, "/") == "/{rest:path} ");
}

TEST_CASE("route_table: a rest parameter holds slashes and may be followed by text") {
  const auto table = table_of({"GET /files/{rest:path}", "GET /raw/{rest:path}/meta",
                               "GET /img/{rest:path}.png", "GET /v{rest:path}/of/{id:int}"},
                              {.redirect_slashes = false});
  CHECK(get(table, "/files/a/b.txt") == "/files/{rest:path} a/b.txt");
  CHECK(get(table, "/files//") == "/files/{rest:path} /");
  CHECK(get(table, "/files") == "404");
  CHECK(get(table, "/raw/a/meta/b/meta") == "/raw/{rest:path}/meta a/meta/b");
  CHECK(get(table, "/raw//meta") == "/raw/{rest:path}/meta ");
  CHECK(get(table, "/raw/a/meta/b") == "404");
  CHECK(get(table, "/img/a/b.png") == "/img/{rest:path}.png a/b");
  CHECK(get(table, "/vx/of/3/of/4") == "/v{rest:path}/of/{id:int} x/of/3 4");
}

TEST_CASE("route_table: text and parameters mix within a segment") {
  const auto table =
      table_of({"GET /@{user}", "GET /{user}", "GET /f/{name}.json", "GET /f/{name}.tar.json",
                "GET /f/{name}", "GET /d/{year:int}-{month:int}", "GET /d/{a}-{b}",
                "GET /d/{a}-{b}.x/y", "GET /p/v{n:int}/{m}"});
  CHECK(get(table, "/@ann") == "/@{user} ann");
  CHECK(get(table, "/@") == "/{user} @");
  CHECK(get(table, "/f/a.json") == "/f/{name}.json a");
  CHECK(get(table, "/f/a.json.json") == "/f/{name}.json a.json");
  CHECK(get(table, "/f/a.tar.json") == "/f/{name}.tar.json a");
  CHECK(get(table, "/f/.json") == "/f/{name} .json");
  CHECK(get(table, "/f/a.jso") == "/f/{name} a.jso");
  CHECK(get(table, "/d/2026-11") == "/d/{year:int}-{month:int} 2026 11");
  CHECK(get(table, "/d/a-b-c") == "/d/{a}-{b} a-b c"); // the first takes all it can
  CHECK(get(table, "/d/a-b-") == "/d/{a}-{b} a b-");
  CHECK(get(table, "/d/a-b.x/y") == "/d/{a}-{b}.x/y a b");
  CHECK(get(table, "/d/-b") == "404");
  CHECK(get(table, "/p/v2/x") == "/p/v{n:int}/{m} 2 x");
  CHECK(get(table, "/p/vx/x") == "404");
}

TEST_CASE("route_table: the types of parameters are Starlette's") {
  const auto table =
      table_of({"GET /i/{x:int}", "GET /f/{x:float}", "GET /u/{x:uuid}", "GET /s/{x:str}"});
  for (const auto* text : {"0", "007", "123456789012345678901234567890"})
    CHECK(get(table, "/i/" + std::string{text}) == "/i/{x:int} " + std::string{text});
  for (const auto* text : {"-1", "+1", "1.0", "1_0", "a", " 1"})
    CHECK(get(table, "/i/" + std::string{text}) == "404");
  for (const auto* text : {"0", "1.5"})
    CHECK(get(table, "/f/" + std::string{text}) == "/f/{x:float} " + std::string{text});
  for (const auto* text : {"1.", ".5", "1.2.3", "1e5", "-1"})
    CHECK(get(table, "/f/" + std::string{text}) == "404");
  const std::string plain = "123e4567e89b12d3a456426614174000";
  CHECK(get(table, "/u/" + plain) == "/u/{x:uuid} " + plain);
  for (const auto& text : {plain + "0", plain.substr(1), '-' + plain, plain + '-',
                           std::string{"123e4567--e89b12d3a456426614174000"}})
    CHECK(get(table, "/u/" + text) == "404");
  CHECK(get(table, "/s/x") == "/s/{x:str} x");
}

TEST_CASE("route_table: another method of a known path is 405 with Allow") {
  const auto table = table_of({"GET /a", "POST /a", "DELETE /b", "PURGE /c", "HEAD /d"});
  CHECK(find(table, "PUT", "/a") == "405 GET, HEAD, OPTIONS, POST");
  CHECK(find(table, "GET", "/b") == "405 DELETE, OPTIONS");
  CHECK(find(table, "HEAD", "/b") == "405 DELETE, OPTIONS");
  CHECK(find(table, "BREW", "/c") == "405 OPTIONS, PURGE");
  CHECK(find(table, "get", "/a") == "405 GET, HEAD, OPTIONS, POST");
  CHECK(find(table, "GET", "/d") == "405 HEAD, OPTIONS");
  CHECK(find(table, "PURGE", "/c") == "/c");
}

TEST_CASE("route_table: a branch that has the method beats one that has only others") {
  const auto table = table_of(
      {"POST /users/me", "GET /users/{name}", "DELETE /users/{id:int}", "PATCH /{rest:path}"});
  CHECK(get(table, "/users/me") == "/users/{name} me");
  CHECK(find(table, "POST", "/users/me") == "/users/me");
  CHECK(find(table, "PATCH", "/users/me") == "/{rest:path} users/me");
  CHECK(find(table, "PUT", "/users/me") == "405 GET, HEAD, OPTIONS, PATCH, POST");
  CHECK(find(table, "PUT", "/users/7") == "405 DELETE, GET, HEAD, OPTIONS, PATCH");
}

TEST_CASE("route_table: HEAD is served by the route of GET unless it has its own") {
  const auto table = table_of({"GET /a", "GET /b", "HEAD /b"});
  http::path_values params;
  CHECK(table.find(http::method::head, "HEAD", "/a", params).route->method == "GET");
  CHECK(table.find(http::method::head, "HEAD", "/b", params).route->method == "HEAD");
}

TEST_CASE("route_table: OPTIONS is answered with Allow unless it has a route") {
  const auto table = table_of({"GET /a", "POST /{x}", "OPTIONS /b"});
  CHECK(find(table, "OPTIONS", "/a") == "204 GET, HEAD, OPTIONS, POST");
  CHECK(find(table, "OPTIONS", "/b") == "/b");
  CHECK(find(table, "OPTIONS", "/x/y") == "404");
  CHECK(find(table, "OPTIONS", "*") == "204 GET, HEAD, OPTIONS, POST");
  CHECK(find(table, "GET", "*") == "404");
  CHECK(find(table_of({}), "OPTIONS", "*") == "204 OPTIONS");
}

TEST_CASE("route_table: the other form of a trailing slash is a redirect, as FastAPI does it") {
  const auto table =
      table_of({"GET /a", "GET /b/", "GET /c/{x}", "GET /d/{rest:path}", "GET /e", "POST /e/"});
  CHECK(get(table, "/a/") == "307");
  CHECK(get(table, "/b") == "307");
  CHECK(get(table, "/c/1/") == "307");
  CHECK(get(table, "/d") == "307");
  CHECK(get(table, "/e/") == "405 OPTIONS, POST"); // a path that matches is not redirected
  CHECK(find(table, "POST", "/b") == "307");       // where 405 will tell
  CHECK(get(table, "/a//") == "404");
  CHECK(get(table, "/") == "404");
  CHECK(get(table, "/nothing/") == "404");
  const std::string deep(5000, 'x');
  CHECK(get(table, "/d/" + deep) == "/d/{rest:path} " + deep);
  CHECK(get(table_of({"GET /{x}/"}), '/' + deep) == "307");
  CHECK(get(table_of({"GET /a", "GET /b/"}, {.redirect_slashes = false}), "/a/") == "404");
}

TEST_CASE("route_table: no redirect leads to another host") {
  const auto table = table_of({"GET /{rest:path}/"});
  CHECK(get(table, "/x") == "307");
  CHECK(get(table, "//host") == "404");
}

TEST_CASE("route_table: values of a failed branch do not stay") {
  const auto table = table_of({"GET /{a}/{b}/{c}", "GET /{rest:path}/x"});
  http::path_values params;
  CHECK(get(table, "/1/2/3/x") == "/{rest:path}/x 1/2/3");
  table.find(http::method::get, "GET", "/1/2/3/4", params);
  CHECK(params.count == 0);
}

TEST_CASE("route_table: long and hostile paths cost time in proportion to their length") {
  const auto table = table_of({"GET /{a}-{b}/{c}-{d}/x", "GET /{rest:path}/end", "GET /{a}/{b}/y",
                               "GET /{a:int}/{b:int}/y"});
  std::string path;
  while (path.size() < 60000) path += "/1-1-1-1-1";
  CHECK(get(table, path) == "404");
  CHECK(get(table, std::string(60000, '/')) == "404");
  CHECK(get(table, '/' + std::string(60000, '-') + "/x") == "404");
}
