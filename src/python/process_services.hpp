#pragma once

#include "observe/app_metrics.hpp"
#include "store/hub.hpp"
#include "store/shared_store.hpp"

#include <atomic>
#include <memory>

namespace fasterapi::python {

/// What all interpreters of the process share. Null members: none (tests).
struct process_services {
  std::shared_ptr<observe::app_metrics> metrics;
  std::shared_ptr<store::shared_store> store;
  std::shared_ptr<store::hub> hub;
  std::shared_ptr<std::atomic<unsigned>> io_threads; // that run
};

} // namespace fasterapi::python
