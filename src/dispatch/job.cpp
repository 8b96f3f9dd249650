#include "dispatch/job.hpp"

#include "dispatch/worker_port.hpp"

#include <poll.h>
#include <utility>

namespace fasterapi::dispatch {

namespace {

/// Or POLLERR, POLLHUP, POLLNVAL, which need not be asked for.
bool shows(int descriptor, short event) noexcept {
  pollfd looked_at{descriptor, event, 0};
  return ::poll(&looked_at, 1, 0) > 0;
}

} // namespace

void job::give_body_back() noexcept {
  if (lent == nullptr) return;
  lent_body& sent = *std::exchange(lent, nullptr);
  sent.worker->take_back(sent);
}

void job::cancel_if_client_is_gone() noexcept {
  if (client >= 0 && shows(client, 0)) cancelled.store(true, std::memory_order_relaxed);
}

bool job::has_client_left() const noexcept {
  return cancelled.load(std::memory_order_relaxed) || (client >= 0 && shows(client, POLLRDHUP));
}

} // namespace fasterapi::dispatch
