#include "net/reactor.hpp"

#include "dispatch/websocket_channel.hpp"
#include "net/listener.hpp"
#include "observe/log.hpp"

#include <algorithm>
#include <exception>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace fasterapi::net {

namespace {

constexpr std::chrono::milliseconds tick_time{100};    // resolution of the connections' timeouts
constexpr std::chrono::milliseconds gathering_time{4}; // for which an answer waits at most
constexpr int events_per_turn = 256;   // then completions and the ring have their turn
constexpr std::size_t group_size = 16; // of connections that are served at once
constexpr std::chrono::microseconds others_wait{500}; // for connections that are always ready
constexpr unsigned request_id_bits = 48;              // below them: this reactor's own numbers

boost::asio::generic::stream_protocol protocol_of(int fd) {
  sockaddr address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, &address, &size);
  return {address.sa_family, address.sa_family == AF_UNIX ? 0 : IPPROTO_TCP};
}

/// The call may take the one it is for out of the list.
template <class List, class Call>
void for_each(List& list, Call call) {
  for (auto next = list.begin(); next != list.end();) {
    const boost::intrusive_ptr<typename List::value_type> kept{&*next++};
    call(*kept);
  }
}

} // namespace

reactor::reactor(service& shared, unsigned index)
    : shared_(&shared), context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE), loan_(*this, completions_),
      bell_(context_, ::dup(completions_.fd())), guest_(context_), tick_(context_),
      slots_(*shared.routes), now_(clock::now()),
      request_id_(std::uint64_t{index} << request_id_bits), ready_(context_) {
  if (shared.settings.counts_requests)
    metrics_.emplace(slots_.count(), shared.settings.timed_every);
}

reactor::~reactor() {
  listeners_.clear();
  while (!sessions_.empty()) sessions_.front().close();
  while (!websockets_.empty()) websockets_.front().close();
  deliver(clock::now()); // workers have ended: what they gave back last
}

void reactor::listen(int listening_fd) {
  listeners_.push_back(std::make_unique<listener>(*this, listening_fd));
  listeners_.back()->start();
}

void reactor::run() {
  while (!is_over()) {
    if (loan_.lend_if_wanted())
      shared_->lane->wake_for_backlog(); // what its worker left in the ring
    else if (!serve_ready())
      wait(clock::time_point::max());
  }
  serve_one([this] { return close_all(), 1; });
}

bool reactor::is_over() const noexcept {
  return stop_requested_.load(std::memory_order_relaxed) ||
         (has_started_drain_ && sessions_.empty() && websockets_.empty());
}

void reactor::turn() {
  if (guest_.is_open()) arm_guest(); // one that never waits looks at its descriptors here
  serve_ready();
}

/// Sessions see to their own failures; what else a handler throws must not end the others either.
/// False: there was nothing.
template <class Handle>
bool reactor::serve_one(Handle handle) noexcept {
  try {
    return handle() != 0;
  } catch (const std::exception& failure) {
    report(failure.what());
    return true;
  }
}

void reactor::report(const char* failure) noexcept {
  try {
    observe::log(observe::level::error, "net", failure);
  } catch (const std::exception&) { // then without a word
  }
}

/// False: there was nothing.
bool reactor::serve_ready() {
  look_at_clock();
  if (drain_requested_.load(std::memory_order_relaxed) && !has_started_drain_) start_drain();
  deliver(now_);
  flush_gathered(now_ - gathering_time);
  is_turn_over_ = false;
  const bool is_ready = !is_round_over() || look();
  const bool were_others = (!is_ready || now_ - looked_at_others_ > others_wait) && serve_others();
  has_jobs_ = false;
  while (!is_turn_over_ && !has_jobs_ && !is_round_over()) serve_group();
  return is_ready || were_others;
}

/// Whether a connection is ready.
bool reactor::look() {
  round_.clear();
  next_in_round_ = 0;
  std::swap(round_, next_round_);
  ready_.look([this](void* owner, readiness now) {
    auto& told = *static_cast<session*>(owner);
    if (!told.note_ready(now) || std::exchange(told.is_in_turn, true)) return;
    round_.emplace_back(&told);
  });
  return !round_.empty();
}

