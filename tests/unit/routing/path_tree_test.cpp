#include "routing/pattern.hpp"
#include "support/allocation_count.hpp"
#include "unit/routing/table_of.hpp"

#include <catch2/catch_test_macros.hpp>

#include <random>
#include <variant>

using namespace fasterapi;
using namespace fasterapi::routing;

namespace {

// A matcher without a tree: tries every length of every parameter.
bool matches(const std::vector<pattern_step>& steps, std::size_t step, std::string_view path) {
  if (step == steps.size()) return path.empty();
  if (const auto* literal = std::get_if<std::string>(&steps[step]))
    return path.starts_with(*literal) && matches(steps, step + 1, path.substr(literal->size()));
  const auto& parameters = std::get<parameter_step>(steps[step]);
  for (std::size_t size = 0; size <= path.size(); ++size) {
    const auto part = path.substr(0, size);
    if (parameters.first != path_parameter::kind::rest && part.find('/') != part.npos) break;
    std::string_view values[2];
    if (parameters.match(part, values) && matches(steps, step + 1, path.substr(size))) return true;
  }
  return false;
}

const char* const segments[] = {"a",         "ab",        "b",        "{x}",        "{x:int}",
                                "1",         "{x}.a",     "a{x}",     "{x}-{y}",    "{x:int}-{y}",
                                "{x:float}", "a{x}-{y}b", "{p:path}", "{p:path}.a", "b{p:path}"};

std::string random_pattern(std::mt19937& random) {
  std::string pattern;
  unsigned parameters = 0;
  bool has_rest = false;
  for (auto count = random() % 4; count != 0 || pattern.empty(); count -= count != 0) {
    std::string segment = segments[random() % std::size(segments)];
    if (segment.find("path") != segment.npos && std::exchange(has_rest, true)) segment = "a";
    for (std::size_t at = 0; (at = segment.find('{', at)) != segment.npos; ++at)
      segment.replace(at + 1, 1, "n" + std::to_string(parameters++));
    pattern += '/' + segment;
    if (count == 0) break;
  }
  if (random() % 4 == 0) pattern += '/';
  return pattern;
}

std::string random_path(std::mt19937& random) {
  constexpr std::string_view bytes = "//aabb11.-";
  std::string path = "/";
  for (auto size = random() % 12; size != 0; --size) path += bytes[random() % bytes.size()];
  return path;
}

} // namespace

TEST_CASE("path_tree: finds a pattern exactly where one of them matches by itself") {
  std::mt19937 random{20261123};
  std::size_t found_count = 0;
  for (int table_index = 0; table_index != 400; ++table_index) {
    route_table_builder builder{{.redirect_slashes = false}};
    for (auto count = 1 + random() % 12; count != 0; --count) {
      try {
        builder.add(route_at("GET", random_pattern(random)));
      } catch (const std::logic_error&) { // the same shape twice
      }
    }
    const auto table = std::move(builder).build();
    for (int i = 0; i != 300; ++i) {
      const auto path = random_path(random);
      http::path_values params;
      const auto found = table.find(http::method::get, "GET", path, params);
      bool is_expected = false;
      for (const auto& each : table.routes())
        is_expected |= matches(read_pattern(each->pattern).steps, 0, path);
      INFO(path);
      REQUIRE((found.what == match::kind::found) == is_expected);
      if (!is_expected) continue;
      ++found_count;
      INFO(found.route->pattern);
      REQUIRE(matches(read_pattern(found.route->pattern).steps, 0, path));
      // The values, put into the pattern, are the path again.
      std::string rebuilt = found.route->pattern;
      for (std::size_t value = 0; value != params.count; ++value) {
        const auto open = rebuilt.find('{');
        rebuilt.replace(open, rebuilt.find('}') + 1 - open, params.values[value]);
      }
      REQUIRE(rebuilt == path);
    }
  }
  CHECK(found_count > 10000);
}

TEST_CASE("path_tree: a search allocates nothing, whatever it finds") {
  const auto table = table_of({"GET /a/{x}/{y}-{z}.json", "POST /b", "GET /c/{rest:path}/d"});
  http::path_values params;
  const auto before = tests::allocation_count();
  for (const std::string_view path : {"/a/1/2-3.json", "/b", "/c/1/2/3/d", "/a/", "/b/", "/x"})
    table.find(http::method::get, "GET", path, params);
  CHECK(tests::allocation_count() == before);
}
