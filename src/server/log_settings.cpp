#include "server/log_settings.hpp"

namespace fasterapi::server {

namespace {

observe::level to_level(const std::string& name) {
  if (name == "trace") return observe::level::trace;
  if (name == "debug") return observe::level::debug;
  if (name == "warning") return observe::level::warning;
  if (name == "error") return observe::level::error;
  if (name == "off") return observe::level::off;
  return observe::level::info;
}

} // namespace

observe::log_settings to_log_settings(const config::settings& from) {
  observe::log_settings to;
  to.threshold = to_level(from.log.level);
  to.is_json = from.log.format == "json";
  to.file = from.log.file;
  return to;
}

} // namespace fasterapi::server
