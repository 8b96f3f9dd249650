#include "support/allocation_count.hpp"
#include "unit/http/head_parsing.hpp"

using namespace fasterapi;
using namespace fasterapi::http;
using namespace std::string_literals;

TEST_CASE("head_parser: a request becomes views of the bytes it came in") {
  const auto text = "POST /items/42?q=a%20b HTTP/1.1\r\n"
                    "Host: example.com:8000\r\n"
                    "Content-Type:application/json\r\n"
                    "X-Empty:\r\n"
                    "X-Padded: \t two words \t\r\n"
                    "Content-Length: 12\r\n"
                    "\r\n"s;
  const auto parsed = parse_split(text);
  REQUIRE(parsed.is_done());
  CHECK(parsed.result.consumed == text.size());
  const request& r = parsed.request;
  CHECK(r.verb == method::post);
  CHECK(r.method_text == "POST");
  CHECK(r.target == "/items/42?q=a%20b");
  CHECK(r.path == "/items/42");
  CHECK(r.query == "q=a%20b");
  CHECK(r.host == "example.com:8000");
  CHECK(r.content_length == 12);
  CHECK(r.has_body());
  CHECK(r.keep_alive);
  CHECK_FALSE(r.is_http_1_0);
  CHECK_FALSE(r.is_chunked);
  REQUIRE(r.fields.size() == 5);
  CHECK(r.find("content-type") == "application/json");
  CHECK(r.find("x-empty") == "");
  CHECK(r.find("X-PADDED") == "two words");
  CHECK_FALSE(r.find("X-Padde"));
  for (const field& each : r.fields) {
    CHECK(each.name.data() > parsed.bytes.get());
    CHECK(each.name.data() < parsed.bytes.get() + text.size());
  }
}

TEST_CASE("head_parser: bytes behind the head are left for the body and the next request") {
  const auto head = with_fields("Content-Length: 5\r\n");
  for (const auto& behind : {"hello"s, "\n\n\r\r"s, "GET /two HTTP/1.1\r\nHost: b\r\n\r\n"s}) {
    const auto parsed = parse_whole(head + behind);
    REQUIRE(parsed.is_done());
    CHECK(parsed.result.consumed == head.size());
  }
}

TEST_CASE("head_parser: one parser takes the requests of a connection one after the other") {
  const auto first = with_fields("Connection: close\r\nContent-Length: 3\r\n");
  const auto second = "GET /two HTTP/1.0\r\n\r\n"s;
  const head_limits limits;
  head_parser parser(limits);
  request into;
  const std::string both = first + second;
  CHECK_FALSE(parser.has_started());
  CHECK(parser.parse(both, into).consumed == first.size());
  CHECK(parser.has_started());
  parser.reset();
  CHECK_FALSE(parser.has_started());
  const auto result = parser.parse(std::string_view(both).substr(first.size()), into);
  REQUIRE(result.state == head_parser::outcome::done);
  CHECK(result.consumed == second.size());
  CHECK(into.path == "/two");
  CHECK(into.is_http_1_0);
  CHECK_FALSE(into.content_length);
  CHECK(into.fields.empty());
}

TEST_CASE("head_parser: a few empty lines before a request are skipped and are no start") {
  const auto request_text = with_fields("");
  const auto parsed = parse_split("\r\n\r\n" + request_text);
  REQUIRE(parsed.is_done());
  CHECK(parsed.result.consumed == request_text.size() + 4);
  CHECK(parse_split("\r\n\r\n\r\n\r\n" + request_text).is_done());
  CHECK(parse_split("\r\n\r\n\r\n\r\n\r\n" + request_text).status() == 400);
  CHECK(parse_split("\n" + request_text).status() == 400);
  CHECK(parse_split("\r" + request_text).status() == 400);

  const head_limits limits;
  head_parser parser(limits);
  request into;
  CHECK(parser.parse("\r\n\r", into).state == head_parser::outcome::need_more);
  CHECK_FALSE(parser.has_started());
  CHECK(parser.parse("\r\n\r\nG", into).state == head_parser::outcome::need_more);
  CHECK(parser.has_started());
}

