// The ring against Boost's lock-free queue and a deque under a mutex: pointers through a queue of
// 1024, from one thread and from n producers to n consumers. Who finds it full or empty yields.
#include "support/on_core.hpp"
#include "support/timing.hpp"

#include "dispatch/mpmc_ring.hpp"

#include <boost/lockfree/queue.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace fasterapi;

namespace {

constexpr std::size_t capacity = 1024;

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
double nanoseconds_each(unsigned producers, unsigned consumers) {
  Queue queue;
  const std::uintptr_t elements = bench::results().scaled(1 << 20, 1 << 12);
  std::atomic<std::uintptr_t> left{elements};
  std::vector<std::thread> threads;
  const auto start = bench::clock::now();
  for (unsigned i = 0; i < producers; ++i) {
    const bench::on_core place{i};
    threads.emplace_back([&] { produce(queue, elements / producers); });
  }
  for (unsigned i = 0; i < consumers; ++i) {
    const bench::on_core place{i + 1}; // with one of each, not the producer's
    threads.emplace_back([&] { consume(queue, left); });
  }
  for (auto& each : threads) each.join();
  return bench::to_nanoseconds(bench::clock::now() - start) / static_cast<double>(elements);
}

template <class Queue>
void measure_threads(const std::string& name, unsigned producers, unsigned consumers) {
  const auto title =
      name + ", " + std::to_string(producers) + " to " + std::to_string(consumers) + " threads";
  if (!bench::results().wants(title) || bench::is_under_callgrind()) return;
  std::vector<double> runs(bench::results().scaled(11, 1));
  for (double& each : runs) each = nanoseconds_each<Queue>(producers, consumers);
  bench::row measured{title, {}};
  bench::spread{std::move(runs)}.describe(measured);
  bench::results().add(std::move(measured));
}

template <class Queue>
void measure(const std::string& name) {
  Queue queue;
  std::uintptr_t value = 0;
  bench::measure(name + ", one thread, push and pop", [&] {
    queue.push(1);
    queue.pop(value);
  });
  for (const unsigned pairs : {1U, 2U, 4U, 8U}) measure_threads<Queue>(name, pairs, pairs);
  measure_threads<Queue>(name, 8, 1);
  measure_threads<Queue>(name, 1, 8);
}

} // namespace

int main(int count, char* arguments[]) {
  bench::results().start(count, arguments);
  measure<ring>("mpmc_ring");
  measure<boost_queue>("boost::lockfree::queue");
  measure<mutex_deque>("mutex and deque");
  return bench::results().finish();
}
