#include "net/reactor.hpp"
#include "net/session.hpp"

namespace fasterapi::net {

using observe::stage;

void session::start_timing() {
  if (exchange().input.empty()) return; // the next request has not begun
  match_ = {};
  job_->times.is_on = false;
  slot_ = home_.slots().of_nothing();
  if (home_.metrics()->times_next()) job_->times.start(reactor::clock::now());
}

/// Its head is read, its route known.
void session::count_request() {
  job_->times.lap(stage::parse);
  slot_ = home_.slots().of(match_, exchange().request.verb);
  is_counted_ = true;
  home_.metrics()->begin();
}

bool session::is_of_worker() const noexcept {
  return match_.route != nullptr && match_.route->type == HandlerType::PYTHON;
}

/// The answer is ready to be sent. What a worker has answered came with the time; for others the
/// clock is read, and the next request of this turn begins there.
void session::count_answer() {
  const auto now = is_of_worker() ? home_.now() : home_.look_at_clock();
  home_.metrics()->count(slot_, exchange().response.status(), now - began_);
  if (is_counted_) count_end();
  if (job_->times.is_on) record_stages();
}

void session::count_end() {
  is_counted_ = false;
  home_.metrics()->end();
}

void session::record_stages() {
  auto& metrics = *home_.metrics();
  const auto& spent = job_->times.spent;
  const auto record = [&](stage of) { metrics.record(of, spent[static_cast<std::size_t>(of)]); };
  record(stage::parse);
  if (match_.route != nullptr) record(stage::handler);
  if (is_of_worker()) {
    record(stage::queue);
    record(stage::interpreter);
    record(stage::serialise);
  }
  job_->times.is_on = false;
  times_write_ = true;
}

void session::refused(unsigned status) noexcept {
  observe::add(home_.count().refused[observe::refusal_place(status)]);
}

void session::begin_write() {
  if (write_began_ == time_point{}) write_began_ = reactor::clock::now();
}

void session::end_write() {
  home_.metrics()->record(stage::write, reactor::clock::now() - std::exchange(write_began_, {}));
  times_write_ = false;
}

} // namespace fasterapi::net
