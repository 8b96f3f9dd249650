#pragma once

#include "dispatch/job.hpp"
#include "dispatch/mpmc_ring.hpp"

#include <atomic>

namespace fasterapi::dispatch {

/// A Treiber stack of jobs, pushed by many threads, taken whole by one (in order of arrival).
/// Taking whole is what spares it the ABA problem. Owns nothing.
class job_stack {
public:
  bool push(job& pushed) noexcept; // true: it was empty before
  job* take_all() noexcept;        // linked by job::next, oldest first
  bool empty() const noexcept { return top_.load(std::memory_order_seq_cst) == nullptr; }

private:
  alignas(cache_line) std::atomic<job*> top_{nullptr};
};

} // namespace fasterapi::dispatch
