#pragma once

#include "observe/exposition.hpp"

namespace fasterapi::observe {

/// What the system knows of this process, by the names that Prometheus' client libraries use. What
/// /proc does not tell is left out.
void append_process_metrics(exposition& to);

} // namespace fasterapi::observe
