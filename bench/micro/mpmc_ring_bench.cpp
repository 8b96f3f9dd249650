// The ring against Boost's lock-free queue and a deque under a mutex: pointers through a queue of
// 1024, from one thread and from n producers to n consumers. Who finds it full or empty yields.
#include "timing.hpp"

#include "dispatch/mpmc_ring.hpp"

#include <boost/lockfree/queue.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace fasterapi;

namespace {

constexpr std::size_t capacity = 1024;
constexpr std::uintptr_t elements = 1 << 20;

struct ring {
  bool push(std::uintptr_t value) { return queue.try_push(value); }
  bool pop(std::uintptr_t& value) { return queue.try_pop(value); }
  dispatch::mpmc_ring<std::uintptr_t> queue{capacity};
};

struct boost_queue {
  bool push(std::uintptr_t value) { return queue.bounded_push(value); }
  bool pop(std::uintptr_t& value) { return queue.pop(value); }
  boost::lockfree::queue<std::uintptr_t> queue{capacity};
};

struct mutex_deque {
  bool push(std::uintptr_t value) {
    const std::lock_guard lock{mutex};
    if (queue.size() >= capacity) return false;
    queue.push_back(value);
    return true;
  }
  bool pop(std::uintptr_t& value) {
    const std::lock_guard lock{mutex};
    if (queue.empty()) return false;
    value = queue.front();
    queue.pop_front();
    return true;
  }
  std::mutex mutex;
  std::deque<std::uintptr_t> queue;
};

template <class Queue>
void produce(Queue& to, std::uintptr_t count) {
  for (std::uintptr_t i = 1; i <= count; ++i) {
    while (!to.push(i)) std::this_thread::yield();
  }
}

template <class Queue>
void consume(Queue& from, std::atomic<std::uintptr_t>& left) {
  constexpr std::uintptr_t batch = 64; // so that the count does not weigh
  std::uintptr_t value = 0;
  std::uintptr_t taken = 0;
  while (left.load(std::memory_order_relaxed) > 0) {
    if (from.pop(value)) {
      bench::keep(value);
      if (++taken < batch) continue;
    } else {
      std::this_thread::yield();
    }
    left.fetch_sub(taken);
    taken = 0;
  }
}

template <class Queue>
double nanoseconds_each(unsigned pairs) {
  Queue queue;
  std::atomic<std::uintptr_t> left{elements};
  std::vector<std::thread> threads;
  const auto start = bench::clock::now();
  for (unsigned i = 0; i < pairs; ++i) {
    threads.emplace_back([&] { produce(queue, elements / pairs); });
    threads.emplace_back([&] { consume(queue, left); });
  }
  for (auto& each : threads) each.join();
  const std::chrono::duration<double, std::nano> elapsed = bench::clock::now() - start;
  return elapsed.count() / static_cast<double>(elements);
}

template <class Queue>
void measure(const std::string& name) {
  Queue queue;
  std::uintptr_t value = 0;
  bench::measure((name + ", one thread, push and pop").c_str(), [&] {
    queue.push(1);
    queue.pop(value);
  });
  for (const unsigned pairs : {1U, 2U, 4U, 8U}) {
    std::array<double, 11> runs{};
    for (double& each : runs) each = nanoseconds_each<Queue>(pairs);
    std::sort(runs.begin(), runs.end());
    const auto title = name + ", " + std::to_string(pairs) + " to " + std::to_string(pairs);
    std::printf("%-44s %9.1f ns  [%.1f, %.1f]\n", title.c_str(), runs[5], runs[2], runs[8]);
  }
}

} // namespace

int main() {
  measure<ring>("mpmc_ring");
  measure<boost_queue>("boost::lockfree::queue");
  measure<mutex_deque>("mutex and deque");
}
