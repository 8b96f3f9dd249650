#pragma once

#include "support/load.hpp"
#include "support/report.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace fasterapi::bench {

/// Batches: the median batch, and the CPU time of all of them.
template <class Run>
void measure_batches(row& into, load& driven, std::size_t batches, std::size_t requests, Run run) {
  std::vector<double> runs(batches);
  double cpu = 0;
  for (double& each : runs) {
    driven.prepare(requests, nullptr);
    run(driven);
    each = driven.result().wall_ns;
    cpu += driven.result().cpu_ns;
  }
  spread{std::move(runs)}.describe(into);
  into.figures.emplace_back("cpu_ns", cpu / static_cast<double>(batches));
}

template <class Run>
void measure_each(row& into, load& driven, std::size_t requests, Run run) {
  samples times{requests};
  driven.prepare(requests, &times);
  run(driven);
  times.describe(into);
}

template <class Run>
void count_instructions(row& into, load& driven, Run run) {
  driven.prepare(500, nullptr);
  run(driven);
  driven.prepare(500, nullptr, true);
  run(driven);
  const auto each = driven.result().instructions;
  if (each) into.figures.emplace_back("instructions", *each);
}

} // namespace fasterapi::bench
