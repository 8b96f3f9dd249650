#include "unit/http/head_parsing.hpp"

using namespace fasterapi::http;
using namespace std::string_literals;

TEST_CASE("head_parser: a field line is name, colon, value and CRLF, nothing else") {
  for (const auto& lines : {
           "X: a\n"s,           // bare LF
           "X: a\nY: b\r\n"s,   //
           "\nX: a\r\n"s,       //
           "X: a\rY: b\r\n"s,   // bare CR
           "X: a\r\r\n"s,       //
           "X\r: a\r\n"s,       //
           "\rX: a\r\n"s,       //
           "X: a\r\n b\r\n"s,   // obs-fold
           "X: a\r\n\tb\r\n"s,  //
           "X: a\r\n \r\n"s,    //
           "X: \r\n a\r\n"s,    //
           "X : a\r\n"s,        // white space before the colon
           "X\t: a\r\n"s,       //
           " X: a\r\n"s,        // before the name
           "\tX: a\r\n"s,       //
           ": a\r\n"s,          // no name
           "X\r\n"s,            // no colon
           "X a\r\n"s,          //
           "X(Y): a\r\n"s,      // no token
           "X/Y: a\r\n"s,       //
           "X\"Y: a\r\n"s,      //
           "X{: a\r\n"s,        //
           "X@Y: a\r\n"s,       //
           "X[0]: a\r\n"s,      //
           "X=Y: a\r\n"s,       //
           "X\x80: a\r\n"s,     //
           "X\xc3\xa9: a\r\n"s, //
           "X\x7f: a\r\n"s,     //
           "X\0: a\r\n"s,       //
           "X\x01: a\r\n"s,     //
           "X: a\0b\r\n"s,      // control characters in a value
           "X: \0\r\n"s,        //
           "X: a\x01\r\n"s,     //
           "X: \x08\r\n"s,      //
           "X: \x0b\r\n"s,      //
           "X: \x0c\r\n"s,      //
           "X: \x1f\r\n"s,      //
           "X: a\x7f\r\n"s,     //
       }) {
    INFO(lines);
    CHECK(parse_split(with_fields(lines)).status() == 400);
  }
  // The same where the first field line stands.
  for (const auto first : {" Host: a\r\n", "\tHost: a\r\n", " \r\nHost: a\r\n", "\nHost: a\r\n"}) {
    INFO(first);
    CHECK(parse_split("GET / HTTP/1.1\r\n" + std::string(first) + "\r\n").status() == 400);
  }
}

TEST_CASE("head_parser: every control character but the tab is refused, obs-text is not") {
  for (int c = 0; c < 256; ++c) {
    INFO(c);
    const auto parsed =
        parse_whole(with_fields("X: a" + std::string(1, static_cast<char>(c)) + "b\r\n"));
    const bool is_control = (c < 0x20 && c != '\t') || c == 0x7f;
    CHECK(parsed.is_done() != is_control);
    if (is_control) CHECK(parsed.status() == 400);
  }
}

TEST_CASE("head_parser: Content-Length has one spelling") {
  const auto with_length = [](const std::string& value) {
    return parse_split(with_fields("Content-Length:" + value + "\r\n"));
  };
  CHECK(with_length("5").request.content_length == 5);
  CHECK(with_length(" \t5\t ").request.content_length == 5);
  CHECK(with_length(" 0").request.content_length == 0);
  CHECK_FALSE(with_length(" 0").request.has_body());
  CHECK(with_length(" 18446744073709551615").is_done());
  CHECK(with_length(" 18446744073709551615").request.content_length == 18446744073709551615u);
  for (const auto& value : {""s,
                            " "s,
                            " +5"s,
                            " -5"s,
                            " 5,5"s,
                            " 5, 5"s,
                            " 5,"s,
                            " ,5"s,
                            " ,"s,
                            " 5 5"s,
                            " 5;"s,
                            " 0x5"s,
                            " 5h"s,
                            " 1e1"s,
                            " 5.0"s,
                            " 05"s,
                            " 00"s,
                            " five"s,
                            " \"5\""s,
                            " 18446744073709551616"s,
                            " 99999999999999999999999"s,
                            " 5\0"s,
                            " \v5"s,
                            " 5\xa0"s,
                            " 5_0"s,
                            " \xd9\xa5"s}) {
    INFO(value);
    CHECK(with_length(value).status() == 400);
  }
}

