#include "ablation/interpreter_thread.hpp"

#include "python/sub_interpreter.hpp"
#include "support/python_values.hpp"

#include <array>
#include <optional>
#include <utility>

namespace fasterapi::bench {

namespace {

/// As python::sub_interpreter, but under the main interpreter's GIL.
class sharing_interpreter {
public:
  sharing_interpreter() {
    PyInterpreterConfig config{};
    config.use_main_obmalloc = 0;
    config.allow_threads = 1;
    config.check_multi_interp_extensions = 1;
    config.gil = PyInterpreterConfig_SHARED_GIL;
    if (PyStatus_Exception(Py_NewInterpreterFromConfig(&raw_, &config))) fail("no interpreter");
    state_.emplace(python::thread_state::adopt(raw_));
  }
  ~sharing_interpreter() {
    state_->attach();
    Py_EndInterpreter(raw_);
    state_->release();
  }
  python::thread_state& state() noexcept { return *state_; }

private:
  PyThreadState* raw_ = nullptr;
  std::optional<python::thread_state> state_;
};

constexpr const char* code = R"py(
from typing import Optional
from fasterapi import _binding
def user(user_id: int, q: Optional[str] = None):
    return {"user_id": user_id, "q": q}
plan = _binding.make_plan(user, "/users/{user_id}")
def raw(req, res):
    res.set_json('{"id":%s}' % req.path_params["user_id"])
raw_plan = _binding.make_plan(raw, "/users/{user_id}")

from fasterapi import App, Request
app = App()
@app.get("/users/{user_id}")
def one(request: Request):
    return {"id": request.path_params["user_id"]}
single = app.routes[-1].compile(app)
@app.get("/users/{user_id}")
@app.batch_handler()
def together(requests):
    return [{"id": request.path_params["user_id"]} for request in requests]
batched = app.routes[-1].compile(app)
)py";

python::handler compile(python_values& values, const char* name, const char* plan) {
  python::handler made;
  if (!python::handler::compile(values.value(name).get(), values.value(plan).get(),
                                "/users/{user_id}", false, made))
    fail("the handler does not compile");
  return made;
}

} // namespace

void called_handler::pool(std::size_t objects) const {
  state.requests.limit(objects);
  state.responses.limit(objects);
}

void called_handler::answer(std::span<dispatch::job* const> batch) const {
  const python::handler& handler = of_handlers[batch.front()->handler];
  std::vector<python::call_objects> made(batch.size());
  auto items = python::py_ref::steal(PyList_New(static_cast<Py_ssize_t>(batch.size())));
  for (std::size_t i = 0; i < batch.size(); ++i) {
    bool was_refused = false;
    auto item = handler.item_for(*batch[i], state, was_refused, made[i]);
    PyList_SET_ITEM(items.get(), static_cast<Py_ssize_t>(i), item.release());
  }
  const auto results = handler.call_batch(items.get());
  if (!results) fail("the batch handler raised");
  items.reset();
  python::py_ref stream;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    PyObject* result = PyList_GET_ITEM(results.get(), static_cast<Py_ssize_t>(i));
    if (!python::write_result(*batch[i], result, nullptr, {}, state, stream))
      fail("a result of the batch cannot be written");
    python::release_objects(made[i]);
  }
}

void called_handler::answer(dispatch::job& of) const {
  python::call_objects made;
  python::py_ref stream;
  bool was_refused = false;
  const auto result = of_handlers[of.handler].call(of, state, was_refused, made);
  if (!result || !python::write_result(of, result.get(), made.response.get(), {}, state, stream))
    fail("the handler raised");
  python::release_objects(made);
}

interpreter_thread::interpreter_thread(gil kind) {
  std::promise<void> is_ready;
  auto ready = is_ready.get_future();
  thread_ = std::thread([this, kind, announced = std::move(is_ready)]() mutable {
    if (kind == gil::own) {
      python::sub_interpreter own;
      live(own.state(), announced);
    } else {
      sharing_interpreter guest;
      live(guest.state(), announced);
    }
  });
  ready.wait();
}

interpreter_thread::~interpreter_thread() {
  works_.close();
  thread_.join();
}

void interpreter_thread::live(python::thread_state& state, std::promise<void>& is_ready) {
  const python::attach_guard attached{state};
  python_values values;
  values.run(code);
  const std::array handlers{compile(values, "user", "plan"), compile(values, "raw", "raw_plan"),
                            compile(values, "single.endpoint", "single.plan"),
                            compile(values, "batched.batch[0]", "batched.plan")};
  const called_handler handler{handlers, values.state()};
  is_ready.set_value();
  for (;;) {
    work* next = nullptr;
    {
      const python::detach_guard waiting;
      next = works_.next();
    }
    if (next == nullptr) return;
    (*next)(handler);
    works_.done();
  }
}

} // namespace fasterapi::bench
