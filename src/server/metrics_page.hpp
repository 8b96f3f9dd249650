#pragma once

#include "dispatch/lane.hpp"
#include "net/reactor.hpp"
#include "observe/batch_metrics.hpp"
#include "observe/exposition.hpp"
#include "python/process_services.hpp"
#include "routing/route_table.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace fasterapi::server {

/// The page that Prometheus reads; docs/metrics.md lists what is on it. It merges what each reactor
/// and worker counts for itself, without holding any of them up. The main thread names the sources,
/// any thread renders.
class metrics_page {
public:
  void add_route(routing::route_table_builder& to, const std::string& path);

  void watch(const routing::route_table& routes);
  void watch(dispatch::lane& lane);
  void watch(const python::process_services& services);
  void watch(net::reactor& reactor);
  void watch(std::shared_ptr<const observe::batch_metrics> batches);
  void count_replaced_worker() noexcept { replaced_.fetch_add(1, std::memory_order_relaxed); }
  /// What it watched is about to go.
  void close();

  std::string render() const;

private:
  void append_requests(observe::exposition& to) const;
  void append_stages(observe::exposition& to) const;
  void append_connections(observe::exposition& to) const;
  void append_queue(observe::exposition& to) const;
  void append_loans(observe::exposition& to) const;
  void append_batches(observe::exposition& to) const;
  void append_shared(observe::exposition& to) const;

  mutable std::mutex mutex_; // of the lists, not of what is counted
  const routing::route_table* routes_ = nullptr;
  dispatch::lane* lane_ = nullptr;
  python::process_services services_;
  std::vector<net::reactor*> reactors_;
  std::vector<std::shared_ptr<const observe::batch_metrics>> batches_;
  std::atomic<std::uint64_t> replaced_{0};
};

} // namespace fasterapi::server
