#include "python/job_loop.hpp"

#include <algorithm>
#include <utility>

namespace fasterapi::python {

namespace {

// Of a batch that takes what has queued up, where the queue does not end.
constexpr std::chrono::milliseconds longest_queueing{1};

} // namespace

void job_loop::count_batches(observe::batch_metrics& in) {
  in.start(handlers_.size());
  batch_metrics_ = &in;
}

void job_loop::gather(dispatch::job& of) {
  const batch_limits& limits = handlers_[of.handler].batch;
  batch& into = batches_[of.handler];
  if (into.jobs.empty()) {
    const auto delay = limits.delay.count() == 0 ? longest_queueing : limits.delay;
    into.began = std::chrono::steady_clock::now();
    into.due = into.began + delay;
  }
  port_.note_taken(of);
  into.jobs.push_back(&of);
  ++gathered_;
  if (into.jobs.size() >= limits.most) run_batch(of.handler);
}

bool job_loop::has_due_batch(time_point now) const noexcept {
  if (gathered_ == 0) return false;
  return port_.is_closing() ||
         std::any_of(batches_.begin(), batches_.end(),
                     [&](const batch& each) { return !each.jobs.empty() && each.due <= now; });
}

void job_loop::run_due_batches(bool has_more, time_point now) {
  const bool is_closing = port_.is_closing();
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    if (batches_[i].jobs.empty()) continue;
    const bool takes_queue = handlers_[i].batch.delay.count() == 0 && !has_more;
    if (is_closing || takes_queue || batches_[i].due <= now) run_batch(i);
  }
}

int job_loop::milliseconds_to_batch() const noexcept {
  auto first = time_point::max();
  for (const batch& each : batches_) {
    if (!each.jobs.empty()) first = std::min(first, each.due);
  }
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(first - std::chrono::steady_clock::now());
  return left.count() > 0 ? static_cast<int>(left.count()) : 0;
}

// Whose clients wait no more.
void job_loop::drop_cancelled(std::vector<dispatch::job*>& jobs) {
  const auto gone = std::stable_partition(jobs.begin(), jobs.end(), [](const dispatch::job* each) {
    return !each->cancelled.load(std::memory_order_relaxed);
  });
  gathered_ -= static_cast<std::size_t>(jobs.end() - gone);
  std::for_each(gone, jobs.end(), [](dispatch::job* each) { each->origin->complete(*each); });
  jobs.erase(gone, jobs.end());
}

void job_loop::run_batch(std::size_t handler) {
  const auto now = std::chrono::steady_clock::now();
  for (dispatch::job* each : batches_[handler].jobs) {
    if (now - each->received_at > long_wait) each->cancel_if_client_is_gone();
  }
  drop_cancelled(batches_[handler].jobs);
  std::vector<dispatch::job*> jobs;
  std::swap(jobs, batches_[handler].jobs);
  gathered_ -= jobs.size();
  if (jobs.empty()) return;
  make_way(handler);
  for (dispatch::job* each : jobs) each->times.lap(observe::stage::queue);
  const auto began = std::chrono::steady_clock::now();
  if (batch_metrics_ != nullptr)
    batch_metrics_->of(handler).record(jobs.size(), handlers_[handler].batch.most,
                                       began - batches_[handler].began);
  call_batch(handler, jobs);
  const auto ended = std::chrono::steady_clock::now();
  deliver(ended);
  note_run(handler, ended - began);
}

void job_loop::call_batch(std::size_t handler, const std::vector<dispatch::job*>& jobs) {
  std::vector<dispatch::job*> called;
  std::vector<call_objects> made;
  py_ref items = read_items(handler, jobs, called, made);
  if (called.empty()) return;
  const py_ref results = handlers_[handler].call_batch(items.get());
  items.reset(); // or it would count as user code that keeps them
  answer_batch(called, results.get(), made);
}

// A list with an item for each of `called`: those that are not refused.
py_ref job_loop::read_items(std::size_t handler, const std::vector<dispatch::job*>& jobs,
                            std::vector<dispatch::job*>& called, std::vector<call_objects>& made) {
  called.reserve(jobs.size());
  made.reserve(jobs.size());
  py_ref items = py_ref::steal(PyList_New(0));
  for (dispatch::job* each : jobs) {
    guard(*each, [&] {
      call_objects objects;
      bool was_refused = false;
      const py_ref item = handlers_[handler].item_for(*each, state_, was_refused, objects);
      if (was_refused) {
        each->times.lap(observe::stage::handler);
        return finish(*each, objects);
      }
      if (!item || !items || PyList_Append(items.get(), item.get()) != 0)
        return fail(*each, objects);
      called.push_back(each);
      made.push_back(std::move(objects));
    });
  }
  return items;
}

void job_loop::answer_batch(const std::vector<dispatch::job*>& jobs, PyObject* results,
                            std::vector<call_objects>& made) {
  const auto count = static_cast<Py_ssize_t>(jobs.size());
  const bool is_whole =
      results != nullptr && PyList_Check(results) && PyList_GET_SIZE(results) == count;
  if (!is_whole && PyErr_Occurred() == nullptr) {
    PyErr_SetString(PyExc_TypeError, "a batch has one result for each request");
  }
  const py_ref failure = is_whole ? py_ref{} : py_ref::steal(PyErr_GetRaisedException());
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    PyObject* result =
        is_whole ? PyList_GET_ITEM(results, static_cast<Py_ssize_t>(i)) : failure.get();
    guard(*jobs[i], [&] { answer_item(*jobs[i], result, made[i]); });
  }
}

void job_loop::answer_item(dispatch::job& of, PyObject* result, call_objects& made) {
  if (PyExceptionInstance_Check(result)) {
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(result)), result);
    return fail(of, made);
  }
  if (is_awaitable(result)) return await_result(of, py_ref::borrow(result), made);
  answer(of, result, made);
}

} // namespace fasterapi::python
