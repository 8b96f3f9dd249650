#pragma once

#include "python/codec.hpp"
#include "python/py_ref.hpp"

#include <simdjson.h>

#include <memory>

namespace fasterapi::python {

/// A Python value of a parsed one, as json.loads has it. Null with an exception set: a
/// UnicodeDecodeError for a lone surrogate.
py_ref to_python(simdjson::dom::element value, key_cache& keys);
py_ref to_python(std::string_view text);

/// The interpreter's parser on loan: what it parsed stays whatever code runs meanwhile, which would
/// get another one.
class lent_parser {
public:
  explicit lent_parser(codec& of) : of_(of), parser_(std::move(of.parser)) {
    if (!parser_) parser_.reset(new simdjson::dom::parser);
  }
  ~lent_parser() { of_.parser = std::move(parser_); }
  lent_parser(const lent_parser&) = delete;
  lent_parser& operator=(const lent_parser&) = delete;

  simdjson::dom::parser& operator*() const noexcept { return *parser_; }
  /// Its memory goes back, not to it.
  void drop() { parser_.reset(); }

private:
  codec& of_;
  std::unique_ptr<simdjson::dom::parser, free_parser> parser_;
};

} // namespace fasterapi::python