/// Listeners, WebSockets, timers: what waits in Asio.
bool reactor::serve_others() {
  looked_at_others_ = now_;
  int served = 0;
  while (!is_turn_over_ && served < events_per_turn &&
         serve_one([this] { return context_.poll_one(); }))
    ++served;
  flush_answers();
  return served != 0;
}

/// First some receive, then all of these are parsed: each finds its own in the processor's caches,
/// which the kernel's part of the other would take. And few at a time: they share the memory that
/// they need for it.
void reactor::serve_group() {
  const auto end = std::min(round_.size(), next_in_round_ + group_size);
  while (next_in_round_ < end) {
    const boost::intrusive_ptr<session> next = std::move(round_[next_in_round_++]);
    next->is_in_turn = false;
    next->on_turn();
  }
  for (std::size_t i = 0; i < received_.size(); ++i) received_[i]->serve_received();
  received_.clear();
  flush_answers();
}

void reactor::flush_answers() {
  for (std::size_t i = 0; i < answered_.size(); ++i) answered_[i]->on_flush();
  answered_.clear();
}

bool reactor::submit(dispatch::job& to_lane) noexcept {
  const bool is_lent = loan_.is_lent();
  has_jobs_ |= is_lent;
  return shared_->lane->submit(to_lane, is_lent ? dispatch::lane::wake::nobody
                                                : dispatch::lane::wake::sleeper);
}

void reactor::serve_soon(session& with) {
  if (!std::exchange(with.is_in_turn, true)) next_round_.emplace_back(&with);
}

void reactor::wait(clock::time_point until) {
  flush_gathered(clock::time_point::max());
  if (!is_round_over() || !next_round_.empty() || !completions_.prepare_sleep()) return;
  arm_bell();
  ready_.arm();
  if (guest_.is_open()) arm_guest();
  is_now_old_ = true; // for what ends the wait
  serve_one([this, until] {
    return until == clock::time_point::max() ? context_.run_one() : context_.run_one_until(until);
  });
  completions_.awake();
  flush_answers();
}

void reactor::seat(int guest_fd) {
  if (guest_.is_open()) guest_.release(); // it is the guest's own, who closes it
  is_guest_armed_ = is_guest_ready_ = false;
  if (guest_fd >= 0) guest_.assign(guest_fd);
}

bool reactor::take_guest_ready() noexcept { return std::exchange(is_guest_ready_, false); }

void reactor::begin_drain() noexcept {
  drain_requested_.store(true, std::memory_order_relaxed);
  loan_.recall();
}

void reactor::stop() noexcept {
  stop_requested_.store(true, std::memory_order_relaxed);
  loan_.recall();
}

void reactor::start_drain() {
  has_started_drain_ = true;
  for (auto& each : listeners_) each->close();
  if (shared_->on_closed) shared_->on_closed();
  for_each(sessions_, [](session& each) { each.on_drain(); });
  for_each(websockets_, [](websocket_session& each) { each.on_drain(); });
}

void reactor::close_all() {
  deliver(clock::now());
  for_each(sessions_, [](session& each) { each.on_stop(); });
  for_each(websockets_, [](websocket_session& each) { each.close(); });
}

void reactor::deliver(clock::time_point now) {
  now_ = now;
  is_now_old_ = false;
  for (dispatch::job* done = completions_.take_all(); done != nullptr;) {
    dispatch::job& each = *done;
    done = done->next; // before anyone reuses the link
    complete(each);
  }
  retry_waiting();
  flush_answers();
}

void reactor::complete(dispatch::job& done) {
  if (done.is_word) return deliver_word(done);
  if (done.owner != nullptr) {
    const boost::intrusive_ptr<session> kept{static_cast<session*>(done.owner)};
    return kept->on_job_done();
  }
  if (done.has_more) { // nobody reads this stream any more: its worker closes the iterator
    done.cancelled.store(true, std::memory_order_release);
    return done.worker->resume(done);
  }
  if (done.websocket) done.websocket->abandon();
  jobs_.release(done);
}

void reactor::deliver_word(dispatch::job& word) {
  const auto about = dispatch::channel::take_word(word);
  if (about->connection == nullptr) return; // not yet, which will look by itself, or no more
  if (about->what == dispatch::channel::kind::body) {
    const boost::intrusive_ptr<session> receiving{static_cast<session*>(about->connection)};
    return receiving->on_body_word();
  }
  const boost::intrusive_ptr<websocket_session> kept{
      static_cast<websocket_session*>(about->connection)};
  kept->on_word();
}

