#include "support/timing.hpp"

#include "fasterapi/http_response.hpp"
#include "http/exchange.hpp"

#include <cstring>
#include <string>
#include <string_view>

using namespace fasterapi;

namespace {

constexpr std::string_view small_json = R"({"message":"Hello, world"})";

// Answers into a warm buffer, which is emptied after `batch` of them as by one write.
template <class Build>
void measure_answers(const char* name, std::size_t batch, Build build) {
  http::exchange held;
  bench::measure(
      name,
      [&] {
        for (std::size_t i = 0; i != batch; ++i) {
          held.response.start(held.output, {});
          build(held);
          held.response.finish();
        }
        bench::keep(held.output.view());
        held.output.consume(held.output.size());
      },
      batch);
}

void set_small_json(http::exchange& held) { HttpResponse{held}.set_json(small_json); }

} // namespace

int main(int count, char* arguments[]) {
  bench::results().start(count, arguments);
  measure_answers("200, small JSON", 1, set_small_json);
  measure_answers("200, small JSON, 16 pipelined, each", 16, set_small_json);
  measure_answers("200, small JSON written in place", 1, [](http::exchange& held) {
    HttpResponse res{held};
    char* const place = res.get_write_buffer(64);
    std::memcpy(place, small_json.data(), small_json.size());
    res.set_json_direct(place, small_json.size());
  });
  measure_answers("201, small JSON, 2 fields, own type", 1, [](http::exchange& held) {
    HttpResponse res{held};
    res.status(201).content_type("application/vnd.api+json").body(small_json);
    res.header("Location", "/items/42").header("X-Request-Id", "3f2a9c1b-42");
  });
  const std::string large(64 * 1024, 'x');
  measure_answers("200, 64 KiB copied", 1,
                  [&](http::exchange& held) { HttpResponse{held}.body(large); });
  measure_answers("404, error answer", 1, [](http::exchange& held) {
    http::write_error(held.response, 404, "Not Found", "*/*");
  });
  return bench::results().finish();
}
