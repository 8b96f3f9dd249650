#pragma once

#include "dispatch/body_channel.hpp"
#include "http/byte_buffer.hpp"

#include <cstdint>
#include <memory>

namespace fasterapi::net {

/// A body on its way through a session to a worker that has its request already. The session
/// receives into memory of this, since the job's is the worker's.
struct incoming_body {
  std::shared_ptr<dispatch::body_channel> channel;
  http::byte_buffer received; // not yet passed on; once it is whole, what came behind it
  std::uint64_t left = 0;     // of a known length
  bool is_chunked = false;
  bool is_whole = false; // and passed on
  bool is_receiving = false;
  bool awaits_handler = false; // the client sends it when it is asked to
};

} // namespace fasterapi::net
