#include "observe/line_writer.hpp"

#include "observe/escape.hpp"

#include <array>
#include <cstdlib>
#include <iterator>
#include <spdlog/fmt/fmt.h>

namespace fasterapi::observe {

namespace {

constexpr std::size_t write_at_bytes = 16 * 1024;

struct level_name {
  std::string_view plain;
  std::string_view padded;
  std::string_view colour; // ECMA-48, SGR
};
constexpr std::array<level_name, 6> level_names{{
    {"trace", "TRACE", "\x1b[90m"},
    {"debug", "DEBUG", "\x1b[36m"},
    {"info", "INFO ", "\x1b[32m"},
    {"warning", "WARN ", "\x1b[33m"},
    {"error", "ERROR", "\x1b[31m"},
    {"off", "OFF  ", ""},
}};

const level_name& name_of(level at) { return level_names[static_cast<std::size_t>(at)]; }

// no-color.org: set and not empty means no colour.
bool is_colour_refused() {
  const char* refused = std::getenv("NO_COLOR");
  return refused != nullptr && *refused != '\0';
}

} // namespace

line_writer::line_writer(std::unique_ptr<output> to, bool is_json)
    : output_{std::move(to)}, is_json_{is_json}, is_coloured_{output_->is_terminal() &&
                                                              !is_colour_refused()} {
  lines_.reserve(write_at_bytes + 4096);
}

void line_writer::write(const record& written, bool more_follows) {
  const std::lock_guard lock{mutex_};
  append(written);
  if (!more_follows || lines_.size() >= write_at_bytes) write_out();
}

void line_writer::flush() {
  const std::lock_guard lock{mutex_};
  write_out();
}

void line_writer::write_out() {
  output_->write(lines_);
  lines_.clear();
}

void line_writer::append(const record& appended) {
  if (is_json_ || appended.is_fields) {
    append_json(appended);
  } else {
    append_text(appended);
  }
}

void line_writer::append_json(const record& appended) {
  lines_ += "{\"time\":\"";
  append_time(appended.time);
  lines_ += "\",\"level\":\"";
  lines_ += name_of(appended.at).plain;
  lines_ += "\",\"room\":\"";
  append_json_escaped(lines_, appended.room);
  if (appended.is_fields) {
    lines_ += "\",";
    lines_ += appended.text;
    lines_ += "}\n";
  } else {
    lines_ += "\",\"message\":\"";
    append_json_escaped(lines_, appended.text);
    lines_ += "\"}\n";
  }
}

void line_writer::append_text(const record& appended) {
  append_time(appended.time);
  lines_ += ' ';
  append_level(appended.at);
  lines_ += ' ';
  append_message(lines_, appended.room);
  lines_ += ": ";
  append_message(lines_, appended.text);
  lines_ += '\n';
}

void line_writer::append_level(level at) {
  const auto& name = name_of(at);
  if (is_coloured_) lines_ += name.colour;
  lines_ += name.padded;
  if (is_coloured_) lines_ += "\x1b[0m";
}

void line_writer::append_time(std::chrono::system_clock::time_point time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const auto second = std::chrono::system_clock::to_time_t(whole);
  if (second != second_) {
    std::tm utc{};
    ::gmtime_r(&second, &utc);
    second_text_ = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", utc.tm_year + 1900,
                               utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
    second_ = second;
  }
  const auto part = std::chrono::duration_cast<std::chrono::milliseconds>(time - whole).count();
  fmt::format_to(std::back_inserter(lines_), "{}.{:03}Z", second_text_, part);
}

} // namespace fasterapi::observe
