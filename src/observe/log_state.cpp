#include "observe/log_state.hpp"

#include <thread>
#include <utility>

namespace fasterapi::observe {

class log_state::use {
public:
  explicit use(log_state& used) noexcept : used_{used} { used_.users_.fetch_add(1); }
  ~use() { used_.users_.fetch_sub(1); }
  use(const use&) = delete;
  use& operator=(const use&) = delete;

private:
  log_state& used_;
};

log_state& log_state::get() {
  static auto* state = new log_state;
  return *state;
}

log_state::log_state() : owned_writer_{std::make_unique<line_writer>(std::make_unique<output>())} {
  writer_.store(owned_writer_.get());
}

void log_state::start(const log_settings& settings) {
  auto to =
      settings.file.empty() ? std::make_unique<output>() : std::make_unique<output>(settings.file);
  auto writer = std::make_unique<line_writer>(std::move(to), settings.is_json);
  auto started = std::make_unique<async_log>(*writer, settings.queue_lines);
  const std::lock_guard lock{start_stop_};
  threshold.store(settings.threshold, std::memory_order_relaxed);
  writer_.store(writer.get());
  retire(running_.exchange(started.release()));
  owned_writer_ = std::move(writer);
}

void log_state::stop() noexcept {
  const std::lock_guard lock{start_stop_};
  owned_writer_->hurry();
  retire(running_.exchange(nullptr));
}

void log_state::retire(async_log* retired) {
  while (users_.load() != 0) std::this_thread::yield();
  if (retired == nullptr) return;
  const std::unique_ptr<async_log> ended{retired};
  dropped_before_.fetch_add(ended->dropped());
}

void log_state::flush() {
  const use used{*this};
  if (auto* running = running_.load()) {
    running->flush();
  } else {
    writer_.load()->flush();
  }
}

void log_state::write(const record& written) {
  const use used{*this};
  if (auto* running = running_.load()) {
    running->post(written);
  } else {
    writer_.load()->write(written, false);
  }
}

std::uint64_t log_state::dropped() {
  const use used{*this};
  auto* running = running_.load();
  return dropped_before_.load() + (running == nullptr ? 0 : running->dropped());
}

} // namespace fasterapi::observe
