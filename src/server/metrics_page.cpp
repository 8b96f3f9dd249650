#include "server/metrics_page.hpp"

#include "net/request_slots.hpp"
#include "observe/log.hpp"
#include "observe/process_metrics.hpp"

#include <array>
#include <map>
#include <string>
#include <utility>

namespace fasterapi::server {

namespace {

using namespace std::chrono_literals;
using observe::exposition;

constexpr auto request_from = std::chrono::nanoseconds{10us};
constexpr auto stage_from = 100ns;
constexpr std::array<double, 3> quantiles{0.5, 0.95, 0.99};

std::uint64_t load(const std::atomic<std::uint64_t>& counter) noexcept {
  return counter.load(std::memory_order_relaxed);
}

std::vector<double> list(const auto& bounds) { return {bounds.begin(), bounds.end()}; }

struct slot_totals {
  std::string_view route;
  std::string_view method;
  observe::request_totals requests;
};

std::vector<slot_totals> totals_of(const routing::route_table& routes,
                                   const std::vector<net::reactor*>& reactors) {
  std::vector<slot_totals> all;
  const net::request_slots slots{routes};
  for (std::size_t slot = 0; slot < slots.count(); ++slot) {
    slot_totals totals{slots.route(slot), slots.method(slot), {}};
    for (const net::reactor* each : reactors) {
      if (const auto* metrics = each->metrics()) metrics->add_to(totals.requests, slot);
    }
    if (!totals.requests.statuses.empty()) all.push_back(std::move(totals));
  }
  return all;
}

} // namespace

void metrics_page::add_route(routing::route_table_builder& to, const std::string& path) {
  const auto answer = [this](HttpRequest*, HttpResponse* response) {
    response->content_type(exposition::content_type).body(render());
  };
  to.add({.type = HandlerType::CPP,
          .cpp = answer,
          .method = "GET",
          .pattern = path,
          .origin = "metrics.path"});
}

void metrics_page::watch(const routing::route_table& routes) {
  const std::lock_guard lock(mutex_);
  routes_ = &routes;
}

void metrics_page::watch(dispatch::lane& lane) {
  const std::lock_guard lock(mutex_);
  lane_ = &lane;
}

void metrics_page::watch(const python::process_services& services) {
  const std::lock_guard lock(mutex_);
  services_ = services;
}

void metrics_page::watch(net::reactor& reactor) {
  const std::lock_guard lock(mutex_);
  reactors_.push_back(&reactor);
}

void metrics_page::watch(std::shared_ptr<const observe::batch_metrics> batches) {
  const std::lock_guard lock(mutex_);
  batches_.push_back(std::move(batches));
}

void metrics_page::close() {
  const std::lock_guard lock(mutex_);
  lane_ = nullptr;
  reactors_.clear();
}

std::string metrics_page::render() const {
  const std::lock_guard lock(mutex_);
  exposition page;
  page.family("fasterapi_build_info", "gauge", "The server's version and its Python's.");
  page.sample({{"version", FASTERAPI_VERSION}, {"python", FASTERAPI_PYTHON_BUILD}},
              std::uint64_t{1});
  append_requests(page);
  append_stages(page);
  append_connections(page);
  if (lane_ != nullptr) append_queue(page);
  append_loans(page);
  append_batches(page);
  page.single("fasterapi_log_lines_dropped_total", "counter",
              "Lines of the log that were lost because its queue was full.",
              observe::dropped_lines());
  observe::append_process_metrics(page);
  append_shared(page);
  if (services_.metrics) services_.metrics->append_to(page);
  return std::move(page).text();
}

void metrics_page::append_requests(exposition& to) const {
  if (routes_ == nullptr) return;
  const auto all = totals_of(*routes_, reactors_);
  to.family("fasterapi_requests_total", "counter", "Requests answered.");
  for (const auto& each : all) {
    for (const auto& [status, count] : each.requests.statuses) {
      const std::string text = status == 0 ? "other" : std::to_string(status);
      to.sample({{"route", each.route}, {"method", each.method}, {"status", text}}, count);
    }
  }
  to.family("fasterapi_request_duration_seconds", "histogram",
            "From the first byte of a request to its answer, before that is sent, in seconds.");
  for (const auto& each : all)
    to.histogram({{"route", each.route}, {"method", each.method}}, each.requests.durations,
                 request_from);
  to.family("fasterapi_request_duration_quantile_seconds", "gauge",
            "What that share of all requests since the start stayed within, in seconds.");
  for (const auto& each : all) {
    for (const double share : quantiles)
      to.sample({{"route", each.route},
                 {"method", each.method},
                 {"quantile", observe::format_metric(share)}},
                each.requests.durations.quantile(share));
  }
}

void metrics_page::append_stages(exposition& to) const {
  to.family("fasterapi_request_stage_seconds", "histogram",
            "Time in each stage of the requests that are timed, in seconds.");
  for (std::size_t i = 0; i < observe::stage_count; ++i) {
    observe::duration_totals totals;
    for (const net::reactor* each : reactors_) {
      if (const auto* metrics = each->metrics()) totals.add(metrics->of(observe::stage(i)));
    }
    to.histogram({{"stage", observe::stage_names[i]}}, totals, stage_from);
  }
}

void metrics_page::append_connections(exposition& to) const {
  std::uint64_t in_flight = 0;
  std::uint64_t accepted = 0;
  std::uint64_t open = 0;
  std::uint64_t idle_closed = 0;
  std::uint64_t pauses = 0;
  std::array<std::uint64_t, observe::refusals.size()> refused{};
  for (const net::reactor* each : reactors_) {
    if (const auto* metrics = each->metrics()) in_flight += metrics->in_flight();
    const auto& counters = each->counters();
    accepted += load(counters.connections_accepted);
    open += load(counters.connections_open);
    idle_closed += load(counters.idle_closed);
    pauses += load(counters.accept_pauses);
    for (std::size_t i = 0; i < refused.size(); ++i) refused[i] += load(counters.refused[i]);
  }
  to.single("fasterapi_requests_in_flight", "gauge", "Requests read and not yet answered.",
            in_flight);
  to.single("fasterapi_connections", "gauge", "Open connections.", open);
  to.single("fasterapi_connections_accepted_total", "counter", "Connections accepted.", accepted);
  to.single("fasterapi_idle_connections_closed_total", "counter",
            "Connections closed by timeouts.keep_alive.", idle_closed);
  to.single("fasterapi_accept_pauses_total", "counter",
            "Times that accepting paused, by limits.max_connections or for want of descriptors.",
            pauses);
  to.family("fasterapi_refused_requests_total", "counter",
            "Requests that the server itself refused or gave up, by the status of its answer.");
  for (std::size_t i = 0; i < refused.size(); ++i) {
    const unsigned status = observe::refusals[i];
    to.sample({{"status", status == 0 ? "other" : std::to_string(status)}}, refused[i]);
  }
}

void metrics_page::append_queue(exposition& to) const {
  const auto lane = lane_->stats();
  to.single("fasterapi_queue_jobs", "gauge", "Requests that wait for a worker.",
            std::uint64_t{lane.queued});
  to.single("fasterapi_queue_capacity", "gauge", "Requests that may wait.",
            std::uint64_t{lane.capacity});
  to.single("fasterapi_queue_submitted_total", "counter", "Requests handed to workers.",
            lane.submitted);
  to.single("fasterapi_queue_refused_total", "counter",
            "Attempts to hand a request over that found the queue full.", lane.refused);
  to.single("fasterapi_workers", "gauge", "Python workers.", std::uint64_t{lane.workers});
  to.single("fasterapi_workers_sleeping", "gauge", "Workers without work.",
            std::uint64_t{lane.sleeping});
  to.single("fasterapi_workers_replaced_total", "counter",
            "Workers that were stuck in a handler, or ended, and have been replaced.",
            load(replaced_));
}

void metrics_page::append_loans(exposition& to) const {
  dispatch::loan::statistics sum;
  for (net::reactor* each : reactors_) {
    const auto one = each->loan().stats();
    sum.lent += one.lent;
    sum.passed_on += one.passed_on;
    sum.given_back += one.given_back;
    sum.taken_back += one.taken_back;
  }
  to.family("fasterapi_reactor_loans_total", "counter",
            "Event loops lent to workers, and how they came back.");
  to.sample({{"event", "lent"}}, sum.lent);
  to.sample({{"event", "passed_on"}}, sum.passed_on);
  to.sample({{"event", "given_back"}}, sum.given_back);
  to.sample({{"event", "taken_back"}}, sum.taken_back);
}

void metrics_page::append_shared(exposition& to) const {
  if (!services_.store || !services_.hub) return;
  const auto store = services_.store->stats();
  to.single("fasterapi_shared_keys", "gauge", "Keys in fasterapi.shared.",
            std::uint64_t{store.keys});
  to.single("fasterapi_shared_bytes", "gauge", "What they and their values take.",
            std::uint64_t{store.bytes});
  to.single("fasterapi_shared_max_bytes", "gauge", "What they may take (shared.max_bytes).",
            std::uint64_t{store.max_bytes});
  to.single("fasterapi_shared_hits_total", "counter", "Reads that found their key.", store.hits);
  to.single("fasterapi_shared_misses_total", "counter", "Reads that did not.", store.misses);
  to.single("fasterapi_shared_evicted_total", "counter", "Keys that made way for others.",
            store.evicted);
  to.single("fasterapi_shared_expired_total", "counter", "Keys whose life was over.",
            store.expired);
  to.single("fasterapi_shared_refused_total", "counter", "Writes for which there was no room.",
            store.refused);
  const auto hub = services_.hub->stats();
  to.single("fasterapi_shared_channels", "gauge", "Channels with subscribers.",
            std::uint64_t{hub.channels});
  to.single("fasterapi_shared_subscribers", "gauge", "Subscriptions.",
            std::uint64_t{hub.subscribers});
  to.single("fasterapi_shared_published_total", "counter", "Messages published.", hub.published);
  to.single("fasterapi_shared_delivered_total", "counter",
            "Messages times the subscribers that got them.", hub.delivered);
  to.single("fasterapi_shared_dropped_total", "counter",
            "Messages that subscriptions dropped, being full.", hub.dropped);
}

void metrics_page::append_batches(exposition& to) const {
  if (routes_ == nullptr) return;
  std::map<std::string, observe::batch_totals> all;
  for (const auto& route : routes_->routes()) {
    if (route->type != HandlerType::PYTHON) continue;
    for (const auto& each : batches_) each->add_to(all[route->pattern], route->python_handler);
  }
  for (const auto& each : batches_) each->add_routes_to(all);
  std::erase_if(all, [](const auto& each) { return each.second.requests == 0; });
  if (all.empty()) return;
  to.family("fasterapi_batch_size", "histogram", "Requests in a batch.");
  for (const auto& [route, totals] : all)
    to.histogram({{"route", route}}, list(observe::batch_counts::size_bounds), totals.sizes,
                 static_cast<double>(totals.requests));
  to.family("fasterapi_batch_fill_ratio", "histogram",
            "Requests in a batch by its max_batch_size.");
  for (const auto& [route, totals] : all)
    to.histogram({{"route", route}}, list(observe::batch_counts::fill_bounds), totals.fills,
                 totals.filled);
  to.family("fasterapi_batch_wait_seconds", "histogram",
            "From the first request of a batch to the call, in seconds.");
  for (const auto& [route, totals] : all)
    to.histogram({{"route", route}}, totals.waits, request_from);
}

} // namespace fasterapi::server
