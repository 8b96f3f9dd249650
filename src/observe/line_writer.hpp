#pragma once

#include "observe/log.hpp"
#include "observe/output.hpp"

#include <chrono>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace fasterapi::observe {

struct record {
  std::chrono::system_clock::time_point time;
  level at = level::info;
  std::string_view room;
  std::string_view text;
  bool is_fields = false; // `text` is the rest of a JSON object, "\"status\":200"
};

/// Turns records into lines and collects them into few writes. Any thread; in practice the log's.
class line_writer {
public:
  explicit line_writer(std::unique_ptr<output> to, bool is_json = false);

  /// `more_follows`: another record comes at once, so the write can wait for it.
  void write(const record& written, bool more_follows);
  void flush();
  void hurry() noexcept { output_->hurry(); }

private:
  void append(const record& appended);
  void append_time(std::chrono::system_clock::time_point time);
  void append_level(level at);
  void append_json(const record& appended);
  void append_text(const record& appended);
  void write_out();

  std::mutex mutex_;
  std::unique_ptr<output> output_;
  bool is_json_;
  bool is_coloured_;
  std::string lines_;       // not yet written
  std::time_t second_ = -1; // which second_text_ shows
  std::string second_text_; // "2026-11-23T12:00:00"
};

} // namespace fasterapi::observe
