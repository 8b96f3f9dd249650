#include "observe/access_log.hpp"

#include "observe/escape.hpp"
#include "observe/log_state.hpp"

#include <iterator>
#include <random>
#include <spdlog/fmt/fmt.h>

namespace fasterapi::observe {

namespace {

double to_seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

void append_text(std::string& line, const access_record& record) {
  request_id_text id;
  append_quoted(line, record.client);
  line += " \"";
  append_quoted(line, record.method);
  line += ' ';
  append_quoted(line, record.target);
  fmt::format_to(std::back_inserter(line), " HTTP/1.{}\" {} {} {:.6f}s id={}", record.minor_version,
                 record.status, record.body_bytes, to_seconds(record.duration),
                 format_request_id(record.request_id, id));
}

void append_fields(std::string& line, const access_record& record) {
  request_id_text id;
  line += "\"client\":\"";
  append_json_escaped(line, record.client);
  line += "\",\"method\":\"";
  append_json_escaped(line, record.method);
  line += "\",\"target\":\"";
  append_json_escaped(line, record.target);
  fmt::format_to(
      std::back_inserter(line),
      R"(","protocol":"HTTP/1.{}","status":{},"bytes":{},"duration_s":{:.6f},"request_id":"{}")",
      record.minor_version, record.status, record.body_bytes, to_seconds(record.duration),
      format_request_id(record.request_id, id));
}

std::uint32_t process_number() {
  static const std::uint32_t number = std::random_device{}();
  return number;
}

} // namespace

void log_access(access_format format, const access_record& record) {
  if (format == access_format::off) return;
  thread_local std::string line; // keeps its capacity
  line.clear();
  const bool is_json = format == access_format::json;
  is_json ? append_fields(line, record) : append_text(line, record);
  log_state::get().write({std::chrono::system_clock::now(), level::info, "access", line, is_json});
}

std::string_view format_request_id(std::uint64_t id, request_id_text& into) noexcept {
  auto* const end = fmt::format_to(into.data(), "{:08x}-{:012x}", process_number(), id);
  return {into.data(), static_cast<std::size_t>(end - into.data())};
}

std::string format_request_id(std::uint64_t id) {
  request_id_text text;
  return std::string{format_request_id(id, text)};
}

} // namespace fasterapi::observe
