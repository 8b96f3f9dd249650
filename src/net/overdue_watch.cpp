#include "net/overdue_watch.hpp"

namespace fasterapi::net {

void overdue_watch::check(clock::time_point now,
                          const std::function<void(const dispatch::worker_port&)>& report) {
  std::erase_if(watched_, [&](const entry& each) {
    if (each.worker->turns() != each.turns) return true; // it goes on
    if (now < each.until) return false;
    if (report) report(*each.worker);
    return true;
  });
}

} // namespace fasterapi::net