TEST_CASE("head_parser: the version decides") {
  const auto with_version = [](const std::string& version) {
    return parse_split("GET / " + version + "\r\nHost: a\r\n\r\n");
  };
  CHECK(with_version("HTTP/1.1").is_done());
  CHECK_FALSE(with_version("HTTP/1.1").request.is_http_1_0);
  CHECK(with_version("HTTP/1.0").request.is_http_1_0);
  for (const auto later : {"HTTP/1.2", "HTTP/1.9"}) {
    const auto parsed = with_version(later);
    CHECK(parsed.is_done());
    CHECK_FALSE(parsed.request.is_http_1_0);
    CHECK(parsed.request.keep_alive);
    CHECK(parsed.request.path == "/");
  }
  for (const auto other : {"HTTP/2.0", "HTTP/3.0", "HTTP/0.9", "HTTP/9.1", "HTTP/2"}) {
    INFO(other);
    CHECK(with_version(other).status() == 505);
  }
  for (const auto malformed :
       {"HTTP/1.",  "HTTP/1",     "HTTP/11.1",  "HTTP/1.10", "HTTP/1.1 ", " HTTP/1.1",
        "http/1.1", "HTTP/ 1.1",  "HTTP/01.1",  "HTTP/00.9", "HTTP/20.0", "HTTP/1,1",
        "HTTP/a.1", "HTTP/1.a",   "HTTP/-1.1",  "HTTPS/1.1", "XTTP/1.1",  "",
        "ICY/1.1",  "HTTP/1.1\t", "HTTP/1.1\r", "HTTP /1.1"}) {
    INFO(malformed);
    CHECK(with_version(malformed).status() == 400);
  }
}

TEST_CASE("head_parser: a request line has three parts with one space between") {
  for (const auto line :
       {"GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET\t/ HTTP/1.1", "GET /\tHTTP/1.1",
        " GET / HTTP/1.1", "GET / HTTP/1.1 x", "GET /", "GET / ", "GET", "GET ",
        "GET /a b HTTP/1.1", "GET HTTP/1.1", "/ HTTP/1.1", "HTTP/1.1 200 OK"}) {
    INFO(line);
    CHECK(parse_split(line + "\r\nHost: a\r\n\r\n"s).status() == 400);
  }
  CHECK(parse_split("GET / HTTP/1.1\nHost: a\r\n\r\n").status() == 400);
  CHECK(parse_split("GET / HTTP/1.1\rHost: a\r\n\r\n").status() == 400);
}

TEST_CASE("head_parser: a method is a token of at most 32 bytes, known or not") {
  const auto with_method = [](const std::string& token) {
    return parse_split(token + " / HTTP/1.1\r\nHost: a\r\n\r\n");
  };
  CHECK(with_method("DELETE").request.verb == method::del);
  CHECK(with_method("PATCH").request.verb == method::patch);
  CHECK(with_method("get").request.verb == method::unknown); // case counts: RFC 9110, 9.1
  CHECK(with_method("M-SEARCH").request.method_text == "M-SEARCH");
  CHECK(with_method("!#$%&'*+-.^_`|~09").is_done());
  CHECK(with_method(std::string(32, 'A')).is_done());
  CHECK(with_method(std::string(33, 'A')).status() == 501);
  for (const auto invalid : {"G(T", "GET\"", "G\x80T", "G\x7fT", "G:T", "G/T", "{}", "G,T"}) {
    INFO(invalid);
    CHECK(with_method(invalid).status() == 400);
  }
  CHECK(with_method("G\0T"s).status() == 400);
}

