#include "config/document.hpp"
#include "config/load.hpp"
#include "config/reference.hpp"
#include "config/suggestion.hpp"
#include "config/value.hpp"

#include <algorithm>

namespace fasterapi::config {
namespace {

constexpr std::size_t shown_bytes = 60;

/// RFC 6901, section 3.
std::string pointer_token(std::string_view name) {
  std::string made;
  for (const char c : name) {
    if (c == '~')
      made += "~0";
    else if (c == '/')
      made += "~1";
    else
      made += c;
  }
  return made;
}

std::string shown(const node& value) {
  switch (value.is) {
  case node::type::null:
    return "null";
  case node::type::object:
    return "an object";
  case node::type::array:
    return "an array";
  case node::type::text:
    return quote(value.text.substr(0, shown_bytes));
  default:
    return value.text.substr(0, shown_bytes);
  }
}

/// Whether JSON's type fits before the value is looked at; a text with a reference fits any scalar.
bool fits(kind wanted, node::type given) {
  switch (wanted) {
  case kind::text:
  case kind::choice:
    return given == node::type::text;
  case kind::boolean:
    return given == node::type::boolean;
  case kind::integer:
    return given == node::type::integer;
  case kind::size:
    return given == node::type::integer || given == node::type::text;
  case kind::duration:
    return given == node::type::integer || given == node::type::number || given == node::type::text;
  case kind::list:
    return given == node::type::array;
  }
  return false;
}

/// People write the address flat as well.
std::string_view without_alias(std::string_view name) {
  if (name == "host") return "listen.host";
  if (name == "port") return "listen.port";
  return name;
}

bool is_section(std::string_view name) {
  return std::any_of(sections().begin(), sections().end(),
                     [&](const section& each) { return each.name == name; });
}

class file_layer {
public:
  file_layer(std::string_view file, loaded& into, const environment& get)
      : file_(file), into_(into), get_(get) {}

  void apply(const node& object, const std::string& path, const std::string& pointer);

private:
  void apply_member(const node& member, const std::string& path, const std::string& pointer);
  void apply_key(const key& target, const node& value, const std::string& pointer);
  void apply_value(const key& target, const node& value, const std::string& pointer);
  void note_once(std::string_view name, const node& member, const std::string& pointer);
  [[noreturn]] void fail(position at, const std::string& pointer, const std::string& message) const;
  [[noreturn]] void refuse(const key& target, const node& value, const std::string& pointer,
                           bool is_secret) const;

  std::string_view file_;
  loaded& into_;
  const environment& get_;
  std::map<std::string, std::size_t, std::less<>> lines_; // of keys and sections seen
};

void file_layer::fail(position at, const std::string& pointer, const std::string& message) const {
  const std::string quoted = quote(pointer); // control characters stay out of the terminal
  throw config_error{place(file_, at) + quoted.substr(1, quoted.size() - 2) + ": " + message};
}

void file_layer::refuse(const key& target, const node& value, const std::string& pointer,
                        bool is_secret) const {
  const std::string given = is_secret ? "the file's text" : shown(value);
  fail(value.at, pointer, given + " is not valid: expected " + expected(target));
}

void file_layer::note_once(std::string_view name, const node& member, const std::string& pointer) {
  const auto [seen, is_new] = lines_.emplace(name, member.name_at.line);
  if (!is_new)
    fail(member.name_at, pointer,
         "'" + std::string{name} + "' is given twice, first in line " +
             std::to_string(seen->second));
}

void file_layer::apply(const node& object, const std::string& path, const std::string& pointer) {
  for (const node& member : object.children) {
    const bool is_schema = path.empty() && member.name == "$schema"; // for editors
    if (!is_schema)
      apply_member(member, path, pointer + "/" + pointer_token(member.name.substr(0, shown_bytes)));
  }
}

void file_layer::apply_member(const node& member, const std::string& path,
                              const std::string& pointer) {
  const std::string name =
      path.empty() ? std::string{without_alias(member.name)} : path + member.name;
  if (path.empty() && is_section(name)) {
    note_once(name, member, pointer);
    if (member.is != node::type::object)
      fail(member.at, pointer, shown(member) + " is not valid: expected an object");
    return apply(member, name + ".", pointer);
  }
  const key* const target = find_key(name);
  const bool is_flat = member.name.find('.') != member.name.npos; // "listen.port" is to be nested
  if (!target || is_flat) {
    std::vector<std::string> names;
    for (const key& each : keys()) names.emplace_back(each.name);
    fail(member.name_at, pointer,
         "unknown key" + suggestion(name, names) +
             (is_flat ? " (dots stand for nested objects)" : ""));
  }
  note_once(name, member, pointer);
  apply_key(*target, member, pointer);
}

void file_layer::apply_key(const key& target, const node& value, const std::string& pointer) {
  into_.secrets.erase(std::string{target.name});
  if (target.kind() != kind::list) {
    apply_value(target, value, pointer);
  } else {
    if (value.is != node::type::array)
      fail(value.at, pointer, shown(value) + " is not valid: expected a list of texts");
    clear(target, into_.settings);
    for (std::size_t i = 0; i < value.children.size(); ++i)
      apply_value(target, value.children[i], pointer + "/" + std::to_string(i));
  }
  into_.origins[std::string{target.name}] =
      std::string{file_} + ":" + std::to_string(value.name_at.line);
}

void file_layer::apply_value(const key& target, const node& value, const std::string& pointer) {
  resolved given{value.text};
  if (value.is == node::type::text) {
    try {
      given = resolve_references(value.text, get_);
    } catch (const std::runtime_error& error) {
      fail(value.at, pointer, shown(value) + ": " + error.what());
    }
  }
  const kind wanted = target.kind() == kind::list ? kind::text : target.kind();
  if ((!given.has_reference && !fits(wanted, value.is)) ||
      !assign(target, given.text, into_.settings))
    refuse(target, value, pointer, given.is_secret);
  if (given.is_secret) into_.secrets.emplace(target.name);
}

} // namespace

void apply_json(std::string_view text, std::string_view name, loaded& into,
                const environment& get) {
  file_layer{name, into, get}.apply(parse_document(text, name), "", "");
}

} // namespace fasterapi::config
