#include "observe/async_log.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <mutex>
#include <pthread.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/sink.h>
#include <string>

namespace fasterapi::observe {

namespace {

using steady_clock = std::chrono::steady_clock;
using spdlog::async_overflow_policy;
using logger_ptr = std::shared_ptr<spdlog::async_logger>;

constexpr std::chrono::seconds report_every{1};
constexpr std::chrono::seconds flush_patience{2};
constexpr std::chrono::milliseconds flush_again{50};

spdlog::level::level_enum to_spdlog(level at) {
  constexpr std::array levels{spdlog::level::trace, spdlog::level::debug, spdlog::level::info,
                              spdlog::level::warn,  spdlog::level::err,   spdlog::level::off};
  return levels[static_cast<std::size_t>(at)];
}

level from_spdlog(spdlog::level::level_enum at) {
  switch (at) {
  case spdlog::level::trace:
    return level::trace;
  case spdlog::level::debug:
    return level::debug;
  case spdlog::level::info:
    return level::info;
  case spdlog::level::warn:
    return level::warning;
  default:
    return level::error;
  }
}

std::string_view to_view(spdlog::string_view_t text) { return {text.data(), text.size()}; }

// Signals are the main thread's. SIGPIPE, blocked, lets a write to a closed pipe fail instead.
void settle_thread() {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
  ::pthread_setname_np(::pthread_self(), "log");
}

} // namespace

// What the queue's thread calls, one for each kind of record: spdlog's messages cannot carry it.
class async_log::sink final : public spdlog::sinks::sink {
public:
  sink(backend& home, bool takes_fields) : home_{home}, takes_fields_{takes_fields} {}

  void log(const spdlog::details::log_msg& message) override;
  void flush() override {}
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

private:
  backend& home_;
  bool takes_fields_;
};

class async_log::backend {
public:
  backend(line_writer& to, std::size_t queue_lines)
      : to_{to}, messages_{make_logger(false)}, fields_{make_logger(true)}, pool_{queue_lines, 1,
                                                                                  settle_thread,
                                                                                  [this] {
                                                                                    finish();
                                                                                  }} {}

  void post(const record& posted) {
    const spdlog::details::log_msg message{{posted.room.data(), posted.room.size()},
                                           to_spdlog(posted.at),
                                           {posted.text.data(), posted.text.size()}};
    pool_.post_log(logger_ptr{posted.is_fields ? fields_ : messages_}, message,
                   async_overflow_policy::overrun_oldest);
  }

  // A marker goes through the queue behind what was logged. It may be dropped like any record, so
  // it is sent again.
  void flush() {
    const auto deadline = steady_clock::now() + flush_patience;
    std::unique_lock lock{flush_mutex_};
    const auto ticket = ++last_ticket_;
    const auto is_done = [&] { return done_ticket_ >= ticket; };
    while (!is_done() && steady_clock::now() < deadline) {
      lock.unlock();
      post_marker(ticket);
      lock.lock();
      flushed_.wait_for(lock, flush_again, is_done);
    }
  }

  std::uint64_t dropped() { return pool_.overrun_counter(); }

  // By the queue's thread.
  void take(const spdlog::details::log_msg& message, bool is_fields) {
    if (message.level == spdlog::level::off) {
      take_marker(to_view(message.payload));
      return;
    }
    const bool more_follows = pool_.queue_size() > 0;
    to_.write({message.time, from_spdlog(message.level), to_view(message.logger_name),
               to_view(message.payload), is_fields},
              more_follows);
    report_loss();
  }

private:
  logger_ptr make_logger(bool takes_fields) {
    return std::make_shared<spdlog::async_logger>("log",
                                                  std::make_shared<sink>(*this, takes_fields),
                                                  std::weak_ptr<spdlog::details::thread_pool>{});
  }

  void post_marker(std::uint64_t ticket) {
    std::array<char, sizeof ticket> bytes;
    std::memcpy(bytes.data(), &ticket, sizeof ticket);
    pool_.post_log(logger_ptr{messages_}, {"log", spdlog::level::off, {bytes.data(), bytes.size()}},
                   async_overflow_policy::overrun_oldest);
  }

  void take_marker(std::string_view bytes) {
    std::uint64_t ticket = 0;
    std::memcpy(&ticket, bytes.data(), sizeof ticket);
    to_.flush();
    const std::lock_guard lock{flush_mutex_};
    if (ticket > done_ticket_) done_ticket_ = ticket;
    flushed_.notify_all();
  }

  void report_loss() {
    const auto now = steady_clock::now();
    if (now < next_report_) return;
    next_report_ = now + report_every;
    write_loss(pool_.overrun_counter());
  }

  void write_loss(std::uint64_t dropped) {
    if (dropped == reported_) return;
    const auto text =
        std::to_string(dropped - reported_) + " lines dropped: the log's queue was full";
    reported_ = dropped;
    to_.write({std::chrono::system_clock::now(), level::warning, "log", text}, false);
  }

  void finish() {
    write_loss(pool_.overrun_counter());
    to_.flush();
  }

  line_writer& to_;
  logger_ptr messages_;
  logger_ptr fields_;
  std::uint64_t reported_ = 0; // this and the next: the queue's thread only
  steady_clock::time_point next_report_{};
  std::mutex flush_mutex_;
  std::condition_variable flushed_;
  std::uint64_t last_ticket_ = 0;
  std::uint64_t done_ticket_ = 0;
  spdlog::details::thread_pool pool_; // last: ends, writing what is queued, before the rest
};

void async_log::sink::log(const spdlog::details::log_msg& message) {
  home_.take(message, takes_fields_);
}

async_log::async_log(line_writer& to, std::size_t queue_lines)
    : backend_{std::make_unique<backend>(to, queue_lines)} {}

async_log::~async_log() = default;

void async_log::post(const record& posted) { backend_->post(posted); }

void async_log::flush() { backend_->flush(); }

std::uint64_t async_log::dropped() { return backend_->dropped(); }

} // namespace fasterapi::observe
