// A job's way through the lane: what dispatch adds to a request, in one thread and across two.
#include "support/on_core.hpp"
#include "support/timing.hpp"

#include "dispatch/lane.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <poll.h>
#include <string>
#include <thread>
#include <vector>

using namespace fasterapi;

namespace {

void sleep_on(int fd) {
  pollfd waited{fd, POLLIN, 0};
  ::poll(&waited, 1, -1);
}

void work(dispatch::worker_port& port) {
  for (;;) {
    if (auto* taken = port.take()) {
      taken->origin->complete(*taken);
    } else if (port.is_closing()) {
      return;
    } else if (port.prepare_sleep()) {
      sleep_on(port.fd());
      port.awake();
    }
  }
}

void measure_one_thread() {
  dispatch::completion_queue queue;
  dispatch::lane home{1024, 1};
  auto& port = home.add_worker();
  dispatch::job one;
  one.origin = &queue;
  bench::measure("submit, take, complete, take_all", [&] {
    home.submit(one);
    port.take()->origin->complete(one);
    bench::keep(queue.take_all());
  });
}

// `jobs` are always under way; a call of the body is one turn of the reactor, so time is counted
// per job that returned.
void measure_crossing(std::size_t jobs) {
  dispatch::completion_queue queue;
  dispatch::lane home{1024, 1};
  auto& port = home.add_worker();
  std::vector<std::unique_ptr<dispatch::job>> owned;
  for (std::size_t i = 0; i < jobs; ++i) {
    owned.push_back(std::make_unique<dispatch::job>());
    owned.back()->origin = &queue;
    home.submit(*owned.back());
  }
  std::optional<bench::on_core> place{1};
  std::thread worker{[&] { work(port); }};
  place.emplace(0);
  const auto title = "across threads, " + std::to_string(jobs) + " under way";
  bench::time_only(
      title,
      [&] {
        for (std::size_t returned = 0; returned < 1024;) {
          auto* done = queue.take_all();
          if (done == nullptr && queue.prepare_sleep()) {
            sleep_on(queue.fd());
            queue.awake();
          }
          while (done != nullptr) {
            auto& each = *done;
            done = done->next;
            home.submit(each);
            ++returned;
          }
        }
      },
      1024);
  home.close();
  worker.join();
}

} // namespace

int main(int count, char* arguments[]) {
  bench::results().start(count, arguments);
  measure_one_thread();
  for (const std::size_t jobs : {1U, 8U, 64U, 512U}) measure_crossing(jobs);
  return bench::results().finish();
}
