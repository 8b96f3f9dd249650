#pragma once

#include "config/key.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace fasterapi::config {

/// "64k", "16MiB": k, m, g and KiB, MiB, GiB are powers of 1024; kB, MB, GB of 1000.
std::optional<std::uint64_t> parse_size(std::string_view text);
/// "10", "0.5" (seconds), "500ms", "10s", "2m", "1h"; to the nearest millisecond.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
/// true, yes, on, 1 and their opposites, in any case.
std::optional<bool> parse_boolean(std::string_view text);

/// Writes the value that `text` stands for into the key's member, behind the others of a list.
/// False, and nothing written, where it is malformed or out of range.
bool assign(const key& target, std::string_view text, settings& into);
/// Empties a list; others stay.
void clear(const key& target, settings& into);
/// "an integer from 0 to 65535": the end of an error message.
std::string expected(const key& target);

/// The value as JSON text; durations in seconds, sizes in bytes.
std::string to_json(const key& target, const settings& from);
/// A JSON string; bytes that are no UTF-8 are replaced (U+FFFD).
std::string quote(std::string_view text);

} // namespace fasterapi::config
