#include <fasterapi/routes.hpp>

#include <charconv>
#include <cstdio>
#include <string>

namespace {

using fasterapi::HttpRequest;
using fasterapi::HttpResponse;

// The pattern lets digits through only; how many of them is for the handler to judge.
void price(HttpRequest* req, HttpResponse* res) {
  const auto text = req->path_param(0);
  unsigned id = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), id).ec != std::errc{}) {
    res->status(404).set_json(R"({"detail":"no such item"})");
    return;
  }
  // Written where it is sent from.
  constexpr std::size_t most = 64;
  char* const json = res->get_write_buffer(most);
  const int size = std::snprintf(json, most, R"({"id":%u,"price":%u.50})", id, id % 100);
  res->set_json_direct(json, static_cast<std::size_t>(size));
}

void greet(HttpRequest* req, HttpResponse* res) {
  const auto language = req->query_param("language").value_or("en");
  res->header("Content-Language", language == "de" ? "de" : "en");
  res->content_type("text/plain; charset=utf-8");
  res->body((language == "de" ? "Hallo, " : "Hello, ") + std::string{req->path_param(0)});
}

} // namespace

FASTERAPI_ROUTES(router) {
  router.add_cpp_route("GET", "/cpp",
                       [](HttpRequest*, HttpResponse* res) { res->set_json(R"({"from":"C++"})"); });
  router.add_cpp_route("GET", "/items/{item_id:int}/price", price);
  router.add_cpp_route("GET", "/greet/{name}", greet);
  router.add_cpp_route("POST", "/echo", [](HttpRequest* req, HttpResponse* res) {
    res->content_type(req->header("content-type").value_or("application/octet-stream"));
    res->body(req->body());
  });
}
