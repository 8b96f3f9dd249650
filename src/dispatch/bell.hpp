#pragma once

#include "dispatch/event_fd.hpp"

#include <cstdint>

namespace fasterapi::dispatch {

/// An eventfd that is rung only by who has taken the sleeper's announcement back (so once per
/// sleep), and read only when rung: no system call for a sleep that ends for another reason.
///
/// Who rings may be late: the sleeper then wakes for another reason and reads before the write. The
/// count of rings still owed makes the next sleep read it, so the fd never stays readable.
class bell {
public:
  int fd() const noexcept { return event_.get(); }
  void ring() noexcept { event_.notify(); } // any thread

  /// The sleeper's thread, after a sleep; `was_claimed`: somebody rings or is about to.
  void answer(bool was_claimed) noexcept {
    if (was_claimed) ++owed_;
    if (owed_ > 0) owed_ -= event_.drain();
  }

private:
  event_fd event_;
  std::uint64_t owed_ = 0; // sleeper's thread only
};

} // namespace fasterapi::dispatch
