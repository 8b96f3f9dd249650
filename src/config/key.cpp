#include "config/key.hpp"

#include <algorithm>

namespace fasterapi::config {
namespace {

struct kind_of_member {
  kind operator()(std::string& (*)(settings&)) const { return kind::text; }
  kind operator()(bool& (*)(settings&)) const { return kind::boolean; }
  kind operator()(std::chrono::milliseconds& (*)(settings&)) const { return kind::duration; }
  kind operator()(std::vector<std::string>& (*)(settings&)) const { return kind::list; }
  template <typename Integer>
  kind operator()(Integer& (*)(settings&)) const {
    return kind::integer;
  }
};

template <typename Predicate>
const key* find(Predicate is_it) {
  const auto found = std::find_if(keys().begin(), keys().end(), is_it);
  return found == keys().end() ? nullptr : &*found;
}

} // namespace

kind key::kind() const {
  if (!choices.empty()) return kind::choice;
  if (is_size) return kind::size;
  return std::visit(kind_of_member{}, member);
}

std::string key::flag() const {
  if (!short_flag.empty()) return std::string{short_flag};
  std::string made = "--" + std::string{name};
  std::replace_if(
      made.begin(), made.end(), [](char c) { return c == '.' || c == '_'; }, '-');
  return made;
}

std::string key::variable() const {
  std::string made = "FASTERAPI_" + flag().substr(2);
  for (char& c : made) {
    if (c == '-') c = '_';
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return made;
}

const key* find_key(std::string_view name) {
  return find([&](const key& each) { return each.name == name; });
}

const key* find_flag(std::string_view flag) {
  return find([&](const key& each) { return each.flag() == flag; });
}

const key* find_variable(std::string_view variable) {
  return find([&](const key& each) { return each.variable() == variable; });
}

} // namespace fasterapi::config
