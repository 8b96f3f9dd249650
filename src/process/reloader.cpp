#include "process/reloader.hpp"

#include "observe/log.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <poll.h>
#include <sstream>
#include <sys/wait.h>

namespace fasterapi::process {

namespace {

using namespace std::chrono_literals;

constexpr auto quiet = 50ms;        // a change is over when nothing was written for that long,
constexpr auto at_most = 1s;        // or after that
constexpr auto hand_over_time = 1s; // for the old process to say that it is closed
constexpr auto start_grace = 500ms; // for one that may hang in its import
constexpr auto drain_margin = 2s;   // for the app's shutdown and the end of the process

void info(const std::string& text) { observe::log(observe::level::info, "dev", text); }

void error(const std::string& text) { observe::log(observe::level::error, "dev", text); }

int exit_status_of(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

} // namespace

reloader::reloader(reload_settings settings) : settings_(std::move(settings)) {
  files_.add_tree(settings_.folder);
  info("watching " + settings_.folder.string());
}

reloader::~reloader() {
  for (auto* each : {&starting_, &serving_})
    if (*each) ::kill((*each)->pid(), SIGKILL);
  for (const auto& each : leaving_) ::kill(each->pid(), SIGKILL);
}

int reloader::run() {
  start("");
  while (!is_over_ || starting_ || serving_ || !leaving_.empty()) wait();
  return status_;
}

void reloader::start(const std::string& failure) {
  serve_at_most_.reset();
  if (starting_) {
    starting_->channel().close(); // it may wait for our word
    starting_->end(start_grace);
    leaving_.push_back(std::move(starting_));
  }
  failure_.clear();
  shows_failure_ = !failure.empty();
  starting_ = std::make_unique<child_process>(
      child_settings{settings_.arguments, settings_.listening_fds, failure});
}

void reloader::wait() {
  std::vector<pollfd> waiting{{signals_.fd(), POLLIN, 0}, {files_.fd(), POLLIN, 0}};
  std::vector<child_process*> talking;
  const auto add = [&](const std::unique_ptr<child_process>& each) {
    if (!each || !each->channel().is_open()) return;
    waiting.push_back({each->channel().fd(), POLLIN, 0});
    talking.push_back(each.get());
  };
  add(starting_);
  add(serving_);
  for (const auto& each : leaving_) add(each);
  int timeout = -1;
  if (const auto next = next_time()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - clock::now());
    timeout = static_cast<int>(std::max(left, 0ms).count());
  }
  if (::poll(waiting.data(), waiting.size(), timeout) > 0) {
    for (std::size_t i = 0; i < talking.size(); ++i)
      if (waiting[i + 2].revents != 0) hear(*talking[i]);
    if (waiting[1].revents != 0) on_changes();
    if (waiting[0].revents != 0) on_signals();
  }
  on_time();
}

std::optional<reloader::clock::time_point> reloader::next_time() const {
  std::optional<clock::time_point> next;
  const auto consider = [&](const std::optional<clock::time_point>& each) {
    if (each && (!next || *each < *next)) next = each;
  };
  consider(quiet_at_);
  consider(change_at_most_);
  consider(serve_at_most_);
  if (starting_) consider(starting_->kill_at());
  if (serving_) consider(serving_->kill_at());
  for (const auto& each : leaving_) consider(each->kill_at());
  return next;
}

void reloader::on_time() {
  const auto now = clock::now();
  if (starting_) starting_->on_time(now);
  if (serving_) serving_->on_time(now);
  for (const auto& each : leaving_) each->on_time(now);
  if (serve_at_most_ && *serve_at_most_ <= now) let_serve();
  if (!quiet_at_ || std::min(*quiet_at_, *change_at_most_) > now) return;
  quiet_at_.reset();
  change_at_most_.reset();
  if (is_over_) return;
  info(changed_ + " changed: starting anew");
  start("");
}

void reloader::on_changes() {
  const auto changes = files_.take_changes();
  if (changes.empty()) return;
  changed_ = std::filesystem::path{*changes.begin()}.lexically_proximate(settings_.folder).string();
  if (changes.size() > 1) changed_ += " and " + std::to_string(changes.size() - 1) + " more";
  const auto now = clock::now();
  quiet_at_ = now + quiet;
  change_at_most_ = change_at_most_.value_or(now + at_most);
}

void reloader::on_signals() {
  while (const auto heard = signals_.take()) {
    if (heard->number == SIGCHLD) {
      for (auto* each : {&starting_, &serving_})
        if (*each && (*each)->reap()) on_end(**each);
      leaving_.remove_if([](const auto& each) { return each->reap(); });
    } else if (is_over_) {
      if (heard->number == SIGHUP) continue; // a terminal that closes may send it twice
      for (auto* each : {&starting_, &serving_})
        if (*each) (*each)->end(0ms);
      for (const auto& each : leaving_) each->end(0ms);
      status_ = 128 + heard->number;
    } else {
      is_over_ = true;
      if (starting_) {
        starting_->channel().close();
        starting_->end(start_grace, !heard->is_of_terminal);
      }
      if (serving_) serving_->end(settings_.drain + drain_margin, !heard->is_of_terminal);
    }
  }
}

void reloader::hear(child_process& from) {
  if (!from.channel().receive()) from.channel().close();
  while (const auto heard = from.channel().take()) on_message(from, *heard);
}

void reloader::on_message(child_process& from, const message& heard) {
  if (heard.what == message::kind::closed && serve_at_most_ && &from == leaving_.back().get())
    return let_serve();
  if (&from != starting_.get()) return;
  if (heard.what == message::kind::failed) failure_ = heard.text;
  if (heard.what == message::kind::files) watch(heard.text);
  if (heard.what != message::kind::loaded) return;
  watch(heard.text);
  hand_over();
}

void reloader::watch(const std::string& files) {
  std::istringstream lines{files};
  for (std::string each; std::getline(lines, each);) files_.add_file(each);
}

void reloader::hand_over() {
  serve_at_most_ = clock::now();
  if (!serving_) return let_serve();
  *serve_at_most_ += hand_over_time;
  serving_->end(settings_.drain + drain_margin);
  leaving_.push_back(std::move(serving_));
}

void reloader::let_serve() {
  serve_at_most_.reset();
  if (!starting_) return;
  starting_->channel().send(message::kind::serve);
  serving_ = std::move(starting_);
}

void reloader::on_end(child_process& ended) {
  hear(ended);
  const std::string how = describe_status(ended.status());
  const bool has_started = &ended == serving_.get();
  const std::string failure = failure_; // is in the log already
  const std::string ending =
      "The app's process " + how + (has_started ? "." : " before it served.");
  if (has_started) {
    if (is_over_) status_ = std::max(status_, exit_status_of(ended.status()));
    serving_.reset();
  } else {
    serve_at_most_.reset();
    starting_.reset();
  }
  if (is_over_ || starting_) return; // one that starts takes its place
  if (failure.empty()) error(ending);
  if (shows_failure_) return error("waiting for a change");
  info("waiting for a change; until then every request is answered with what went wrong");
  start(failure.empty() ? ending : failure);
}

} // namespace fasterapi::process
