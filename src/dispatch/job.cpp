#include "dispatch/job.hpp"

#include "dispatch/worker_port.hpp"

#include <utility>

namespace fasterapi::dispatch {

void job::give_body_back() noexcept {
  if (lent == nullptr) return;
  lent_body& sent = *std::exchange(lent, nullptr);
  sent.worker->take_back(sent);
}

} // namespace fasterapi::dispatch
