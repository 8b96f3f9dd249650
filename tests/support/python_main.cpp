#include "support/python_main.hpp"

#include "python/runtime.hpp"

#include <catch2/catch_session.hpp>

#include <cstdio>
#include <cstdlib>

namespace {

bool is_abandoned = false;

} // namespace

void fasterapi::test::abandon_python() noexcept { is_abandoned = true; }

/// CPython starts once per process and thread: before the tests, on the main thread.
int main(int count, char* arguments[]) {
  int result = 0;
  {
    const fasterapi::python::runtime python(
        {.home = {}, .venv = {}, .path = {}, .package_path = FASTERAPI_SOURCE_DIR "/src/pylib"});
    result = Catch::Session().run(count, arguments);
    if (is_abandoned) {
      std::fflush(nullptr);
      std::_Exit(result);
    }
  }
  return result;
}
