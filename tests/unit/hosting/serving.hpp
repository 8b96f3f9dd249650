#pragma once

#include "dispatch/lane.hpp"
#include "hosting/worker.hpp"
#include "support/answer.hpp"

#include <poll.h>
#include <stdlib.h>

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fasterapi::hosting {

using namespace std::chrono_literals;

/// A Python file of its own folder, for one test.
class app_file {
public:
  explicit app_file(std::string_view text, std::string_view name = "tiny_app.py") {
    std::string pattern = (std::filesystem::temp_directory_path() / "fasterapi-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    path_ = folder_ / name;
    std::ofstream(path_) << text;
  }
  ~app_file() { std::filesystem::remove_all(folder_); }
  app_file(const app_file&) = delete;
  app_file& operator=(const app_file&) = delete;

  std::string spec() const { return path_.string() + ":app"; }
  const std::filesystem::path& folder() const { return folder_; }

private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

/// Stands for a reactor: submits requests of an app's routes and waits for their answers.
class reactor_stub {
public:
  explicit reactor_stub(dispatch::lane& to) : lane_(to) {}

  dispatch::job& submit(std::uint32_t handler, http::method verb = http::method::get,
                        std::string_view query = {}) {
    jobs_.push_back(std::make_unique<dispatch::job>());
    dispatch::job& made = *jobs_.back();
    made.handler = handler;
    made.origin = &queue_;
    made.exchange.request.verb = verb;
    made.exchange.request.method_text = http::to_string(verb);
    made.exchange.request.path = made.exchange.request.raw_path = "/";
    made.exchange.request.query = query;
    made.exchange.response.start(made.exchange.output, {.is_head = verb == http::method::head});
    REQUIRE(lane_.submit(made));
    return made;
  }

  /// Waits for any job to come back; null when none does in time.
  dispatch::job* next(std::chrono::milliseconds patience = 10s) {
    const auto latest = std::chrono::steady_clock::now() + patience;
    while (done_.empty()) {
      for (dispatch::job* each = queue_.take_all(); each != nullptr; each = each->next) {
        done_.push_back(each);
      }
      if (!done_.empty()) break;
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(latest - std::chrono::steady_clock::now());
      if (left <= 0ms) return nullptr;
      if (!queue_.prepare_sleep()) continue;
      pollfd bell{queue_.fd(), POLLIN, 0};
      ::poll(&bell, 1, static_cast<int>(left.count()));
      queue_.awake();
    }
    dispatch::job* first = done_.front();
    done_.erase(done_.begin());
    return first;
  }

  /// The whole answer to one request, parts of a stream put together.
  std::string answer(std::uint32_t handler, http::method verb = http::method::get,
                     std::string_view query = {}) {
    return rest_of(submit(handler, verb, query));
  }

  std::string rest_of(dispatch::job& asked) {
    std::string bytes;
    for (;;) {
      REQUIRE(next() == &asked);
      bytes += asked.exchange.output.view();
      asked.exchange.output.clear();
      if (!asked.has_more) return bytes;
      asked.worker->resume(asked);
    }
  }

private:
  dispatch::lane& lane_;
  dispatch::completion_queue queue_;
  std::vector<std::unique_ptr<dispatch::job>> jobs_;
  std::vector<dispatch::job*> done_;
};

/// One worker that serves an app, ended by the destructor.
class serving {
public:
  explicit serving(std::string_view text, std::chrono::milliseconds shutdown = 10s,
                   bool use_subinterpreters = true)
      : file_(text), lane_(64, 1),
        worker_(lane_.add_worker(), {.app = file_.spec(),
                                     .use_subinterpreters = use_subinterpreters,
                                     .startup_deadline = 10s,
                                     .shutdown_deadline = shutdown}),
        reactor_(lane_) {
    description_ = worker_.load();
    worker_.start();
  }
  ~serving() {
    if (!has_ended_) end();
  }
  serving(const serving&) = delete;
  serving& operator=(const serving&) = delete;

  bool end(std::chrono::milliseconds patience = 20s) {
    has_ended_ = true;
    lane_.close();
    return worker_.join_until(std::chrono::steady_clock::now() + patience) == ending::whole;
  }

  const app_description& description() const { return description_; }
  reactor_stub& reactor() { return reactor_; }
  const app_file& file() const { return file_; }

private:
  app_file file_;
  dispatch::lane lane_;
  worker worker_;
  reactor_stub reactor_;
  app_description description_;
  bool has_ended_ = false;
};

using test::body_of;

} // namespace fasterapi::hosting
