#pragma once

#include "http/request.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fasterapi::tests {

/// A request head as Boost.Beast's parser reads it: the reference for ours, which is to be as
/// strict.
class beast_head : private boost::beast::http::basic_parser<true> {
public:
  explicit beast_head(std::string_view head) {
    header_limit(std::numeric_limits<std::uint32_t>::max());
    body_limit(boost::none);
    code failed;
    put({head.data(), head.size()}, failed);
    is_accepted_ = !failed && is_header_done();
  }

  bool is_accepted() const { return is_accepted_; }
  /// The same request as ours: its line, its fields, where its body ends.
  bool agrees_with(const http::request& ours) const {
    return is_accepted_ &&
           line_ == std::pair{std::string{ours.method_text}, std::string{ours.target}} &&
           version_ == (ours.is_http_1_0 ? 10 : 11) && has_fields_of(ours) &&
           chunked() == ours.is_chunked && has_length_of(ours);
  }

private:
  using code = boost::beast::error_code;
  using text = boost::beast::string_view;

  bool has_fields_of(const http::request& ours) const {
    if (fields_.size() != ours.fields.size()) return false;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const auto& [name, value] = ours.fields[i];
      if (fields_[i].first != name) return false;
      // An absolute-form's host stands in place of what the field says.
      const bool is_replaced = ours.host != fields_[i].second && http::iequals(name, "host");
      if (value != (is_replaced ? ours.host : std::string_view{fields_[i].second})) return false;
    }
    return true;
  }
  bool has_length_of(const http::request& ours) const {
    const auto length = content_length();
    return length.has_value() == ours.content_length.has_value() &&
           (!length || *length == *ours.content_length);
  }

  void on_request_impl(boost::beast::http::verb, text method, text target, int version,
                       code&) final {
    line_ = {std::string{method}, std::string{target}};
    version_ = version;
  }
  void on_response_impl(int, text, int, code&) final {}
  void on_field_impl(boost::beast::http::field, text name, text value, code&) final {
    fields_.emplace_back(name, value);
  }
  void on_header_impl(code&) final {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, code&) final {}
  std::size_t on_body_impl(text, code&) final { return 0; }
  void on_chunk_header_impl(std::uint64_t, text, code&) final {}
  std::size_t on_chunk_body_impl(std::uint64_t, text, code&) final { return 0; }
  void on_finish_impl(code&) final {}

  bool is_accepted_ = false;
  int version_ = 0;
  std::pair<std::string, std::string> line_;
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// Beast knows no later version than 1.1, which is how we read them.
inline std::string with_version_for_beast(std::string_view head) {
  std::string known{head};
  const auto end = known.find("\r\n", known.find_first_not_of("\r\n"));
  if (end != std::string::npos && end >= 3 && known[end - 1] > '1') known[end - 1] = '1';
  return known.erase(0, known.find_first_not_of("\r\n")); // nor empty lines before a request
}

} // namespace fasterapi::tests
