#pragma once

#include "dispatch/job.hpp"
#include "http/response.hpp"
#include "support/timing.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fasterapi::bench {

/// Zero-copy, as the server does it: the request stays views into the input, the handler's result
/// is serialised into the output, and the head is put before it.
struct no_copies {
  static void receive(const http::request&) {}
  static void finish(http::exchange& held) { held.response.finish(); }
};

/// What frameworks with owning messages do: each part of the request a string of its own, the
/// answer's body one, its head another, both joined in a third, which is copied into the output.
struct string_copies {
  static void receive(const http::request& from) {
    std::vector<std::pair<std::string, std::string>> fields;
    for (const auto& [name, value] : from.fields) fields.emplace_back(name, value);
    const std::string parts[] = {std::string{from.method_text}, std::string{from.target},
                                 std::string{from.path}, std::string{from.query},
                                 std::string{from.body}};
    keep(fields);
    keep(parts);
  }

  static void finish(http::exchange& held) {
    auto& [input, collected, output, request, response, params] = held;
    const std::string body{output.view().substr(output.size() - response.body_size())};
    std::string head = "HTTP/1.1 " + std::to_string(response.status()) + " ";
    head += http::reason_phrase(response.status());
    head += "\r\nDate: " + std::string{http::http_date()} + "\r\n";
    head += "Content-Type: " + std::string{response.content_type()} + "\r\n";
    head += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    const std::string whole = head + body;
    output.clear();
    output.append(whole);
  }
};

} // namespace fasterapi::bench
