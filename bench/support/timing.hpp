#pragma once

#include "support/instructions.hpp"
#include "support/report.hpp"
#include "support/samples.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace fasterapi::bench {

/// Keeps the compiler from dropping what computes `value`.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

template <class Body>
double nanoseconds_per_call(std::size_t calls, Body& body) {
  const auto start = clock::now();
  for (std::size_t i = 0; i < calls; ++i) body();
  return to_nanoseconds(clock::now() - start) / static_cast<double>(calls);
}

template <class Body>
spread time_calls(Body& body, std::size_t items) {
  const double run = results().is_smoke() ? 1e5 : 5e6; // ns
  std::size_t calls = 1;
  while (nanoseconds_per_call(calls, body) * static_cast<double>(calls) < run / 4) calls *= 2;
  calls = static_cast<std::size_t>(run / nanoseconds_per_call(calls, body)) + 1;
  std::vector<double> runs(results().scaled(101, 3));
  for (double& each : runs) {
    each = nanoseconds_per_call(calls, body) / static_cast<double>(items);
  }
  return spread{std::move(runs)};
}

template <class Body>
void count_calls(row& into, Body& body, std::size_t items) {
  constexpr std::size_t calls = 200;
  for (std::size_t i = 0; i < calls; ++i) body();
  instruction_count counted;
  counted.start();
  for (std::size_t i = 0; i < calls; ++i) body();
  const auto each = counted.stop(into.name, calls * items);
  if (each) into.figures.emplace_back("instructions", *each);
}

template <class Body>
void time_each_call(row& into, Body& body) {
  const std::size_t calls = results().scaled(1'000'000, 1000);
  samples times{calls};
  auto before = clock::now();
  for (std::size_t i = 0; i < calls; ++i) {
    body();
    const auto after = clock::now();
    times.add(after - before);
    before = after;
  }
  times.describe(into);
}

/// Times runs of about 5 ms each: the median, and as its spread the quartiles; then counts the
/// instructions of some calls. `items` is what one call does of the thing named.
template <class Body>
void measure(const std::string& name, Body body, std::size_t items = 1) {
  if (!results().wants(name)) return;
  row measured{name, {}};
  if (!is_under_callgrind()) time_calls(body, items).describe(measured);
  count_calls(measured, body, items);
  if (!is_under_callgrind()) results().add(std::move(measured));
}

/// The same without counting, where another thread does half of it.
template <class Body>
void time_only(const std::string& name, Body body, std::size_t items = 1) {
  if (!results().wants(name) || is_under_callgrind()) return;
  row measured{name, {}};
  time_calls(body, items).describe(measured);
  results().add(std::move(measured));
}

/// The same, and each call timed by itself: mean, p50, p95 and p99.
template <class Body>
void measure_singly(const std::string& name, Body body) {
  if (!results().wants(name)) return;
  row measured{name, {}};
  if (!is_under_callgrind()) {
    time_calls(body, 1).describe(measured);
    time_each_call(measured, body);
  }
  count_calls(measured, body, 1);
  if (!is_under_callgrind()) results().add(std::move(measured));
}

} // namespace fasterapi::bench
