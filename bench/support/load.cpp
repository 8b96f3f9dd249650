#include "support/load.hpp"

#include "support/report.hpp"

namespace fasterapi::bench {

load::load(dispatch::lane& to, dispatch::completion_queue& back, const routing::route_table& routes,
           const request_kind& kind, unsigned under_way, clockid_t cpu)
    : lane_(to), queue_(back), kind_(kind), path_(routes), cpu_(cpu) {
  for (unsigned i = 0; i < under_way; ++i) {
    jobs_.push_back(std::make_unique<dispatch::job>());
    jobs_.back()->origin = &queue_;
  }
}

void load::prepare(std::size_t requests, samples* each, bool counts_instructions) {
  total_ = requests;
  sent_ = received_ = 0;
  each_ = each;
  counts_instructions ? static_cast<void>(instructions_.emplace()) : instructions_.reset();
}

std::size_t load::turn() {
  if (sent_ == 0) begin();
  const std::size_t before = received_;
  auto* done = queue_.take_all();
  while (done != nullptr) {
    auto& one = *done;
    done = done->next;
    receive(one);
    if (sent_ != total_) send(one);
  }
  if (is_over()) end();
  return received_ - before;
}

void load::begin() {
  cpu_began_ = cpu_now();
  if (instructions_) instructions_->start();
  began_ = clock::now();
  for (const auto& each : jobs_) {
    each->received_at = began_;
    if (sent_ != total_) send(*each);
  }
}

void load::end() {
  const auto requests = static_cast<double>(total_);
  spent_.wall_ns = to_nanoseconds(clock::now() - began_) / requests;
  spent_.instructions = instructions_ ? instructions_->stop(kind_.name, total_) : std::nullopt;
  spent_.cpu_ns = static_cast<double>(cpu_now() - cpu_began_) / requests;
}

void load::send(dispatch::job& one) {
  one.handler = path_.begin(one.exchange, kind_.bytes).python_handler;
  ++sent_;
  if (!lane_.submit(one)) fail("the ring is full");
}

void load::receive(dispatch::job& one) {
  const auto answer = one.exchange.output.view();
  const auto outside = one.exchange.response.outside_body();
  if (answer.size() + outside.size() != answer_size_) {
    check_answer(std::string{answer}.append(outside), kind_.status, kind_.body);
    answer_size_ = answer.size() + outside.size();
  }
  one.give_body_back();
  path_.end(one.exchange);
  ++received_;
  if (each_ == nullptr) return;
  const auto now = clock::now();
  each_->add(now - one.received_at);
  one.received_at = now;
}

std::int64_t load::cpu_now() const noexcept {
  timespec now{};
  ::clock_gettime(cpu_, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

} // namespace fasterapi::bench