void reactor::wait_for_room(session& waiting) {
  waiting_for_room_.push_back(waiting);
  shared_->lane->notify_room(completions_);
}

void reactor::stop_waiting_for_room(session& waiting) noexcept {
  waiting_for_room_.erase(waiting_for_room_.iterator_to(waiting));
}

void reactor::retry_waiting() {
  while (!waiting_for_room_.empty()) {
    session& first = waiting_for_room_.front();
    waiting_for_room_.pop_front();
    if (first.on_room()) continue;
    waiting_for_room_.push_front(first);
    return shared_->lane->notify_room(completions_);
  }
}

void reactor::stop_gathering(session& with) noexcept {
  if (with.gathered_hook.is_linked()) gathering_.erase(gathering_.iterator_to(with));
}

void reactor::flush_gathered(clock::time_point since) {
  while (!gathering_.empty()) {
    const boost::intrusive_ptr<session> oldest{&gathering_.front()};
    if (!oldest->flush_gathered(since)) return;
  }
}

void reactor::open_session(connection&& accepted, const http::peer_address& peer) {
  arm_tick();
  const boost::intrusive_ptr<session> opened{new session{*this, std::move(accepted), peer}};
  opened->start();
  intrusive_ptr_add_ref(opened.get()); // the list's; remove_session gives it back
  sessions_.push_back(*opened);
  count_connection(true);
  observe::add(counters_.connections_accepted);
}

void reactor::remove_session(session& gone) noexcept {
  sessions_.erase(sessions_.iterator_to(gone));
  count_connection(false);
  intrusive_ptr_release(&gone);
}

void reactor::open_websocket(connection&& from,
                             std::shared_ptr<dispatch::websocket_channel> channel,
                             const http::request& handshake) {
  ready_.remove(from.fd());
  stream_socket socket{context_};
  socket.assign(protocol_of(from.fd()), from.fd());
  from.release();
  const boost::intrusive_ptr<websocket_session> opened{
      new websocket_session{*this, std::move(socket), std::move(channel)}};
  intrusive_ptr_add_ref(opened.get()); // the list's; remove_websocket gives it back
  websockets_.push_back(*opened);
  count_connection(true);
  opened->start(handshake);
}

void reactor::remove_websocket(websocket_session& gone) noexcept {
  websockets_.erase(websockets_.iterator_to(gone));
  count_connection(false);
  intrusive_ptr_release(&gone);
}

void reactor::count_connection(bool is_opened) noexcept {
  const auto one = is_opened ? 1 : std::size_t(-1);
  shared_->connections.fetch_add(one, std::memory_order_relaxed);
  observe::add(counters_.connections_open, one);
}

/// Only before a sleep: awake() behind it is what empties the eventfd, and a wait armed on a full
/// one would be over at once, again and again.
void reactor::arm_bell() {
  if (std::exchange(is_bell_armed_, true)) return;
  bell_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                   [this](const boost::system::error_code&) { is_bell_armed_ = false; });
}

void reactor::arm_guest() {
  if (std::exchange(is_guest_armed_, true)) return;
  guest_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                    [this](const boost::system::error_code& error) {
                      if (error) return; // it has left
                      is_guest_armed_ = false;
                      is_guest_ready_ = true;
                    });
}

void reactor::arm_tick() {
  if (is_tick_armed_) return;
  tick_.expires_after(tick_time);
  tick_.async_wait([this](const boost::system::error_code& error) {
    is_tick_armed_ = false;
    if (!error) on_tick();
  });
  is_tick_armed_ = true;
}

void reactor::on_tick() {
  look_at_clock();
  for_each(sessions_, [this](session& each) { each.on_tick(now_); });
  for_each(websockets_, [this](websocket_session& each) { each.on_tick(now_); });
  overdue_.check(now_, shared_->on_stuck_worker);
  for (auto& each : listeners_) each->on_tick();
  const bool has_paused = std::any_of(listeners_.begin(), listeners_.end(),
                                      [](const auto& each) { return each->is_paused(); });
  if (!sessions_.empty() || !websockets_.empty() || has_paused || !overdue_.empty()) arm_tick();
}

} // namespace fasterapi::net
