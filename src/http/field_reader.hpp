#pragma once

#include "http/error.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <string_view>

namespace fasterapi::http {

/// Boost.Beast's parser, for the fields of a head or a trailer section. A derived type gets each
/// one as views of the bytes read. What Beast lets pass and we do not is refused by the callers
/// before (obs-fold, bare LF) or in take() (framing). The request line is not its matter:
/// request_line has read that. Included by this room's sources only.
class field_reader : private boost::beast::http::basic_parser<true> {
public:
  /// Reads a whole section, its empty line included. Once per object.
  error read(std::string_view section);

protected:
  using field_id = boost::beast::http::field;

  field_reader();
  virtual error take(field_id id, std::string_view name, std::string_view value) = 0;

private:
  using code = boost::beast::error_code;
  using text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, text, text, int, code&) final {}
  void on_response_impl(int, text, int, code&) final {}
  void on_field_impl(field_id id, text name, text value, code& failed) final;
  void on_header_impl(code&) final {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, code&) final {}
  std::size_t on_body_impl(text, code&) final { return 0; }
  void on_chunk_header_impl(std::uint64_t, text, code&) final {}
  std::size_t on_chunk_body_impl(std::uint64_t, text, code&) final { return 0; }
  void on_finish_impl(code&) final {}

  error refused_;
};

} // namespace fasterapi::http
