#pragma once

#include "config/settings.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fasterapi::config {

/// Where a key lives in settings; its type is the key's.
using member =
    std::variant<std::string& (*)(settings&), bool& (*)(settings&), std::uint16_t& (*)(settings&),
                 int& (*)(settings&), unsigned& (*)(settings&), std::uint64_t& (*)(settings&),
                 std::chrono::milliseconds& (*)(settings&),
                 std::vector<std::string>& (*)(settings&)>;

enum class kind { text, choice, boolean, integer, size, duration, list };

/// One row of the table that file, variables, flags, help, print, schema and documentation are made
/// of.
struct key {
  std::string_view name; // "listen.port": the path in the file
  config::member member;
  std::string_view description;
  std::uint64_t least = 0; // integers; sizes in bytes; durations in milliseconds
  std::uint64_t most = std::numeric_limits<std::int64_t>::max(); // of texts: their length in bytes
  std::vector<std::string_view> choices = {};                    // the texts allowed; empty: any
  bool is_size = false;
  std::string_view short_flag = {};             // instead of the flag named after the path
  bool (*is_valid)(std::string_view) = nullptr; // texts that are not empty; null: all are
  std::string_view form = {};                   // "a path that ...": what it wants, for errors

  config::kind kind() const;
  std::string flag() const;     // "--port", "--limits-max-body-bytes"
  std::string variable() const; // "FASTERAPI_PORT"
};

/// A nested object of the file.
struct section {
  std::string_view name;
  std::string_view description;
};

const std::vector<key>& keys();
const std::vector<section>& sections();

const key* find_key(std::string_view name);
const key* find_flag(std::string_view flag);
const key* find_variable(std::string_view variable);

} // namespace fasterapi::config
