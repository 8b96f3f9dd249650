#include "dispatch/channel.hpp"

#include "dispatch/completion_queue.hpp"
#include "dispatch/worker_port.hpp"

#include <utility>

namespace fasterapi::dispatch {

channel::channel(kind of) noexcept : what(of) {
  worker_word_.carrier.is_word = true;
  reactor_word_.carrier.is_word = true;
}

void channel::address_worker(const job& taken) noexcept {
  worker_word_.carrier.worker = taken.worker;
  worker_word_.carrier.handler = taken.handler;
}

void channel::address_reactor(completion_queue& origin) noexcept {
  reactor_word_.carrier.origin = &origin;
}

void channel::hold_word_to_worker() noexcept {
  worker_word_.is_under_way.store(true, std::memory_order_seq_cst);
}

void channel::release_word_to_worker() noexcept {
  worker_word_.is_under_way.exchange(false, std::memory_order_seq_cst);
}

void channel::tell_reactor() noexcept {
  if (has_reactor_left() || !start(reactor_word_)) return;
  reactor_word_.carrier.origin->complete(reactor_word_.carrier);
}

void channel::tell_worker() noexcept {
  if (has_worker_left() || !start(worker_word_)) return;
  worker_word_.carrier.worker->resume(worker_word_.carrier);
}

/// What was pushed before is seen by whoever clears the mark, if it was set already.
bool channel::start(word& sent) noexcept {
  if (sent.is_under_way.exchange(true, std::memory_order_seq_cst)) return false;
  sent.carrier.about = shared_from_this();
  return true;
}

std::shared_ptr<channel> channel::take_word(job& arrived) noexcept {
  std::shared_ptr<channel> about = std::move(arrived.about);
  about->word_of(arrived).is_under_way.exchange(false, std::memory_order_seq_cst);
  return about;
}

channel::word& channel::word_of(const job& carrier) noexcept {
  return &carrier == &worker_word_.carrier ? worker_word_ : reactor_word_;
}

} // namespace fasterapi::dispatch
