#include "http/error_page.hpp"

#include "http/accept.hpp"
#include "http/json_string.hpp"

#include <algorithm>

namespace fasterapi::http {

namespace {

constexpr std::string_view page_start = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Error</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem; }
h1 { font-size: 1.25rem; color: light-dark(#b3261e, #ff9a92); overflow-wrap: anywhere; }
pre { font: .875rem/1.5 ui-monospace, Menlo, Consolas, monospace; padding: 1rem; overflow: auto;
  border: 1px solid light-dark(#d5dbe3, #33404f); border-radius: 8px;
  background: light-dark(#f5f7fa, #1b222c); }
p { color: light-dark(#566272, #a3b0bf); }
</style>
<h1>)";

constexpr std::string_view passing_end = R"(<p>This page loads itself anew when a file is saved.</p>
<script>
const again = () => setTimeout(() => fetch(location.href, {method: "HEAD", cache: "no-store"}).then(
  reply => reply.headers.has("x-fasterapi-failure") ? again() : location.reload(), again), 500);
again();
</script>
)";

void append_html(std::string& to, std::string_view text) {
  for (const char c : text) {
    if (c == '&')
      to += "&amp;";
    else if (c == '<')
      to += "&lt;";
    else if (c == '>')
      to += "&gt;";
    else
      to += c;
  }
}

constexpr std::string_view traceback_start = "Traceback (most recent call last):\n";

/// The exception: what is not indented behind the last traceback. Without one, the first line.
std::string_view heading_of(std::string_view text) {
  const auto traceback = text.rfind(traceback_start);
  const std::string_view first = text.substr(0, text.find('\n'));
  if (traceback == text.npos) return first;
  text.remove_prefix(traceback + traceback_start.size());
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    if (!line.empty() && line.front() != ' ') return line;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return first;
}

std::string page(std::string_view text, bool is_passing) {
  std::string made{page_start};
  append_html(made, heading_of(text));
  made += "</h1>\n<pre>";
  append_html(made, text);
  made += "</pre>\n";
  if (is_passing) made += passing_end;
  return made;
}

} // namespace

error_page render_error(std::string_view text, std::string_view accept, bool is_passing) {
  if (prefers_html(accept)) return {"text/html; charset=utf-8", page(text, is_passing)};
  if (prefers_text(accept)) return {"text/plain; charset=utf-8", std::string{text}};
  std::string body{"{\"detail\":\""};
  append_json_escaped(body, text);
  return {"application/json", body += "\"}"};
}

} // namespace fasterapi::http
