#pragma once

#include "dispatch/completion_queue.hpp"

#include <atomic>

namespace fasterapi::dispatch {

/// Reactors that wait for room in the ring: a Treiber stack through the completion queues
/// themselves, so that waiting neither allocates nor locks. Each stands in it once at most.
class room_queue {
public:
  void add(completion_queue& waiting) noexcept; // nothing when it waits already
  bool empty() const noexcept { return top_.load(std::memory_order_seq_cst) == nullptr; }
  void nudge_all() noexcept; // and forgets them

private:
  alignas(cache_line) std::atomic<completion_queue*> top_{nullptr};
};

} // namespace fasterapi::dispatch
