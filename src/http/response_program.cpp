#include "http/response_program.hpp"

#include "http/json_string.hpp"
#include "http/request.hpp"
#include "http/utf8.hpp"

#include <algorithm>
#include <string_view>

namespace fasterapi::http {

namespace {

using piece = response_program::piece;

std::string replaced(std::string_view text) {
  std::string made;
  append_replaced(made, text);
  return made;
}

std::string from_latin(std::string_view text) {
  std::string made;
  append_latin_as_utf8(made, text);
  return made;
}

// As a handler in Python gets it, in UTF-8.
std::optional<std::string> value_of(const piece& wanted, const HttpRequest& request) {
  switch (wanted.from) {
  case piece::source::path_param:
    return replaced(request.path_param(wanted.place));
  case piece::source::query:
    if (const auto value = request.query_param(wanted.text)) return replaced(*value);
    return std::nullopt;
  case piece::source::header:
    if (const auto field = request.header(wanted.text)) return from_latin(*field);
    return std::nullopt;
  case piece::source::path:
    return replaced(request.path());
  default:
    return wanted.text;
  }
}

// As {name:int} matches it; JSON has no leading zeros.
void append_integer(std::string& into, std::string_view digits) {
  const bool is_negative = digits.starts_with('-');
  if (is_negative) digits.remove_prefix(1);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty())
    digits = "0";
  else if (is_negative)
    into += '-';
  into += digits;
}

void append_value(std::string& into, const piece& wanted, std::string_view value) {
  switch (wanted.as) {
  case piece::form::raw:
    into += value;
    return;
  case piece::form::inside_string:
    return append_json_escaped(into, value);
  case piece::form::json_string:
    into += '"';
    append_json_escaped(into, value);
    into += '"';
    return;
  case piece::form::integer:
    return append_integer(into, value);
  }
}

// The name of what is missing and needed, or nullptr.
const piece* append(std::string& into, const response_program::pieces& all,
                    const HttpRequest& request) {
  for (const piece& each : all) {
    if (each.from == piece::source::literal) {
      into += each.text;
    } else if (const auto value = value_of(each, request)) {
      append_value(into, each, *value);
    } else if (each.fallback) {
      into += *each.fallback;
    } else {
      return &each;
    }
  }
  return nullptr;
}

void refuse(const piece& missing, HttpResponse& response) {
  const char* const where = missing.from == piece::source::query ? "query" : "header";
  std::string name;
  append_json_escaped(name, missing.text);
  response.status(422).set_json(R"({"detail":[{"type":"missing","loc":[")" + std::string{where} +
                                R"(",")" + name + R"("],"msg":"Field required","input":null}]})");
}

} // namespace

void response_program::run(const HttpRequest& request, HttpResponse& response) const {
  if (body.size() == 1 && body.front().from == piece::source::literal) {
    response.body(body.front().text);
  } else {
    std::string text;
    if (const piece* const missing = append(text, body, request)) return refuse(*missing, response);
    response.body(text);
  }
  std::string text;
  std::string value;
  for (const auto& [name, all] : fields) {
    text.clear();
    value.clear();
    if (const piece* const missing = append(text, all, request)) return refuse(*missing, response);
    append_utf8_as_latin(value, text);
    if (iequals(name, "content-type"))
      response.content_type(value);
    else
      response.header(name, value);
  }
  response.status(status);
}

} // namespace fasterapi::http
