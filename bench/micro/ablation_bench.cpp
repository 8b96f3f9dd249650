// What each optimisation gives: a request with two typed arguments, bytes in to bytes out, with all
// of them, without each alone, without any; then those that only handlers of request objects have.
// Two threads have the interpreters, on a core each; the crossing variants add the reactor's. Every
// variant is measured once per round, so they share the machine's moods; the median of the rounds
// counts. Instructions are those of one thread that does everything.
#include "ablation/run.hpp"
#include "support/on_core.hpp"
#include "support/python_values.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace fasterapi;

namespace {

constexpr unsigned thread_count = 2;

struct runner {
  bench::ablation_cost (*time)(bench::threads&, const bench::ablation_request&, std::size_t);
  // Null: several threads take part.
  std::optional<double> (*count)(bench::threads&, const bench::ablation_request&,
                                 const std::string&);
};

struct switches {
  bool has_own_gil = true;
  bool has_ring = true;
  bool has_views = true;
  bool is_inline = true;
};

constexpr switches all_off{false, false, false, false};

struct variant {
  std::string name;
  switches has;
  bench::ablation_request asked;
  std::vector<double> wall{};
  std::vector<double> cpu{};
};

std::string name_of(const switches& of) {
  return std::string{of.has_own_gil ? "own GILs" : "one shared GIL"} + ", " +
         (of.has_ring ? "ring" : "mutex queue") + ", " +
         (of.has_views ? "zero-copy" : "string building") + ", " +
         (of.is_inline ? "inline" : "crossing threads");
}

template <class Path, class Copies>
runner choose_dispatch(bool is_inline) {
  return is_inline ? runner{bench::run_inline<Path, Copies>, bench::count_inline<Path, Copies>}
                   : runner{bench::run_crossing<Path, Copies>, nullptr};
}

template <class Path>
runner choose_copies(const switches& of) {
  return of.has_views ? choose_dispatch<Path, bench::no_copies>(of.is_inline)
                      : choose_dispatch<Path, bench::string_copies>(of.is_inline);
}

runner choose(const switches& of) {
  return of.has_ring ? choose_copies<bench::ring_path>(of) : choose_copies<bench::mutex_path>(of);
}

void add_typed(std::vector<variant>& to, const routing::route_table& routes) {
  for (unsigned bits = 0; bits < 16; ++bits) {
    const switches has{(bits & 8) == 0, (bits & 4) == 0, (bits & 2) == 0, (bits & 1) == 0};
    to.push_back({name_of(has), has, {&routes}});
  }
}

/// Handlers of (req, res), which are given two objects; the typed ones are given none of ours.
void add_pooling(std::vector<variant>& to, const routing::route_table& routes) {
  const bench::ablation_request pooled{&routes, bench::handlers::req_res, R"({"id":42})"};
  bench::ablation_request anew = pooled;
  anew.pooled = 0;
  to.push_back({"(req, res), objects used again", {}, pooled});
  to.push_back({"(req, res), objects made anew", {}, anew});
  to.push_back({"(req, res), all off", all_off, anew});
}

/// Handlers of a request, and of a list of them.
void add_batching(std::vector<variant>& to, const routing::route_table& routes) {
  const bench::ablation_request single{&routes, bench::handlers::request_only, R"({"id":"42"})"};
  bench::ablation_request batched = single, anew = single;
  batched.handler = bench::handlers::batch;
  batched.at_once = 10;
  anew.pooled = 0;
  to.push_back({"a request, batches of 10", {}, batched});
  to.push_back({"a request, one by one", {}, single});
  to.push_back({"a request, all off", all_off, anew});
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

void count_instructions(const variant& of, bench::row& into, bench::threads& on) {
  const runner run = choose(of.has);
  if (run.count == nullptr) return;
  if (const auto each = run.count(on, of.asked, of.name))
    into.figures.emplace_back("instructions", *each);
}

/// Once in each round.
void time_all(std::vector<variant>& variants, bench::threads& own, bench::threads& shared) {
  const auto rounds = bench::results().scaled(11, 1);
  const auto requests = bench::results().scaled(100'000, 500);
  for (std::size_t round = 0; round <= rounds; ++round) {
    for (variant& each : variants) {
      auto& on = each.has.has_own_gil ? own : shared;
      const auto cost = choose(each.has).time(on, each.asked, requests);
      if (round == 0) continue; // warm-up
      each.wall.push_back(cost.wall_ns);
      each.cpu.push_back(cost.cpu_ns);
    }
  }
}

void describe(variant& of, bench::row& into) {
  bench::spread{std::move(of.wall)}.describe(into);
  into.figures.emplace_back("cpu_ns", bench::spread{std::move(of.cpu)}.median());
}

void measure() {
  const auto routes = build_routes();
  std::vector<variant> variants;
  add_typed(variants, routes);
  add_pooling(variants, routes);
  add_batching(variants, routes);
  std::erase_if(variants, [](const variant& each) { return !bench::results().wants(each.name); });
  auto own = make_threads(bench::gil::own);
  auto shared = make_threads(bench::gil::shared);
  const bool is_timed = !bench::is_under_callgrind();
  if (is_timed) time_all(variants, own, shared);
  for (variant& each : variants) {
    bench::row measured{each.name, {}};
    if (is_timed) describe(each, measured);
    if (each.has.has_own_gil) count_instructions(each, measured, own);
    if (is_timed) bench::results().add(std::move(measured));
  }
}

} // namespace

int main(int count, char* arguments[]) {
  bench::results().start(count, arguments);
  {
    const python::runtime python{bench::python_settings()};
    measure();
  }
  return bench::results().finish();
}
