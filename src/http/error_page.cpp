#include "http/error_page.hpp"

#include "http/accept.hpp"
#include "http/json_string.hpp"

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

/// The exception stands in the last line that is not indented and not advice behind it.
std::string_view heading_of(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  const auto last = text.rfind('\n');
  return last == text.npos ? text : text.substr(last + 1);
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