TEST_CASE("head_parser: Content-Length comes once, and not beside Transfer-Encoding") {
  for (const auto lines : {
           "Content-Length: 5\r\nContent-Length: 5\r\n",
           "Content-Length: 5\r\nContent-length: 6\r\n",
           "Content-Length: 5\r\nX: y\r\nCONTENT-LENGTH: 5\r\n",
           "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
           "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
           "Content-Length: 5\r\nTransfer-Encoding: identity\r\n",
           "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n",
           "Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n",
       }) {
    INFO(lines);
    CHECK(parse_split(with_fields(lines)).status() == 400);
  }
}

TEST_CASE("head_parser: chunked, once and alone, is the transfer coding that is understood") {
  for (const auto line : {"Transfer-Encoding: chunked", "transfer-encoding:CHUNKED",
                          "Transfer-Encoding: \t Chunked \t"}) {
    INFO(line);
    const auto parsed = parse_split(with_fields(line + "\r\n"s));
    REQUIRE(parsed.is_done());
    CHECK(parsed.request.is_chunked);
    CHECK(parsed.request.has_body());
    CHECK_FALSE(parsed.request.content_length);
  }
  for (const auto value : {"gzip", "identity", "xchunked", "chunkedx", "gzip, chunked", "x-gzip",
                           "gzip;q=1, chunked", "chunked-", "chunke"}) {
    INFO(value);
    CHECK(parse_split(with_fields("Transfer-Encoding: "s + value + "\r\n")).status() == 501);
  }
  for (const auto& value : {""s,
                            ","s,
                            "chunked,"s,
                            ",chunked"s,
                            "chunked, chunked"s,
                            "chunked, gzip"s,
                            "chunked, identity"s,
                            "chunked;q=1"s,
                            "chunked ;"s,
                            "chunked chunked"s,
                            "\"chunked\""s,
                            "\vchunked"s,
                            "chunked\0"s,
                            "chunked\v"s,
                            "chunked\x7f"s,
                            "chunked\xa0"s,
                            "[chunked]"s,
                            "=chunked"s,
                            "gzip, , chunked"s,
                            ";chunked"s}) {
    INFO(value);
    CHECK(parse_split(with_fields("Transfer-Encoding: " + value + "\r\n")).status() == 400);
  }
}

TEST_CASE("head_parser: Transfer-Encoding over several lines is one list") {
  const auto with_codings = [](const std::string& first, const std::string& second) {
    return parse_split(with_fields("Transfer-Encoding: " + first +
                                   "\r\nTransfer-Encoding: " + second + "\r\n"))
        .status();
  };
  CHECK(with_codings("gzip", "chunked") == 501);
  CHECK(with_codings("chunked", "chunked") == 400);
  CHECK(with_codings("chunked", "gzip") == 400);
  CHECK(with_codings("chunked", "identity") == 400);
  CHECK(with_codings("identity", "identity") == 501);
  CHECK(with_codings("chunked", "") == 400);
}

TEST_CASE("head_parser: hidden spellings of Transfer-Encoding are refused, not passed over") {
  for (const auto& lines :
       {"Transfer-Encoding : chunked\r\n"s, "Transfer-Encoding\t: chunked\r\n"s,
        "Transfer-Encoding:\n chunked\r\n"s, "Transfer-Encoding:\r\n chunked\r\n"s,
        "Transfer-Encoding\r\n: chunked\r\n"s, "X: y\nTransfer-Encoding: chunked\r\n"s,
        "X: y\rTransfer-Encoding: chunked\r\n"s, " Transfer-Encoding: chunked\r\n"s,
        "\x0bTransfer-Encoding: chunked\r\n"s, "Transfer-Encoding\0: chunked\r\n"s,
        "Transfer-Encoding chunked\r\n"s, "Transfer-Encoding\xa0: chunked\r\n"s}) {
    INFO(lines);
    CHECK(parse_split(with_fields("Content-Length: 6\r\n" + lines)).status() == 400);
    CHECK(parse_split(with_fields(lines)).status() == 400);
  }
}

TEST_CASE("head_parser: HTTP/1.0 has no transfer codings") {
  for (const auto coding : {"chunked", "gzip", "identity"}) {
    CHECK(parse_split("POST / HTTP/1.0\r\nTransfer-Encoding: "s + coding + "\r\n\r\n").status() ==
          400);
  }
}

