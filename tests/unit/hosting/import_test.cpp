#include "unit/hosting/serving.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace fasterapi::hosting {

namespace {

using Catch::Matchers::ContainsSubstring;

std::string refusal(const std::string& spec, bool starts = false) {
  dispatch::lane lane(8, 1);
  worker refused(lane.add_worker(), {.app = spec, .startup_deadline = 200ms});
  try {
    refused.load();
    if (starts) refused.start();
  } catch (const app_error& failure) {
    return failure.what();
  }
  return "nothing was refused";
}

} // namespace

TEST_CASE("import: a missing file names its place and what is there") {
  const app_file file("");
  const std::string said = refusal((file.folder() / "other.py").string());
  CHECK_THAT(said, ContainsSubstring("there is no file " + (file.folder() / "other.py").string()));
  CHECK_THAT(said, ContainsSubstring("tiny_app.py"));
}

TEST_CASE("import: a missing module names what was searched") {
  const std::string said = refusal("no_such_module:app");
  CHECK_THAT(said, ContainsSubstring("no module named 'no_such_module'"));
  CHECK_THAT(said, ContainsSubstring("Looked in:"));
}

TEST_CASE("import: a missing attribute names the apps that are there") {
  const app_file file("from fasterapi import App\napi = App()\n");
  CHECK_THAT(refusal(file.spec()),
             ContainsSubstring("no attribute 'app'") && ContainsSubstring("It has the apps: api."));
}

TEST_CASE("import: what is no App is named with its type") {
  const app_file file("app = {}\n");
  CHECK_THAT(refusal(file.spec()), ContainsSubstring("is a builtins.dict, not a fasterapi.App"));
}

TEST_CASE("import: an exception comes with the user's frames only") {
  const app_file file("def fail():\n    raise ValueError('on purpose')\nfail()\n");
  const std::string said = refusal(file.spec());
  CHECK_THAT(said, ContainsSubstring("tiny_app.py\", line 2, in fail") &&
                       ContainsSubstring("ValueError: on purpose"));
  CHECK_THAT(said, !ContainsSubstring("_worker") && !ContainsSubstring("importlib"));
}

TEST_CASE("import: a syntax error shows the line") {
  const app_file file("app = = 1\n");
  CHECK_THAT(refusal(file.spec()),
             ContainsSubstring("SyntaxError") && ContainsSubstring("app = = 1"));
}

TEST_CASE("import: sys.exit ends the import, not the process") {
  const app_file file("import sys\nsys.exit('enough')\n");
  CHECK_THAT(refusal(file.spec()), ContainsSubstring("SystemExit('enough')"));
}

TEST_CASE("import: a missing dependency says where it would have to be installed") {
  const app_file file("import no_such_dependency\n");
  CHECK_THAT(refusal(file.spec()), ContainsSubstring("No module named 'no_such_dependency'") &&
                                       ContainsSubstring("--python-venv"));
}

TEST_CASE("import: a module that refuses sub-interpreters is named, with the way out") {
  const app_file file("import readline\n");
  const std::string said = refusal(file.spec());
  if (said.find("No module named") != std::string::npos) SKIP("this Python has no readline");
  CHECK_THAT(said, ContainsSubstring("readline") &&
                       ContainsSubstring("python.use_subinterpreters to false"));
}

TEST_CASE("import: what the module asked of the executor is told") {
  const app_file file(R"(
from fasterapi import App
from fasterapi.core.executor import ExecutorConfig, PythonExecutor
config = ExecutorConfig()
config.num_workers = 3
config.use_subinterpreters = True
PythonExecutor.initialize(config)
app = App(redirect_slashes=False)
)");
  dispatch::lane lane(8, 1);
  worker loaded(lane.add_worker(), {.app = file.spec()});
  const app_description told = loaded.load();
  CHECK(told.workers == 3u);
  CHECK(told.use_subinterpreters == true);
  CHECK_FALSE(told.queue_capacity.has_value());
  CHECK_FALSE(told.redirect_slashes);
}

TEST_CASE("import: a startup that fails is an app_error with its traceback") {
  const app_file file(R"(
from fasterapi import App
app = App()

@app.on_event("startup")
async def startup():
    raise ConnectionError("no database")
)");
  CHECK_THAT(refusal(file.spec(), true), ContainsSubstring("The startup of") &&
                                             ContainsSubstring("ConnectionError: no database"));
}

TEST_CASE("import: a startup that takes too long is an app_error") {
  const app_file file(R"(
import asyncio
from fasterapi import App
app = App()

@app.on_event("startup")
async def startup():
    await asyncio.sleep(3600)
)");
  CHECK_THAT(refusal(file.spec(), true), ContainsSubstring("did not end within 0.2 s"));
}

} // namespace fasterapi::hosting
