#pragma once

#include "python/module_state.hpp"
#include "python/py_ref.hpp"
#include "store/mailbox.hpp"

#include <cstddef>
#include <string>

namespace fasterapi::python {

/// This interpreter's mailbox, made at its first use; null: with OSError set.
store::mailbox* mailbox_of(module_state& state);

/// _fasterapi.Subscription: take(), close(), number, is_over, dropped. It unsubscribes when it
/// goes.
py_ref make_subscription(module_state& state, std::string channel, std::size_t most);

} // namespace fasterapi::python
