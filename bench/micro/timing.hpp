#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>

namespace fasterapi::bench {

/// Keeps the compiler from dropping what computes `value`.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

using clock = std::chrono::steady_clock;

template <class Body>
double nanoseconds_per_call(std::size_t calls, Body& body) {
  const auto start = clock::now();
  for (std::size_t i = 0; i < calls; ++i) body();
  const std::chrono::duration<double, std::nano> elapsed = clock::now() - start;
  return elapsed.count() / static_cast<double>(calls);
}

/// Times runs of about 5 ms each and prints the median, and as its spread the quartiles. `items` is
/// what one call does of the thing named.
template <class Body>
void measure(const char* name, Body body, std::size_t items = 1) {
  constexpr double run = 5e6; // ns
  std::size_t calls = 1;
  while (nanoseconds_per_call(calls, body) * static_cast<double>(calls) < run / 4) calls *= 2;
  calls = static_cast<std::size_t>(run / nanoseconds_per_call(calls, body)) + 1;

  std::array<double, 101> runs{};
  for (double& each : runs) {
    each = nanoseconds_per_call(calls, body) / static_cast<double>(items);
  }
  std::sort(runs.begin(), runs.end());
  std::printf("%-44s %9.1f ns  [%.1f, %.1f]\n", name, runs[runs.size() / 2], runs[runs.size() / 4],
              runs[runs.size() * 3 / 4]);
}

} // namespace fasterapi::bench
