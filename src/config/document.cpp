#include "config/document.hpp"

#include "config/file.hpp"
#include "config/load.hpp"
#include "config/value.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>

namespace fasterapi::config {
namespace {

constexpr std::size_t max_depth = 16;
constexpr std::size_t message_length = 200;

/// Turns ascending offsets into positions, in one pass over the text.
class position_finder {
public:
  explicit position_finder(std::string_view text) : text_(text) {}

  position at(std::size_t offset) {
    for (; offset_ < offset; ++offset_) {
      if (text_[offset_] == '\n') {
        found_ = {found_.line + 1, 1};
      } else if ((static_cast<unsigned char>(text_[offset_]) & 0xC0) != 0x80) {
        ++found_.column; // only the first byte of a UTF-8 sequence
      }
    }
    return found_;
  }

private:
  std::string_view text_;
  std::size_t offset_ = 0;
  position found_;
};

/// An input iterator that tells how far the lexer has read.
class tracked_iterator {
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  tracked_iterator(const char* at, const char*& read) : at_(at), read_(&read) {}
  reference operator*() const { return *at_; }
  tracked_iterator& operator++() {
    *read_ = ++at_;
    return *this;
  }
  bool operator==(const tracked_iterator& other) const { return at_ == other.at_; }
  bool operator!=(const tracked_iterator& other) const { return at_ != other.at_; }

private:
  const char* at_;
  const char** read_;
};

/// Receives nlohmann's events; after each one `read` is behind the token, or, behind a number, on.
class tree_builder {
public:
  tree_builder(std::string_view text, std::string_view name)
      : text_(text), name_(name), read_(text.data()), finder_(text) {}

  node build();

  bool null() { return scalar(node::type::null, "null", 4); }
  bool boolean(bool value) {
    return scalar(node::type::boolean, value ? "true" : "false", value ? 4 : 5);
  }
  bool number_integer(std::int64_t value) {
    return number(node::type::integer, std::to_string(value));
  }
  bool number_unsigned(std::uint64_t value) {
    return number(node::type::integer, std::to_string(value));
  }
  bool number_float(double, const std::string& written) {
    return number(node::type::number, written);
  }
  bool string(std::string& value) {
    open(node::type::text, string_start()).text = std::move(value);
    return close();
  }
  bool binary(std::vector<std::uint8_t>&) { return false; } // not in JSON
  bool start_object(std::size_t) { return start(node::type::object); }
  bool key(std::string& name) {
    key_ = std::move(name);
    key_at_ = finder_.at(string_start());
    return true;
  }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return start(node::type::array); }
  bool end_array() { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& error);

private:
  std::size_t offset() const { return static_cast<std::size_t>(read_ - text_.data()); }
  [[noreturn]] void fail(std::size_t at, const std::string& message) const;
  std::size_t string_start() const;
  std::size_t number_start() const;
  node& open(node::type is, std::size_t at);
  bool close();
  bool start(node::type is);
  bool scalar(node::type is, const char* text, std::size_t length);
  bool number(node::type is, std::string text);

  std::string_view text_;
  std::string_view name_;
  const char* read_;
  position_finder finder_;
  std::string key_;
  position key_at_;
  node root_;
  std::vector<node*> open_; // a node's children do not move while one of them is open
};

node tree_builder::build() {
  const char* const end = text_.data() + text_.size();
  const char* ignored = end;
  nlohmann::json::sax_parse(tracked_iterator{text_.data(), read_}, tracked_iterator{end, ignored},
                            this, nlohmann::json::input_format_t::json, true, true);
  return std::move(root_);
}

void tree_builder::fail(std::size_t at, const std::string& message) const {
  throw config_error{place(name_, position_finder{text_}.at(at)) + message};
}

bool tree_builder::parse_error(std::size_t, const std::string&,
                               const nlohmann::json::exception& error) {
  // "[json.exception.parse_error.101] parse error at line 2, column 3: what is wrong"
  std::string_view what = error.what();
  if (const auto colon = what.find(": ", what.find("column")); colon != what.npos)
    what.remove_prefix(colon + 2);
  std::string message{what.substr(0, message_length)};
  for (char& c : message)
    if (c < ' ' || c == 0x7f) c = '?';
  const bool is_at_end = what.find("unexpected end") != what.npos;
  fail(is_at_end ? offset() : offset() - 1, message);
}

/// A string cannot hold a bare quote, so the one before its end begins it.
std::size_t tree_builder::string_start() const {
  std::size_t at = offset() - 1;
  for (;;) {
    at = text_.rfind('"', at - 1);
    std::size_t backslashes = 0;
    while (backslashes < at && text_[at - 1 - backslashes] == '\\') ++backslashes;
    if (backslashes % 2 == 0) return at;
  }
}

/// The lexer reads a number's end one character ahead.
std::size_t tree_builder::number_start() const {
  const auto is_part = [&](std::size_t at) {
    return std::string_view{"+-.0123456789eE"}.find(text_[at]) != std::string_view::npos;
  };
  std::size_t at = is_part(offset() - 1) ? offset() : offset() - 1;
  while (at > 0 && is_part(at - 1)) --at;
  return at;
}

node& tree_builder::open(node::type is, std::size_t at) {
  if (open_.size() > max_depth) fail(at, "nested too deeply");
  node& opened = open_.empty() ? root_ : open_.back()->children.emplace_back();
  opened.is = is;
  opened.at = finder_.at(at);
  if (!open_.empty() && open_.back()->is == node::type::object) {
    opened.name = std::move(key_);
    opened.name_at = key_at_;
  }
  open_.push_back(&opened);
  return opened;
}

bool tree_builder::close() {
  open_.pop_back();
  return true;
}

bool tree_builder::start(node::type is) {
  open(is, offset() - 1);
  return true;
}

bool tree_builder::scalar(node::type is, const char* text, std::size_t length) {
  open(is, offset() - length).text = text;
  return close();
}

bool tree_builder::number(node::type is, std::string text) {
  open(is, number_start()).text = std::move(text);
  return close();
}

} // namespace

node parse_document(std::string_view text, std::string_view name) {
  if (text.size() > max_file_bytes)
    throw config_error{std::string{name} + ": larger than 1 MiB, so no configuration"};
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  if (text.find_first_not_of(" \t\r\n") == text.npos)
    throw config_error{std::string{name} + ": empty; expected a JSON object, at least {}"};
  node root = tree_builder{text, name}.build();
  if (root.is != node::type::object)
    throw config_error{place(name, root.at) + "expected a JSON object, {...}"};
  return root;
}

std::string place(std::string_view name, position at) {
  return std::string{name} + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": ";
}

std::string quote(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace fasterapi::config
