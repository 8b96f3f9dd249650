#include "python/websocket_link.hpp"

#include "http/field_syntax.hpp"
#include "python/job_loop.hpp"
#include "python/response_fields.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

namespace fasterapi::python {

namespace {

using message = dispatch::websocket_message;

constexpr std::size_t most_reason_bytes = 123; // RFC 6455, section 5.5
constexpr std::uint16_t vanished = 1006;

using kind = collected_type<websocket_link>;

websocket_link& self_of(PyObject* object) noexcept { return kind::self_of(object); }

// C++ exceptions (memory, fields that a response refuses) become Python's.
template <class Work>
PyObject* guarded(Work work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return PyErr_NoMemory();
  } catch (const std::exception& failure) {
    PyErr_SetString(PyExc_ValueError, failure.what());
    return nullptr;
  }
}

bool is_connecting(const websocket_link& self) {
  if (self.of != nullptr) return true;
  PyErr_SetString(PyExc_RuntimeError, "this WebSocket was accepted or refused already");
  return false;
}

bool is_open(const websocket_link& self) noexcept {
  return self.of == nullptr && self.kept.channel && self.kept.channel->is_accepted() &&
         !self.has_closed && self.end_code == 0 && !self.kept.channel->has_reactor_left();
}

// What the protocol, or the framing of HTTP, has its own say in.
bool is_reserved(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 6> reserved{
      "connection",     "upgrade",          "sec-websocket-accept", "sec-websocket-extensions",
      "content-length", "transfer-encoding"};
  return std::any_of(reserved.begin(), reserved.end(),
                     [&](std::string_view each) { return http::iequals(each, name); });
}

// accept(subprotocol, fields)
PyObject* accept(PyObject* object, PyObject* args) {
  websocket_link& self = self_of(object);
  const char* subprotocol = nullptr;
  PyObject* pairs = nullptr;
  if (!PyArg_ParseTuple(args, "zO", &subprotocol, &pairs) || !is_connecting(self)) return nullptr;
  return guarded([&]() -> PyObject* {
    dispatch::websocket_channel::acceptance with;
    if (subprotocol != nullptr) with.subprotocol = subprotocol;
    if (!with.subprotocol.empty() && !http::is_field_name(with.subprotocol)) {
      PyErr_SetString(PyExc_ValueError, "a subprotocol is a token");
      return nullptr;
    }
    if (!read_fields(pairs, with.fields)) return nullptr;
    for (const auto& [name, value] : with.fields) {
      if (!is_reserved(name)) continue;
      PyErr_Format(PyExc_ValueError, "header %s is the server's", name.c_str());
      return nullptr;
    }
    dispatch::job& handshake = *std::exchange(self.of, nullptr);
    release_objects(self.kept.made);
    self.kept.channel->accept(std::move(with), handshake);
    handshake.origin->complete(handshake);
    Py_RETURN_NONE;
  });
}

// deny(status, fields, body)
PyObject* deny(PyObject* object, PyObject* args) {
  websocket_link& self = self_of(object);
  int status = 0;
  PyObject* pairs = nullptr;
  Py_buffer body;
  if (!PyArg_ParseTuple(args, "iOy*", &status, &pairs, &body)) return nullptr;
  PyObject* const result = guarded([&]() -> PyObject* {
    if (!is_connecting(self)) return nullptr;
    http::response& answer = self.of->exchange.response;
    if (status < 200) throw std::invalid_argument("the status of a refusal is 200 to 599");
    answer.status(static_cast<unsigned>(status));
    if (!add_fields(answer, pairs)) {
      answer.restart();
      return nullptr;
    }
    answer.append_body({static_cast<const char*>(body.buf), static_cast<std::size_t>(body.len)});
    self.loop->refuse_websocket(self);
    Py_RETURN_NONE;
  });
  PyBuffer_Release(&body);
  return result;
}

PyObject* disconnect(std::uint16_t code, std::string_view reason) {
  return Py_BuildValue("{s:s,s:i,s:s#}", "type", "websocket.disconnect", "code", int{code},
                       "reason", reason.empty() ? "" : reason.data(),
                       static_cast<Py_ssize_t>(reason.size()));
}

PyObject* to_python(const message& received) {
  const std::string_view payload = received.payload.view();
  const char* const format = received.what == message::kind::text ? "{s:s,s:s#}" : "{s:s,s:y#}";
  const char* const key = received.what == message::kind::text ? "text" : "bytes";
  const char* const bytes = payload.empty() ? "" : payload.data();
  return Py_BuildValue(format, "type", "websocket.receive", key, bytes,
                       static_cast<Py_ssize_t>(payload.size()));
}

// take(): the next message as ASGI has it, or None.
PyObject* take(PyObject* object, PyObject*) {
  websocket_link& self = self_of(object);
  if (self.end_code != 0) return disconnect(self.end_code, "");
  if (!self.kept.channel || self.of != nullptr) Py_RETURN_NONE;
  auto& channel = *self.kept.channel;
  // Before the look for a message: what came before the end is seen first.
  const bool is_over = channel.has_reactor_left();
  const auto received = channel.to_worker.take();
  if (!received) {
    if (!is_over) Py_RETURN_NONE;
    self.end_code = vanished;
    return disconnect(vanished, "");
  }
  if (channel.to_worker.give_back(received->cost())) channel.tell_reactor();
  if (received->what != message::kind::close) return to_python(*received);
  self.end_code = received->code;
  return disconnect(received->code, received->payload.view());
}

PyObject* wait(websocket_link& self) {
  if (self.loop == nullptr) {
    PyErr_SetString(PyExc_RuntimeError, "the handler of this WebSocket has ended");
    return nullptr;
  }
  return self.kept.waiting.add(self.loop->event_loop()).release();
}

// arrival(): a future for the next word of the connection, after take() gave None.
PyObject* arrival(PyObject* object, PyObject*) { return wait(self_of(object)); }

// room(): None where there is room for a message, or a future to ask again after.
PyObject* room(PyObject* object, PyObject*) {
  websocket_link& self = self_of(object);
  if (!is_open(self) || !self.kept.channel->to_reactor.wait_for_room()) Py_RETURN_NONE;
  return wait(self);
}

bool require_open(const websocket_link& self) {
  if (is_open(self)) return true;
  PyErr_SetString(PyExc_OSError, "this WebSocket is not open");
  return false;
}

// send(data): str or bytes.
PyObject* send(PyObject* object, PyObject* data) {
  websocket_link& self = self_of(object);
  if (!require_open(self)) return nullptr;
  return guarded([&]() -> PyObject* {
    if (PyUnicode_Check(data)) {
      Py_ssize_t size = 0;
      const char* text = PyUnicode_AsUTF8AndSize(data, &size);
      if (text == nullptr) return nullptr;
      self.send(message::kind::text, {text, static_cast<std::size_t>(size)}, 0);
      Py_RETURN_NONE;
    }
    Py_buffer view;
    if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) != 0) return nullptr;
    const std::unique_ptr<Py_buffer, decltype(&PyBuffer_Release)> held(&view, &PyBuffer_Release);
    self.send(message::kind::binary,
              {static_cast<const char*>(view.buf), static_cast<std::size_t>(view.len)}, 0);
    Py_RETURN_NONE;
  });
}

