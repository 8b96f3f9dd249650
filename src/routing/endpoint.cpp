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
  if (verb == http::method::unknown) return at(method_text);
  const route* const found = known_[index(verb)];
  return found == nullptr && verb == http::method::head ? known_[index(http::method::get)] : found;
}

const route* endpoint::at(std::string_view method) const noexcept {
  const auto verb = http::to_method(method);
  if (verb != http::method::unknown) return known_[index(verb)];
  const auto found = find_method(others_, method);
  return found == others_.end() ? nullptr : *found;
}

void endpoint::set(const route& serving) {
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
