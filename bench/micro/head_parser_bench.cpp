#include "support/timing.hpp"

#include "http/chunked_decoder.hpp"
#include "http/head_parser.hpp"

#include <cstdlib>
#include <string>
#include <string_view>

using namespace fasterapi;

namespace {

constexpr std::string_view four_fields = "GET /items/42?q=hello HTTP/1.1\r\n"
                                         "Host: localhost:8000\r\n"
                                         "User-Agent: bench/1.0\r\n"
                                         "Accept: application/json\r\n"
                                         "Connection: keep-alive\r\n"
                                         "\r\n";

constexpr std::string_view browser =
    "GET /static/css/main.css?v=8f3a HTTP/1.1\r\n"
    "Host: www.example.com\r\n"
    "Connection: keep-alive\r\n"
    "sec-ch-ua: \"Chromium\";v=\"130\", \"Not?A_Brand\";v=\"99\"\r\n"
    "sec-ch-ua-mobile: ?0\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36\r\n"
    "Accept: text/css,*/*;q=0.1\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
    "Sec-Fetch-Mode: no-cors\r\n"
    "Sec-Fetch-Dest: style\r\n"
    "Referer: https://www.example.com/\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Accept-Language: en-GB,en;q=0.9\r\n"
    "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark\r\n"
    "\r\n";

void parse(std::string_view bytes, http::request& into) {
  static const http::head_limits limits;
  http::head_parser parser(limits);
  if (parser.parse(bytes, into).state != http::head_parser::outcome::done) std::abort();
  bench::keep(into);
}

void parse_bytewise(std::string_view bytes, http::request& into) {
  static const http::head_limits limits;
  http::head_parser parser(limits);
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    bench::keep(parser.parse(bytes.substr(0, size), into));
  }
}

void decode(std::string_view bytes, http::chunked_decoder& decoder) {
  decoder.reset();
  for (;;) {
    const auto step = decoder.feed(bytes);
    if (step.state == http::chunked_decoder::outcome::done) return;
    if (step.state != http::chunked_decoder::outcome::payload) std::abort();
    bytes.remove_prefix(step.consumed);
  }
}

} // namespace

int main(int count, char* arguments[]) {
  bench::results().start(count, arguments);
  http::request request;
  bench::measure("parse GET, 4 fields", [&] { parse(four_fields, request); });
  bench::measure("parse GET of a browser, 13 fields", [&] { parse(browser, request); });
  bench::measure("parse GET, 4 fields, byte by byte",
                 [&] { parse_bytewise(four_fields, request); });

  const http::body_limits limits;
  http::chunked_decoder decoder(limits);
  std::string body;
  for (int i = 0; i < 16; ++i) body += "400\r\n" + std::string(0x400, 'x') + "\r\n";
  body += "0\r\n\r\n";
  bench::measure(
      "decode 16 chunks of 1 KiB, each", [&] { decode(body, decoder); }, 16);
  return bench::results().finish();
}