TEST_CASE("head_parser: characters that no target has are refused") {
  const auto with_target = [](const std::string& target) {
    return parse_split("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
  };
  for (const auto& target : {"/a#b"s, "/#"s, "/\x80"s, "/\xc3\xa9"s, "/a\x01"s, "/a\0b"s, "/\x7f"s,
                             "/a\"b"s, "/a<b>"s, "/a\\b"s, "/a^b"s, "/a`b"s, "/{a}"s, "/a|b"s,
                             "/[a]"s, "/?a#b"s, "/?\xc3\xa9"s, "/?a\tb"s}) {
    INFO(target);
    CHECK(with_target(target).status() == 400);
  }
  // Browsers send these unescaped in a query.
  CHECK(with_target("/?a[b]={\"c|d\"}^`\\<>").request.query == "a[b]={\"c|d\"}^`\\<>");
}

TEST_CASE("head_parser: CONNECT is not served, and an asterisk is for OPTIONS") {
  CHECK(parse_split("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n").status() == 501);
  CHECK(parse_split("GET * HTTP/1.1\r\nHost: a\r\n\r\n").status() == 400);
  CHECK(parse_split("GET a HTTP/1.1\r\nHost: a\r\n\r\n").status() == 400);
  const auto parsed = parse_split("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
  REQUIRE(parsed.is_done());
  CHECK(parsed.request.is_asterisk_form);
}

TEST_CASE(
    "head_parser: an absolute target gives path and host, and the field must be there still") {
  const auto parsed = parse_split("GET http://b:81/c?d HTTP/1.1\r\nHost: a\r\n\r\n");
  REQUIRE(parsed.is_done());
  CHECK(parsed.request.host == "b:81");
  CHECK(parsed.request.find("host") == "b:81");
  CHECK(parsed.request.path == "/c");
  CHECK(parsed.request.query == "d");
  CHECK(parse_split("GET http://b/ HTTP/1.1\r\n\r\n").status() == 400);
  CHECK(parse_split("GET http://b/ HTTP/1.1\r\nHost: a b\r\n\r\n").status() == 400);
}

TEST_CASE("head_parser: what cannot be a request is refused at the byte that shows it") {
  const auto refused_after = [](std::string_view bytes, std::size_t count) {
    CHECK(parse_whole(bytes.substr(0, count - 1)).result.state == head_parser::outcome::need_more);
    return parse_whole(bytes.substr(0, count)).status();
  };
  CHECK(refused_after("\x16\x03\x01\x02", 1) == 400);          // a TLS ClientHello
  CHECK(refused_after("PRI * HTTP/2.0\r\n\r\nSM", 13) == 505); // HTTP/2's preface
  CHECK(refused_after("\x05\x01", 1) == 400);                  // SOCKS
  CHECK(refused_after("{\"json\": 1}", 1) == 400);
  CHECK(refused_after("GET /\r\n", 6) == 400); // HTTP/0.9
  CHECK(refused_after(std::string(100, 'A'), 33) == 501);
  CHECK(refused_after("GET /" + std::string(9000, 'a'), 4 + 8193) == 414);
  CHECK(refused_after("GET / HTTP/1.1\r\nHost: a\nX: y", 24) == 400);
}

TEST_CASE("head_parser: an error leaves what was understood of the request") {
  const auto parsed = parse_whole("GET / HTTP/1.1\r\nAccept: text/plain\r\nHost: a b\r\n\r\n");
  CHECK(parsed.status() == 400);
  CHECK(parsed.request.method_text == "GET");
  CHECK(parsed.request.find("accept") == "text/plain");

  parsed_head early = parse_whole(with_fields(""));
  const head_limits limits;
  head_parser parser(limits);
  parser.parse("\x16", early.request); // nothing of the request before may remain
  CHECK(early.request.fields.empty());
  CHECK(early.request.path.empty());
}

TEST_CASE("head_parser: the second request of a connection allocates nothing") {
  const head_limits limits;
  head_parser parser(limits);
  request into;
  std::size_t before = 0;
  bool all_done = true;
  for (int i = 0; i < 4; ++i) {
    if (i == 1) before = tests::allocation_count();
    parser.reset();
    const auto result =
        parser.parse("POST /items/%c3%a9/a-segment-too-long-for-a-short-string?a=b "
                     "HTTP/1.1\r\nHost: [::1]:80\r\nExpect: 100-continue\r\n"
                     "Connection: keep-alive, x\r\nTransfer-Encoding: chunked\r\n\r\n",
                     into);
    all_done = all_done && result.state == head_parser::outcome::done;
  }
  CHECK(tests::allocation_count() == before);
  CHECK(all_done);
}
