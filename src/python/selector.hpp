#pragma once

#include "python/py_ref.hpp"

namespace fasterapi::python {

/// The type _fasterapi.Selector(epoll_fd, fd_to_key): the waiting half of the event loop's selector
/// (fasterapi._worker.JobSelector has the book-keeping, which it inherits from
/// selectors.EpollSelector).
///
/// select(timeout) is where a worker spends its life: it takes jobs and answers them, and when
/// there are none waits for user code's descriptors and for the port's bell in one epoll_wait with
/// the GIL released. It returns to asyncio when a descriptor is ready, the timeout is over, or a
/// handler gave asyncio something to do.
py_ref make_selector_type(PyObject* module);

} // namespace fasterapi::python
