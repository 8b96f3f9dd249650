#include "config/load.hpp"
#include "config/value.hpp"

#include <nlohmann/json.hpp>

namespace fasterapi::config {
namespace {

using json = nlohmann::ordered_json;

json range(const char* type, double scale, const key& of) {
  json made{{"type", type}};
  const auto bound = [&](std::uint64_t value) {
    return scale == 1 ? json(value) : json(static_cast<double>(value) / scale);
  };
  made["minimum"] = bound(of.least);
  made["maximum"] = bound(of.most);
  return made;
}

json matching(const char* pattern) { return {{"type", "string"}, {"pattern", pattern}}; }

json text_of(const key& of) {
  json made{{"type", "string"}};
  if (of.most <= 65535) made["maxLength"] = of.most;
  return made;
}

/// What the value may be; where that is no free text, a text with a ${reference} as well.
json shape(const key& of) {
  json one = json::array();
  switch (of.kind()) {
  case kind::text:
    return text_of(of);
  case kind::list:
    return {{"type", "array"}, {"items", {{"type", "string"}, {"minLength", 1}}}};
  case kind::choice:
    one = {{{"enum", of.choices}}};
    break;
  case kind::boolean:
    one = {{{"type", "boolean"}}};
    break;
  case kind::integer:
    one = {range("integer", 1, of)};
    break;
  case kind::size:
    one = {range("integer", 1, of), matching("^[0-9]+ *([kKmMgG]([iI]?[bB])?|[bB])?$")};
    break;
  case kind::duration:
    one = {range("number", 1000, of),
           matching("^[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]+)? *(ms|s|m|h)?$")};
    break;
  }
  one.push_back({{"$ref", "#/$defs/reference"}});
  return {{"anyOf", one}};
}

json property(const key& of) {
  json made{{"description", of.description}, {"default", json::parse(to_json(of, settings{}))}};
  made.update(shape(of));
  return made;
}

json object(const std::string& description) {
  return {{"description", description},
          {"type", "object"},
          {"properties", json::object()},
          {"additionalProperties", false}};
}

/// "port" beside "listen": {"port"}; both at once are refused.
void add_alias(json& schema, const char* name) {
  schema["properties"][name] = {{"description", std::string{"The same as listen."} + name},
                                {"$ref", std::string{"#/properties/listen/properties/"} + name}};
  schema["allOf"].push_back(
      {{"not",
        {{"required", {name, "listen"}}, {"properties", {{"listen", {{"required", {name}}}}}}}}});
}

} // namespace

std::string to_json_schema() {
  json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"title", "Configuration of fasterapi-server"}};
  schema.update(
      object("One file, named by --config or FASTERAPI_CONFIG; see docs/configuration.md"));
  schema["$defs"]["reference"] = matching("\\$\\{");
  schema["$defs"]["reference"]["description"] = "${NAME}, ${NAME:-default} or ${file:/path}";
  json& properties = schema["properties"];
  properties["$schema"] = {{"description", "For editors; not looked at"}, {"type", "string"}};
  for (const section& each : sections())
    properties[std::string{each.name}] = object(std::string{each.description});
  for (const key& each : keys()) {
    const auto dot = each.name.find('.');
    const std::string leaf{each.name.substr(dot + 1)}; // npos + 1 == 0
    if (dot == each.name.npos)
      properties[leaf] = property(each);
    else
      properties[std::string{each.name.substr(0, dot)}]["properties"][leaf] = property(each);
  }
  add_alias(schema, "host");
  add_alias(schema, "port");
  return schema.dump(2) + "\n";
}

} // namespace fasterapi::config
