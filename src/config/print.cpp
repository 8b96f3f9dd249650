#include "config/load.hpp"
#include "config/value.hpp"

namespace fasterapi::config {
namespace {

std::string entry(const key& each, const loaded& from) {
  const std::string name{each.name};
  const auto origin = from.origins.find(name);
  const std::string value =
      from.secrets.count(name) ? "\"(secret)\"" : to_json(each, from.settings);
  return "  " + quote(name) + ": {\"value\": " + value +
         ", \"origin\": " + quote(origin == from.origins.end() ? "default" : origin->second) + "}";
}

} // namespace

std::string print(const loaded& from) {
  std::string made;
  for (const key& each : keys()) made += (made.empty() ? "{\n" : ",\n") + entry(each, from);
  return made + "\n}";
}

} // namespace fasterapi::config
