// What each optimisation gives: a request with two typed arguments, bytes in to bytes out, with all
// of them, without each alone, without any. Two threads have the interpreters, on a core each;
// the crossing variants add the reactor's. Every combination is measured once per round, so they
// share the machine's moods; the median of the rounds counts.
#include "ablation/run.hpp"
#include "support/on_core.hpp"
#include "support/python_values.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

using namespace fasterapi;

namespace {

constexpr unsigned thread_count = 2;
using runner = bench::ablation_cost (*)(bench::threads&, const bench::ablation_request&,
                                        std::size_t);

struct variant {
  bool has_own_gil;
  bool has_ring;
  bool has_views;
  bool is_inline;
  std::vector<double> wall{};
  std::vector<double> cpu{};
};

std::string name_of(const variant& of) {
  return std::string{of.has_own_gil ? "own GILs" : "one shared GIL"} + ", " +
         (of.has_ring ? "ring" : "mutex queue") + ", " +
         (of.has_views ? "zero-copy" : "string building") + ", " +
         (of.is_inline ? "inline" : "crossing threads");
}

template <class Path, class Copies>
runner choose_dispatch(bool is_inline) {
  return is_inline ? bench::run_inline<Path, Copies> : bench::run_crossing<Path, Copies>;
}

template <class Path>
runner choose_copies(const variant& of) {
  return of.has_views ? choose_dispatch<Path, bench::no_copies>(of.is_inline)
                      : choose_dispatch<Path, bench::string_copies>(of.is_inline);
}

runner choose(const variant& of) {
  return of.has_ring ? choose_copies<bench::ring_path>(of) : choose_copies<bench::mutex_path>(of);
}

std::vector<variant> all_variants() {
  std::vector<variant> made;
  for (unsigned bits = 0; bits < 16; ++bits)
    made.push_back({(bits & 8) == 0, (bits & 4) == 0, (bits & 2) == 0, (bits & 1) == 0});
  return made;
}

bench::threads make_threads(bench::gil kind) {
  bench::threads made;
  for (unsigned i = 0; i < thread_count; ++i) {
    const bench::on_core place{i};
    made.push_back(std::make_unique<bench::interpreter_thread>(kind));
  }
  return made;
}

routing::route_table build_routes() {
  routing::route_table_builder builder;
  builder.add({.type = HandlerType::PYTHON,
               .cpp = {},
               .python_handler = 0,
               .method = "GET",
               .pattern = "/users/{user_id}",
               .origin = "bench",
               .is_builtin = false});
  return std::move(builder).build();
}

void add_row(const std::string& name, std::vector<double>& wall, std::vector<double>& cpu) {
  if (wall.empty()) return;
  bench::row measured{name, {}};
  bench::spread{std::move(wall)}.describe(measured);
  measured.figures.emplace_back("cpu_ns", bench::spread{std::move(cpu)}.median());
  bench::results().add(std::move(measured));
}

void measure() {
  const auto routes = build_routes();
  const bench::ablation_request asked{routes};
  auto own = make_threads(bench::gil::own);
  auto shared = make_threads(bench::gil::shared);
  auto variants = all_variants();
  const auto rounds = bench::results().scaled(11, 1);
  const auto requests = bench::results().scaled(100'000, 500);
  for (std::size_t round = 0; round <= rounds; ++round) {
    for (variant& each : variants) {
      if (!bench::results().wants(name_of(each))) continue;
      const auto cost = choose(each)(each.has_own_gil ? own : shared, asked, requests);
      if (round == 0) continue; // warm-up
      each.wall.push_back(cost.wall_ns);
      each.cpu.push_back(cost.cpu_ns);
    }
  }
  for (variant& each : variants) add_row(name_of(each), each.wall, each.cpu);
}

/// Of a handler of (req, res), which is given two objects; the others are given none of ours.
void measure_pooling() {
  const auto routes = build_routes();
  struct {
    const char* name;
    std::size_t pooled;
    std::vector<double> wall{};
    std::vector<double> cpu{};
  } variants[] = {{"(req, res), objects used again", python::object_pool::most},
                  {"(req, res), objects made anew", 0}};
  auto on = make_threads(bench::gil::own);
  const auto requests = bench::results().scaled(100'000, 500);
  for (std::size_t round = 0; round <= bench::results().scaled(11, 1); ++round) {
    for (auto& each : variants) {
      if (!bench::results().wants(each.name)) continue;
      bench::ablation_request asked{routes};
      asked.body = R"({"id":42})";
      asked.handler = 1;
      asked.pooled = each.pooled;
      const auto cost = bench::run_inline<bench::ring_path, bench::no_copies>(on, asked, requests);
      if (round == 0) continue; // warm-up
      each.wall.push_back(cost.wall_ns);
      each.cpu.push_back(cost.cpu_ns);
    }
  }
  for (auto& each : variants) add_row(each.name, each.wall, each.cpu);
}

} // namespace

int main(int count, char* arguments[]) {
  bench::results().start(count, arguments);
  {
    const python::runtime python{bench::python_settings()};
    measure();
    measure_pooling();
  }
  return bench::results().finish();
}
