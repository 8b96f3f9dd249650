#pragma once

#include "observe/async_log.hpp"
#include "observe/line_writer.hpp"
#include "observe/log.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace fasterapi::observe {

/// The process's log. Never destroyed: a thread that outlives main may still log.
class log_state {
public:
  static log_state& get();

  void start(const log_settings& settings);
  void stop() noexcept;
  void flush();
  void write(const record& written);
  std::uint64_t dropped();

  std::atomic<level> threshold{level::info};

private:
  log_state();
  void retire(async_log* retired);

  // Who is between reading what follows and using it: nothing of it goes away meanwhile.
  class use;
  std::atomic<unsigned> users_{0};
  std::atomic<line_writer*> writer_;
  std::atomic<async_log*> running_{nullptr};

  std::mutex start_stop_;
  std::unique_ptr<line_writer> owned_writer_;
  std::atomic<std::uint64_t> dropped_before_{0}; // by logs that were stopped
};

} // namespace fasterapi::observe
