#pragma once

#include "observe/line_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace fasterapi::observe {

/// A bounded queue of records and the thread that writes them, on spdlog. When the queue is full
/// the oldest record makes way; the loss is counted, and reported in the log at most once a second.
class async_log {
public:
  /// `to` outlives it.
  async_log(line_writer& to, std::size_t queue_lines);
  ~async_log(); // writes what is queued
  async_log(const async_log&) = delete;
  async_log& operator=(const async_log&) = delete;

  void post(const record& posted); // any thread; the time is now
  void flush();                    // any thread; gives up after two seconds
  std::uint64_t dropped();         // any thread

private:
  class sink;
  class backend;
  std::unique_ptr<backend> backend_;
};

} // namespace fasterapi::observe
