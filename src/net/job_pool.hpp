#pragma once

#include "dispatch/job.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace fasterapi::net {

/// Jobs of one reactor. The last one released is the first one given out, so its buffers are warm
/// and many connections share few of them. Only the reactor's thread uses it.
class job_pool {
public:
  static constexpr std::size_t input_bytes = 4096;     // first allocation for received bytes
  static constexpr std::size_t kept_bytes = 64 * 1024; // larger buffers go back to the allocator
  static constexpr std::size_t kept_jobs = 256;        // further ones too

  job_pool() { free_.reserve(kept_jobs); } // a release needs no memory

  dispatch::job& acquire();
  void release(dispatch::job& done);
  /// Makes a job that was used ready for the next request, without much memory.
  static void tidy(dispatch::job& done);
  /// Jobs given out, with workers or sessions.
  std::size_t out() const noexcept { return out_; }

private:
  std::vector<std::unique_ptr<dispatch::job>> free_;
  std::size_t out_ = 0;
};

} // namespace fasterapi::net
