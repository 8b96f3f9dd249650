#include <fasterapi/routes.hpp>

#include <stdexcept>
#include <string>

// Every verb of the public API, so that the load proves that the executable has them all.
FASTERAPI_ROUTES(router) {
  router.add_cpp_route(
      "POST", "/shared/{name}", [](fasterapi::HttpRequest* req, fasterapi::HttpResponse* res) {
        std::string seen;
        for (const auto part : {req->method(), req->target(), req->path(), req->query(),
                                req->body(), req->header("x-a").value_or(""), req->path_param(0)})
          seen.append(part).append("|");
        seen += req->query_param("q").value_or("");
        res->status(201).header("X-B", "1").content_type("text/plain").body(seen);
      });
  router.add_cpp_route("GET", "/shared/json",
                       [](fasterapi::HttpRequest*, fasterapi::HttpResponse* res) {
                         res->set_json("[]");
                         char* const place = res->get_write_buffer(3);
                         place[0] = '[', place[1] = '7', place[2] = ']';
                         res->set_json_direct(place, 3);
                       });
  router.add_cpp_route("GET", "/shared/throws",
                       [](fasterapi::HttpRequest*, fasterapi::HttpResponse*) {
                         throw std::runtime_error{"from the shared object"};
                       });
}
