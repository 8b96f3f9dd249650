#include "support/inline_host.hpp"

#include "hosting/hosted_app.hpp"
#include "hosting/python_values.hpp"
#include "python/job_loop.hpp"
#include "python/sub_interpreter.hpp"

#include <chrono>
#include <exception>

namespace fasterapi::bench {

namespace {

constexpr std::size_t jobs_per_turn = 16;
constexpr std::chrono::seconds patience{60};

} // namespace

inline_host::inline_host(const std::string& app) {
  std::promise<void> is_ready;
  auto ready = is_ready.get_future();
  thread_ = std::thread([this, app, announced = std::move(is_ready)]() mutable {
    try {
      main(app, announced);
    } catch (const std::exception& failure) {
      fail(failure.what());
    }
  });
  if (ready.wait_for(patience) != std::future_status::ready) fail("the app does not start");
}

inline_host::~inline_host() {
  work_.close();
  thread_.join();
}

void inline_host::main(const std::string& app, std::promise<void>& is_ready) {
  python::sub_interpreter own;
  const python::attach_guard attached(own.state());
  python::shutdown_clock deadline(patience);
  const hosting::worker_settings settings{.app = app};
  hosting::hosted_app hosted(lane_.add_worker(), settings, deadline);
  hosted.load();
  description_ = hosted.description();
  hosted.serve([&] {
    replace_select();
    is_ready.set_value();
  });
  for (const auto& name : hosted.finish().late) fail("a thread did not end: " + name);
}

void inline_host::replace_select() {
  static PyMethodDef method{"select", select, METH_O, nullptr};
  PyObject* loop = python::current_state()->loop->event_loop();
  selector_ = hosting::expect(PyObject_GetAttrString(loop, "_selector"));
  ready_ = hosting::expect(PyObject_GetAttrString(loop, "_ready"));
  original_ = hosting::get(selector_, "select");
  const auto self = hosting::expect(PyCapsule_New(this, nullptr, nullptr));
  const auto ours = hosting::expect(PyCFunction_New(&method, self.get()));
  PyObject_SetAttrString(selector_.get(), "select", ours.get());
}

// The app then ends as it always does: its selector sees that the lane is closed.
void inline_host::restore_select() {
  lane_.close();
  PyObject_SetAttrString(selector_.get(), "select", original_.get());
  selector_.reset();
  original_.reset();
  ready_.reset();
}

PyObject* inline_host::select(PyObject* self, PyObject*) {
  auto& host = *static_cast<inline_host*>(PyCapsule_GetPointer(self, nullptr));
  if (!host.take_turns()) host.restore_select();
  return PyList_New(0);
}

bool inline_host::take_turns() {
  python::job_loop& jobs = *python::current_state()->loop;
  do {
    if (current_ == nullptr) {
      const python::detach_guard waiting;
      current_ = work_.next();
    }
    if (current_ == nullptr) return false;
    current_->turn();
    if (current_->is_over()) {
      current_ = nullptr;
      work_.done();
    } else {
      jobs.run(jobs_per_turn);
    }
  } while (PyObject_Size(ready_.get()) == 0);
  return true;
}

} // namespace fasterapi::bench
