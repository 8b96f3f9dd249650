#pragma once

#include "dispatch/lane.hpp"
#include "support/instructions.hpp"
#include "support/request_path.hpp"
#include "support/samples.hpp"

#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fasterapi::bench {

/// A request, and the answer that it must get.
struct request_kind {
  std::string name;
  std::string bytes;
  std::string body; // of the answer; empty: not looked at
  unsigned status = 200;
  unsigned under_way = 1;  // where one thread does everything
  bool is_typical = false; // measured in every way
};

/// Requests of one kind through a lane: sends `under_way` of them, and for each answer another, as
/// a reactor would. One thread calls the verbs.
class load {
public:
  struct spent {
    double wall_ns = 0; // of each request
    double cpu_ns = 0;
    std::optional<double> instructions;
  };

  /// Answers come back through `back`, which outlives the workers. `cpu` is the clock of the
  /// threads that count: CLOCK_THREAD_CPUTIME_ID or the process's.
  load(dispatch::lane& to, dispatch::completion_queue& back, const routing::route_table& routes,
       const request_kind& kind, unsigned under_way, clockid_t cpu);

  /// Before the turns of one measurement. `each` may be null.
  void prepare(std::size_t requests, samples* each, bool counts_instructions = false);
  /// Takes what came back and sends what may be sent; how many came back.
  std::size_t turn();
  bool is_over() const noexcept { return received_ == total_; }
  const spent& result() const noexcept { return spent_; } // once over

private:
  void begin();
  void end();
  void send(dispatch::job& one);
  void receive(dispatch::job& one);
  std::int64_t cpu_now() const noexcept;

  dispatch::lane& lane_;
  dispatch::completion_queue& queue_;
  const request_kind& kind_;
  request_path path_;
  clockid_t cpu_;
  std::vector<std::unique_ptr<dispatch::job>> jobs_;
  std::size_t answer_size_ = 0; // of the first answer, which was looked at whole

  samples* each_ = nullptr;
  std::optional<instruction_count> instructions_;
  std::size_t total_ = 0;
  std::size_t sent_ = 0;
  std::size_t received_ = 0;
  clock::time_point began_;
  std::int64_t cpu_began_ = 0;
  spent spent_;
};

} // namespace fasterapi::bench
