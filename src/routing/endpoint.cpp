#include "routing/endpoint.hpp"

#include <algorithm>

namespace fasterapi::routing {

namespace {

constexpr std::size_t index(http::method verb) noexcept { return static_cast<std::size_t>(verb); }

auto find_method(auto& routes, std::string_view method) noexcept {
  return std::find_if(routes.begin(), routes.end(),
                      [&](const route* each) { return each->method == method; });
}

} // namespace

const route* endpoint::find(http::method verb, std::string_view method_text) const noexcept {
  const route* const found = known_[index(verb)]; // nullptr of method::unknown
  return found == nullptr ? find_other(verb, method_text) : found;
}

const route* endpoint::find_other(http::method verb, std::string_view method_text) const noexcept {
  const route* found = nullptr;
  if (verb == http::method::head) found = known_[index(http::method::get)];
  if (verb == http::method::unknown) {
    const auto other = find_method(others_, method_text);
    if (other != others_.end()) found = *other;
  }
  return found == nullptr ? any_ : found;
}

const route* endpoint::at(std::string_view method) const noexcept {
  if (method == any_method) return any_;
  const auto verb = http::to_method(method);
  if (verb != http::method::unknown) return known_[index(verb)];
  const auto found = find_method(others_, method);
  return found == others_.end() ? nullptr : *found;
}

void endpoint::set(const route& serving) {
  if (serving.method == any_method) {
    any_ = &serving;
    return;
  }
  const auto verb = http::to_method(serving.method);
  if (verb != http::method::unknown) {
    known_[index(verb)] = &serving;
    return;
  }
  const auto found = find_method(others_, serving.method);
  if (found == others_.end())
    others_.push_back(&serving);
  else
    *found = &serving;
}

} // namespace fasterapi::routing
