#pragma once

#include "dispatch/job.hpp"
#include "dispatch/websocket_channel.hpp"
#include "python/collected_type.hpp"
#include "python/handler.hpp"
#include "python/py_ref.hpp"
#include "python/waiting_futures.hpp"

#include <Python.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace fasterapi::python {

class job_loop;

/// A WebSocket as its handler's task has it, from the handshake to the end of the task: the
/// worker's end of the channel. A Python object, which fasterapi._worker_websocket receives from
/// and sends to; it is the task's done callback as well. The worker's thread only.
struct websocket_link {
  struct references {
    py_ref task;
    call_objects made;
    waiting_futures waiting;                              // done at the next word
    std::shared_ptr<dispatch::websocket_channel> channel; // null: the handler has ended
    std::string where;                                    // of the handler, for logs

    int traverse(visitproc visit, void* arg) const;
    void clear() noexcept; // what cycles may go through
  };

  PyObject_HEAD job_loop* loop; // null once the handler has ended
  dispatch::job* of;            // the handshake; null once it was answered
  std::size_t place;            // in the loop's list
  references kept;
  std::uint16_t end_code; // of the close that was received; 0: none yet
  bool has_closed;        // its own close was sent
  bool is_cancelled;

  PyObject* object() noexcept { return reinterpret_cast<PyObject*>(this); }
  /// Word has come: the task looks again.
  void wake() noexcept { kept.waiting.wake(); }
  void send(dispatch::websocket_message::kind what, std::string_view payload, std::uint16_t code);
};

/// The type _fasterapi.WebSocketLink, for one module.
py_ref make_websocket_type(PyObject* module);
/// A new one, for a handshake; null with a Python exception set.
py_ref make_websocket_link(PyObject* type, job_loop& loop, dispatch::job& handshake);

} // namespace fasterapi::python
