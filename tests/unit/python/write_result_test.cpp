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

} // namespace

TEST_CASE("write_result: values are JSON, bytes are octets") {
  interpreter python;
  CHECK(answer(python, "def f(): return 'text'\n").ends_with("\r\n\r\n\"text\""));
  CHECK(answer(python, "def f(): return None\n").ends_with("\r\n\r\nnull"));
  CHECK(answer(python, "def f(): return True\n").ends_with("\r\n\r\ntrue"));
  CHECK(has(answer(python, "def f(): return {}\n"), "Content-Type: application/json\r\n"));
  const std::string octets = answer(python, "def f(): return b'\\x00\\xff'\n");
  CHECK(has(octets, "Content-Type: application/octet-stream\r\n"));
  CHECK(octets.ends_with(std::string("\r\n\r\n\0\xff", 6)));
}

TEST_CASE("write_result: a Response is sent as it is") {
  interpreter python;
  const std::string sent =
      answer(python, "from fasterapi import Response\n"
                     "def f():\n"
                     "    made = Response(b'x', 201, {'X-A': 'é'}, 'text/csv')\n"
                     "    made.set_cookie('a', 'b')\n"
                     "    return made\n");
  CHECK(sent.starts_with("HTTP/1.1 201 "));
  CHECK(has(sent, "X-A: \xe9\r\n"));
  CHECK(has(sent, "Content-Type: text/csv; charset=utf-8\r\n"));
  CHECK(has(sent, "set-cookie: a=b; Path=/; SameSite=lax\r\n"));
  CHECK(sent.ends_with("\r\n\r\nx"));
}

TEST_CASE("write_result: an iterator is handed on, with status and fields in place") {
  interpreter python;
  python.run("from fasterapi import StreamingResponse\n"
             "def f(): return StreamingResponse(iter(['a']), 202, {'X-A': '1'})\n"
             "def g(): yield 1\n"
             "async def h(): yield 1\n");
  called_job job;
  const std::string sent = job.answer(compile(python, "f"), python);
  CHECK(sent.starts_with("HTTP/1.1 202 "));
  CHECK(has(sent, "X-A: 1\r\n"));
  CHECK(job.streamed);
  called_job generator;
  generator.answer(compile(python, "g"), python);
  CHECK(generator.streamed);
  called_job asynchronous;
  asynchronous.answer(compile(python, "h"), python);
  CHECK(asynchronous.streamed);
}

TEST_CASE("write_result: what cannot be sent is a 500, with nothing left of it") {
  interpreter python;
  for (const char* code :
       {"def f(res): res.header('x-secret', '1'); return {'a': object()}\n",
        "def f(res): res.status(201); return '\\ud800'\n",
        "from fasterapi import Response\n"
        "def f():\n    r = Response(); r.raw_headers.append(('a', 'x\\r\\ny')); return r\n",
        "from fasterapi import Response\ndef f(): return Response(status_code=99)\n",
        "from fasterapi import Response\n"
        "def f():\n    r = Response(); r.raw_headers.append(7); return r\n",
        "from fasterapi import Response\ndef f():\n    r = Response(); r.body = 'x'; return r\n"}) {
    INFO(code);
    const std::string sent = answer(python, code);
    CHECK(sent.starts_with("HTTP/1.1 500 "));
    CHECK_FALSE(has(sent, "secret"));
    CHECK(sent.ends_with(R"({"detail":"Internal Server Error"})"));
  }
}

TEST_CASE("write_result: a status without body has none") {
  interpreter python;
  const std::string sent = answer(python, "def f(res): res.status(204); return {'a': 1}\n");
  CHECK(sent.starts_with("HTTP/1.1 204 "));
  CHECK(sent.ends_with("\r\n\r\n"));
}

TEST_CASE("write_exception: an HTTPException says what to answer") {
  interpreter python;
  const std::string sent = answer(
      python, "from fasterapi import HTTPException\n"
              "def f(): raise HTTPException(418, {'why': [1, 'ü']}, headers={'X-A': 'b'})\n");
  CHECK(sent.starts_with("HTTP/1.1 418 "));
  CHECK(has(sent, "X-A: b\r\n"));
  CHECK(sent.ends_with("\r\n\r\n{\"detail\":{\"why\":[1,\"ü\"]}}"));
  CHECK(
      answer(python, "def f(): raise HTTPException(400, object())\n").starts_with("HTTP/1.1 500 "));
  CHECK(answer(python, "def f(): raise HTTPException(99)\n").starts_with("HTTP/1.1 500 "));
  CHECK(answer(python, "def f(): raise HTTPException(400, headers=7)\n")
            .starts_with("HTTP/1.1 500 "));
}

TEST_CASE("write_exception: anything else is a 500, also what would end a program") {
  interpreter python;
  for (const char* code : {"def f(): raise ValueError('secret')\n",
                           "def f(): raise SystemExit(3)\n", "def f(): raise KeyboardInterrupt\n",
                           "import asyncio\ndef f(): raise asyncio.CancelledError\n",
                           "class Odd(BaseException):\n"
                           "    def __str__(self): raise ValueError\n"
                           "def f(): raise Odd\n",
                           "def f(): return f()\n"}) {
    INFO(code);
    const std::string sent = answer(python, code);
    CHECK(sent.starts_with("HTTP/1.1 500 "));
    CHECK_FALSE(has(sent, "secret"));
  }
}

TEST_CASE("write_exception: in debug mode the traceback is in the answer") {
  interpreter python;
  python.state().is_debug = true;
  const std::string sent = answer(python, "def f(): raise ValueError('reason')\n");
  python.state().is_debug = false;
  CHECK(has(sent, "Traceback (most recent call last)"));
  CHECK(has(sent, "ValueError: reason"));
}

} // namespace fasterapi::python
