// A request to a Python route, from received bytes to the bytes to send: parse, route, ring,
// interpreter, arguments, handler, JSON, answer. In one thread, which is what the work itself
// costs, and with a reactor's thread and workers'. The socket and the reactor's epoll are left out.
#include "complete_system_kinds.hpp"
#include "support/app_routes.hpp"
#include "support/crossing_host.hpp"
#include "support/inline_host.hpp"
#include "support/measure_load.hpp"
#include "support/on_core.hpp"
#include "support/python_values.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace fasterapi;

namespace {

const std::string app = FASTERAPI_SOURCE_DIR "/bench/micro/complete_app.py:app";

void measure_inline(bench::inline_host& host, const routing::route_table& routes,
                    bench::request_kind kind) {
  kind.name = "inline: " + kind.name;
  if (!bench::results().wants(kind.name)) return;
  bench::load load = host.make_load(routes, kind);
  const auto run = [&](bench::load& prepared) { host.run(prepared); };
  bench::row measured{kind.name, {}};
  auto& results = bench::results();
  if (!bench::is_under_callgrind()) {
    bench::measure_batches(measured, load, results.scaled(101, 3), results.scaled(10'000, 500),
                           run);
    bench::measure_each(measured, load, results.scaled(1'000'000, 1000), run);
  }
  bench::count_instructions(measured, load, run);
  if (!bench::is_under_callgrind()) results.add(std::move(measured));
}

/// The ring kept full tells the throughput, one request at a time the latency.
void measure_crossing(bench::crossing_host& host, const routing::route_table& routes,
                      bench::request_kind kind, const std::string& before) {
  kind.name = before + kind.name;
  if (!bench::results().wants(kind.name)) return;
  const auto run = [&](bench::load& prepared) { host.run(prepared); };
  auto& results = bench::results();
  bench::row measured{kind.name, {}};
  bench::load many = host.make_load(routes, kind, 256);
  bench::measure_batches(measured, many, results.scaled(101, 3), results.scaled(10'000, 500), run);
  bench::load one = host.make_load(routes, kind, 1);
  bench::measure_each(measured, one, results.scaled(100'000, 500), run);
  results.add(std::move(measured));
}

/// Interpreters that do everything in their own threads at once.
void measure_parallel(const routing::route_table& routes, const bench::request_kind& kind,
                      unsigned count) {
  const std::string name = "inline, " + std::to_string(count) + " interpreters: " + kind.name;
  if (!bench::results().wants(name)) return;
  std::vector<std::unique_ptr<bench::inline_host>> hosts;
  std::vector<std::unique_ptr<bench::load>> loads;
  for (unsigned i = 0; i < count; ++i) {
    const bench::on_core place{i};
    hosts.push_back(std::make_unique<bench::inline_host>(app));
    loads.emplace_back(new bench::load(hosts[i]->make_load(routes, kind)));
  }
  std::vector<double> wall(bench::results().scaled(101, 3));
  double cpu = 0;
  for (double& each : wall) {
    for (unsigned i = 0; i < count; ++i) {
      loads[i]->prepare(bench::results().scaled(50'000, 500), nullptr);
      hosts[i]->start(*loads[i]);
    }
    double slowest = 0;
    for (unsigned i = 0; i < count; ++i) {
      hosts[i]->wait();
      slowest = std::max(slowest, loads[i]->result().wall_ns);
      cpu += loads[i]->result().cpu_ns / count;
    }
    each = slowest / count;
  }
  bench::row measured{name, {}};
  const auto batches = static_cast<double>(wall.size());
  bench::spread{std::move(wall)}.describe(measured);
  measured.figures.emplace_back("cpu_ns", cpu / batches);
  bench::results().add(std::move(measured));
}

/// On one core as a server with one has it; with the reactor on another than the worker; and for
/// the typical kind with a worker for each core.
void measure_crossings(const routing::route_table& routes, unsigned cores) {
  const auto kinds = bench::complete_system_kinds();
  const auto measure = [&](bench::crossing_host& host, const std::string& before, bool is_whole) {
    for (const auto& each : kinds) {
      if (each.under_way == 1 && (is_whole || each.is_typical))
        measure_crossing(host, routes, each, before);
    }
  };
  {
    const bench::on_core first{0};
    bench::crossing_host host{app, 1};
    measure(host, "crossing, one core: ", true);
  }
  {
    std::optional<bench::on_core> place{1};
    bench::crossing_host host{app, 1};
    place.reset();
    const bench::on_core first{0};
    measure(host, "crossing, two cores: ", true);
  }
  bench::crossing_host host{app, cores};
  measure(host, "crossing, " + std::to_string(cores) + " workers: ", false);
}

void measure_all() {
  bench::inline_host host{app};
  const auto routes = bench::build_app_routes(host.app());
  for (const auto& each : bench::complete_system_kinds()) measure_inline(host, routes, each);
  if (bench::is_under_callgrind()) return; // it runs one thread at a time
  const unsigned cores = std::max(2U, std::thread::hardware_concurrency());
  for (const auto& each : bench::complete_system_kinds()) {
    if (each.is_typical) measure_parallel(routes, each, cores);
  }
  measure_crossings(routes, cores);
}

} // namespace

int main(int count, char* arguments[]) {
  bench::results().start(count, arguments);
  {
    const python::runtime python{bench::python_settings()};
    measure_all();
  }
  return bench::results().finish();
}
