#include "called_job.hpp"

#include <string>

namespace fasterapi::python {

namespace {

std::string answer(interpreter& python, const char* code) {
  python.run(code);
  return called_job().answer(compile(python, "f"), python);
}

bool has(const std::string& answer, std::string_view text) {
  return answer.find(text) != std::string::npos;
}

std::size_t count(const std::string& answer, std::string_view text) {
  std::size_t found = 0;
  for (auto at = answer.find(text); at != std::string::npos; at = answer.find(text, at + 1))
    ++found;
  return found;
}

} // namespace

TEST_CASE("response_object: verbs chain, and the answer is what they said") {
  interpreter python;
  const std::string sent = answer(
      python, "def f(req, res):\n"
              "    res.status(201).header('X-A', '1').header('x-a', '2').set_json({'id': 7})\n");
  CHECK(sent.starts_with("HTTP/1.1 201 "));
  CHECK_FALSE(has(sent, "X-A: 1"));
  CHECK(has(sent, "x-a: 2\r\n"));
  CHECK(has(sent, "Content-Type: application/json\r\n"));
  CHECK(sent.ends_with("\r\n\r\n{\"id\":7}"));
}

TEST_CASE("response_object: returned, it is the answer as well") {
  interpreter python;
  CHECK(answer(python, "def f(req, res): return res.set_json('{\"status\":\"ok\"}')\n")
            .ends_with("\r\n\r\n{\"status\":\"ok\"}"));
}

TEST_CASE("response_object: a returned value is the body, with its status and fields") {
  interpreter python;
  const std::string sent = answer(python, "def f(res):\n"
                                          "    res.status_code = 202\n"
                                          "    res.headers['x-a'] = 'b'\n"
                                          "    res.body('dropped')\n"
                                          "    return [res.status_code]\n");
  CHECK(sent.starts_with("HTTP/1.1 202 "));
  CHECK(has(sent, "x-a: b\r\n"));
  CHECK(has(sent, "Content-Type: application/json\r\n"));
  CHECK(sent.ends_with("\r\n\r\n[202]"));
}

TEST_CASE("response_object: the last body wins, and so does its type") {
  interpreter python;
  CHECK(has(answer(python, "def f(res): res.set_json([1]).html('<p>')\n"),
            "Content-Type: text/html; charset=utf-8\r\n"));
  CHECK(answer(python, "def f(res): res.text('long text').set_json_direct(b'[1]xxx', 3)\n")
            .ends_with("\r\n\r\n[1]"));
  CHECK(has(answer(python, "def f(res): res.body(b'x')\n"), "application/octet-stream"));
  CHECK(has(answer(python, "def f(res): res.body('x').content_type('image/png')\n"),
            "Content-Type: image/png\r\n"));
  CHECK(answer(python, "def f(res):\n"
                       "    view = res.get_write_buffer(16)\n"
                       "    view[:3] = b'[2]'\n"
                       "    res.set_json_direct(view, 3)\n")
            .ends_with("\r\n\r\n[2]"));
}

TEST_CASE("response_object: fields by header() and by headers are the same ones") {
  interpreter python;
  const std::string sent = answer(python, "def f(res):\n"
                                          "    res.header('x-a', '1')\n"
                                          "    res.headers.append('x-a', '2')\n"
                                          "    assert res.headers.getlist('x-a') == ['1', '2']\n"
                                          "    del res.headers['x-a']\n"
                                          "    res.header('x-b', '3')\n"
                                          "    assert res.headers['X-B'] == '3'\n"
                                          "    res.set_cookie('c', 'd', max_age=5)\n"
                                          "    res.delete_cookie('e')\n");
  CHECK_FALSE(has(sent, "x-a"));
  CHECK(count(sent, "x-b: 3\r\n") == 1);
  CHECK(has(sent, "set-cookie: c=d; Max-Age=5; Path=/; SameSite=lax\r\n"));
  CHECK(count(sent, "set-cookie: ") == 2);
}

TEST_CASE("response_object: what splits or breaks a response is refused at once") {
  interpreter python;
  for (const char* call :
       {"res.header('a', 'b\\r\\nc: d')", "res.header('a b', 'c')", "res.header('', 'c')",
        "res.header('a', '\\u20ac')", "res.status(99)", "res.status(600)",
        "setattr(res, 'status_code', 1000)", "res.body('\\ud800')", "res.set_json(float('nan'))"}) {
    INFO(call);
    const std::string code = "def f(res):\n"
                             "    try:\n        " +
                             std::string(call) +
                             "\n    except ValueError:\n        return 'refused'\n";
    CHECK(answer(python, code.c_str()).ends_with("\"refused\""));
  }
  CHECK(answer(python, "def f(res): res.header('a', 7)\n").starts_with("HTTP/1.1 500 "));
  CHECK(answer(python, "def f(res): res.body(7)\n").starts_with("HTTP/1.1 500 "));
}

TEST_CASE("response_object: once the answer is handed back it can no longer change") {
  interpreter python;
  python.run("kept = []\n"
             "def f(res):\n"
             "    kept.append(res)\n"
             "    kept.append(res.get_write_buffer(8))\n");
  called_job().answer(compile(python, "f"), python);
  python.run(R"py(
res, view = kept
for verb in (lambda: res.set_json([1]), lambda: res.body(b"x"), lambda: res.status(200),
             lambda: res.header("a", "b"), lambda: res.get_write_buffer(1),
             lambda: res.set_json_direct(b"1")):
    try:
        verb()
    except RuntimeError as error:
        assert "was sent" in str(error)
    else:
        assert False
view[:] = b"12345678"
)py");
}

} // namespace fasterapi::python
