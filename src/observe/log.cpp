#include "observe/log.hpp"

#include "observe/log_state.hpp"

namespace fasterapi::observe {

void start_log(const log_settings& settings) { log_state::get().start(settings); }

void stop_log() noexcept { log_state::get().stop(); }

void set_threshold(level threshold) noexcept {
  log_state::get().threshold.store(threshold, std::memory_order_relaxed);
}

bool is_enabled(level at) noexcept {
  return at != level::off && at >= log_state::get().threshold.load(std::memory_order_relaxed);
}

void log(level at, std::string_view room, std::string_view message) {
  if (!is_enabled(at)) return;
  log_state::get().write({std::chrono::system_clock::now(), at, room, message, false});
}

void flush_log() noexcept { log_state::get().flush(); }

std::uint64_t dropped_lines() noexcept { return log_state::get().dropped(); }

} // namespace fasterapi::observe
