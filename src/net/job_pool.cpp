#include "net/job_pool.hpp"

namespace fasterapi::net {

namespace {

void reset(http::byte_buffer& buffer) {
  if (buffer.capacity() > job_pool::kept_bytes)
    buffer.release();
  else
    buffer.clear();
}

} // namespace

dispatch::job& job_pool::acquire() {
  if (free_.empty()) {
    auto fresh = std::make_unique<dispatch::job>();
    fresh->exchange.input.prepare(input_bytes);
    ++out_;
    return *fresh.release();
  }
  ++out_;
  dispatch::job& given = *free_.back().release();
  free_.pop_back();
  return given;
}

void job_pool::release(dispatch::job& done) {
  --out_;
  done.give_body_back();
  std::unique_ptr<dispatch::job> owned{&done};
  if (free_.size() >= kept_jobs) return;
  tidy(done);
  free_.push_back(std::move(owned));
}

void job_pool::tidy(dispatch::job& done) {
  done.give_body_back();
  done.exchange.response.outside_file().close();
  reset(done.exchange.input);
  reset(done.exchange.body);
  reset(done.exchange.output);
  done.exchange.request.clear();
  done.exchange.params.count = 0;
  done.owner = nullptr;
  done.worker = nullptr;
  done.has_more = false;
  done.times.is_on = false;
  done.websocket.reset();
  done.body.reset();
  done.cancelled.store(false, std::memory_order_relaxed);
}

} // namespace fasterapi::net
