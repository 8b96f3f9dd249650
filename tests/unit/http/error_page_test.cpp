#include "http/error_page.hpp"

#include "http/accept.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace fasterapi::http;

namespace {

constexpr std::string_view of_browser =
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
constexpr std::string_view failure = R"(The import failed.
Traceback (most recent call last):
  File "app.py", line 1, in <module>
    first("<b>")
ValueError: one & two
What to do: write it otherwise.)";

std::string heading_in(const std::string& page) {
  const auto begin = page.find("<h1>") + 4;
  return page.substr(begin, page.find("</h1>") - begin);
}

std::string page_of(std::string_view text) { return render_error(text, of_browser, false).body; }

} // namespace

TEST_CASE("prefers_html: browsers do, and who names it before text and JSON") {
  CHECK(prefers_html(of_browser));
  CHECK(prefers_html("text/html"));
  CHECK(prefers_html("text/plain;q=0.5, text/html;q=0.6"));
  for (const char* each : {"", "*/*", "text/*", "text/plain", "application/json", "text/html;q=0",
                           "text/html;q=0.5, application/json"})
    CHECK_FALSE(prefers_html(each));
}

TEST_CASE("render_error: a page, text or JSON, as the client prefers") {
  CHECK(render_error(failure, of_browser, false).content_type == "text/html; charset=utf-8");
  const error_page text = render_error(failure, "text/plain", false);
  CHECK(text.content_type == "text/plain; charset=utf-8");
  CHECK(text.body == failure);
  const error_page json = render_error("a\n\"b\"", "", false);
  CHECK(json.content_type == "application/json");
  CHECK(json.body == R"({"detail":"a\u000a\u0022b\u0022"})");
}

TEST_CASE("render_error: the page has the exception as its heading, and everything escaped") {
  const std::string page = page_of(failure);
  CHECK(heading_in(page) == "ValueError: one &amp; two");
  CHECK(page.find("first(\"&lt;b&gt;\")") != page.npos);
  CHECK(page.find("<b>") == page.npos);
  CHECK(heading_in(page_of("It ended.\nMore.")) == "It ended.");
  CHECK(heading_in(page_of("Odd.\nTraceback (most recent call last):\n  cut")) == "Odd.");
  CHECK(heading_in(page_of("")).empty());
}

TEST_CASE("render_error: only a page for what passes loads itself anew") {
  CHECK(page_of(failure).find("<script>") == std::string::npos);
  CHECK(render_error(failure, of_browser, true).body.find("location.reload()") !=
        std::string::npos);
}