TEST_CASE("head_parser: Host comes once, and HTTP/1.1 needs it") {
  CHECK(parse_split("GET / HTTP/1.1\r\n\r\n").status() == 400);
  CHECK(parse_split("GET / HTTP/1.2\r\nX: y\r\n\r\n").status() == 400);
  CHECK(parse_split("GET / HTTP/1.0\r\n\r\n").is_done());
  CHECK(parse_split("GET / HTTP/1.0\r\nHost: a\r\n\r\n").request.host == "a");
  CHECK(parse_split("GET / HTTP/1.0\r\nHost: a b\r\n\r\n").status() == 400);
  CHECK(parse_split("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n").status() == 400);
  CHECK(parse_split("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n").status() == 400);
  CHECK(parse_split("GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n").status() == 400);
  CHECK(parse_split("GET / HTTP/1.1\r\nHost:\r\n\r\n").is_done()); // RFC 9112, section 3.2
  for (const auto host : {"a b", "a/b", "http://a", "a@b", "a:b", "a:99999", "[::1", ":80", "a,b c",
                          "a\\b", "\xc3\xa9", "a?b", "a#b", "<a>"}) {
    INFO(host);
    CHECK(parse_split("GET / HTTP/1.1\r\nHost: "s + host + "\r\n\r\n").status() == 400);
  }
}

TEST_CASE("head_parser: the connection goes on by version and Connection options") {
  const auto keeps = [](const std::string& version, const std::string& lines) {
    const auto parsed = parse_split("GET / HTTP/" + version + "\r\nHost: a\r\n" + lines + "\r\n");
    REQUIRE(parsed.is_done());
    return parsed.request.keep_alive;
  };
  CHECK(keeps("1.1", ""));
  CHECK_FALSE(keeps("1.0", ""));
  CHECK_FALSE(keeps("1.1", "Connection: close\r\n"));
  CHECK_FALSE(keeps("1.1", "Connection: keep-alive, Close\r\n"));
  CHECK_FALSE(keeps("1.1", "Connection: keep-alive\r\nConnection: close\r\n"));
  CHECK_FALSE(keeps("1.1", "Connection: upgrade ,close\r\nUpgrade: h2c\r\n"));
  CHECK(keeps("1.1", "Connection: closed\r\n"));
  CHECK(keeps("1.1", "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
  CHECK(keeps("1.0", "Connection: Keep-Alive\r\n"));
  CHECK(keeps("1.0", "Connection: x, keep-alive\r\n"));
  CHECK_FALSE(keeps("1.0", "Connection: keep-alive, close\r\n"));
  CHECK_FALSE(keeps("1.0", "Proxy-Connection: keep-alive\r\n"));
  CHECK(keeps("1.1", "Proxy-Connection: close\r\n"));
}

TEST_CASE("head_parser: Connection is a list of tokens") {
  for (const auto value : {"a b", "close;x", "\"close\"", "close keep-alive", "a=b", "(close)"}) {
    INFO(value);
    CHECK(parse_split(with_fields("Connection: "s + value + "\r\n")).status() == 400);
  }
  CHECK(parse_split(with_fields("Connection:\r\n")).is_done());
}

TEST_CASE("head_parser: 100-continue is the expectation that is understood") {
  const auto expecting = [](const std::string& version, const std::string& lines) {
    return parse_split("POST / HTTP/" + version + "\r\nHost: a\r\n" + lines + "\r\n");
  };
  CHECK(expecting("1.1", "Content-Length: 1\r\nExpect: 100-Continue\r\n").request.expects_continue);
  CHECK(expecting("1.1", "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n")
            .request.expects_continue);
  CHECK_FALSE(expecting("1.1", "Content-Length: 1\r\n").request.expects_continue);
  const auto without_body = expecting("1.1", "Expect: 100-continue\r\n");
  CHECK(without_body.is_done());
  CHECK_FALSE(without_body.request.expects_continue);
  const auto old = expecting("1.0", "Content-Length: 1\r\nExpect: 100-continue\r\n");
  CHECK(old.is_done());
  CHECK_FALSE(old.request.expects_continue);
  CHECK(expecting("1.1", "Expect: 200-ok\r\n").status() == 417);
  CHECK(expecting("1.1", "Expect: 100-continue, x\r\n").status() == 417);
  CHECK(expecting("1.1", "Expect: 100-continue\r\nExpect: 100-continued\r\n").status() == 417);
}