// What may stand in a close frame (RFC 6455, section 7.4; IANA's registry).
bool is_close_code(int code) noexcept {
  return (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) ||
         (code >= 3000 && code <= 4999);
}

// close(code, reason)
PyObject* close(PyObject* object, PyObject* args) {
  websocket_link& self = self_of(object);
  int code = 0;
  const char* reason = nullptr;
  Py_ssize_t size = 0;
  if (!PyArg_ParseTuple(args, "is#", &code, &reason, &size)) return nullptr;
  const std::string_view text{reason, static_cast<std::size_t>(size)};
  if (!is_close_code(code)) return PyErr_Format(PyExc_ValueError, "%d is no close code", code);
  if (text.size() > most_reason_bytes)
    return PyErr_Format(PyExc_ValueError, "the reason of a close is 123 bytes at most");
  if (!require_open(self)) return nullptr;
  return guarded([&]() -> PyObject* {
    self.send(message::kind::close, text, static_cast<std::uint16_t>(code));
    Py_RETURN_NONE;
  });
}

// The done callback: link(task).
PyObject* call(PyObject* object, PyObject* args, PyObject*) {
  PyObject* task = nullptr;
  if (!PyArg_ParseTuple(args, "O", &task)) return nullptr;
  websocket_link& self = self_of(object);
  if (self.loop != nullptr) self.loop->websocket_done(self, task);
  Py_RETURN_NONE;
}

PyMethodDef methods[] = {
    {"accept", accept, METH_VARARGS, "accept(subprotocol, fields): answers the handshake."},
    {"deny", deny, METH_VARARGS, "deny(status, fields, body): refuses it, with an HTTP answer."},
    {"take", take, METH_NOARGS, "The next message as ASGI has it, or None."},
    {"arrival", arrival, METH_NOARGS, "A future to await before the next take()."},
    {"room", room, METH_NOARGS, "A future to await before a send(), or None."},
    {"send", send, METH_O, "Sends a message: str or bytes. OSError where it is not open."},
    {"close", close, METH_VARARGS, "close(code, reason)"},
    {nullptr, nullptr, 0, nullptr},
};

} // namespace

py_ref make_websocket_type(PyObject* module) {
  return kind::make(module, "_fasterapi.WebSocketLink", Py_TPFLAGS_DISALLOW_INSTANTIATION,
                    {{Py_tp_call, reinterpret_cast<void*>(call)}, {Py_tp_methods, methods}});
}

py_ref make_websocket_link(PyObject* type, job_loop& loop, dispatch::job& handshake) {
  py_ref object = py_ref::steal(kind::allocate(reinterpret_cast<PyTypeObject*>(type)));
  if (!object) return object;
  websocket_link& made = self_of(object.get());
  made.loop = &loop;
  made.of = &handshake;
  made.kept.channel = handshake.websocket;
  return object;
}

int websocket_link::references::traverse(visitproc visit, void* arg) const {
  const int said = waiting.traverse(visit, arg);
  return said != 0 ? said : visit_each(visit, arg, task, made.request);
}

void websocket_link::references::clear() noexcept {
  task.reset();
  waiting.clear();
}

void websocket_link::send(message::kind what, std::string_view payload, std::uint16_t code) {
  auto sent = std::make_unique<message>();
  sent->what = what;
  sent->code = code;
  sent->payload.append(payload);
  has_closed = what == message::kind::close;
  kept.channel->to_reactor.push(std::move(sent));
  kept.channel->tell_reactor();
}

} // namespace fasterapi::python
