#include "python/shared_module.hpp"

#include "python/module_state.hpp"
#include "python/shared_value.hpp"
#include "python/subscription_object.hpp"

#include <limits>
#include <new>
#include <string>

namespace fasterapi::python {

namespace {

using store::outcome;

// The store of this process; null: with RuntimeError set.
store::shared_store* store_of(PyObject* module) {
  auto* const found = state_of(module).services.store.get();
  if (found == nullptr) PyErr_SetString(PyExc_RuntimeError, "no worker runs in this interpreter");
  return found;
}

PyObject* to_number(outcome of) { return PyLong_FromLong(static_cast<long>(of)); }

// C++ exceptions end here: Python's frames are C.
template <class Work>
PyObject* guarded(Work work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return PyErr_NoMemory();
  }
}

PyObject* get(PyObject* module, PyObject* key) {
  std::string_view name;
  auto* const store = store_of(module);
  if (store == nullptr || !to_text(key, name)) return nullptr;
  return guarded([&]() -> PyObject* {
    const auto found = store->get(name);
    if (!found) Py_RETURN_NONE;
    return from_shared(*found, state_of(module)).release();
  });
}

// shared_set(key, value, ttl, only_if_absent) -> outcome
PyObject* set(PyObject* module, PyObject* args) {
  PyObject *key = nullptr, *object = nullptr, *seconds = nullptr;
  int adds = 0;
  if (!PyArg_ParseTuple(args, "UOOp", &key, &object, &seconds, &adds)) return nullptr;
  std::string_view name;
  store::shared_store::life ttl;
  auto* const store = store_of(module);
  if (store == nullptr || !to_text(key, name) || !to_life(seconds, ttl)) return nullptr;
  return guarded([&]() -> PyObject* {
    auto value = to_shared(object, state_of(module));
    if (!value) return nullptr;
    return to_number(adds != 0 ? store->add(name, std::move(*value), ttl)
                               : store->set(name, std::move(*value), ttl));
  });
}

// shared_compare_and_set(key, expected, value, ttl) -> outcome
PyObject* compare_and_set(PyObject* module, PyObject* args) {
  PyObject *key = nullptr, *old = nullptr, *object = nullptr, *seconds = nullptr;
  if (!PyArg_ParseTuple(args, "UOOO", &key, &old, &object, &seconds)) return nullptr;
  std::string_view name;
  store::shared_store::life ttl;
  auto* const store = store_of(module);
  if (store == nullptr || !to_text(key, name) || !to_life(seconds, ttl)) return nullptr;
  return guarded([&]() -> PyObject* {
    module_state& state = state_of(module);
    const auto expected = old == Py_None ? std::nullopt : to_shared(old, state);
    if (old != Py_None && !expected) return nullptr;
    auto value = to_shared(object, state);
    if (!value) return nullptr;
    return to_number(store->compare_and_set(name, expected, std::move(*value), ttl));
  });
}

// shared_increment(key, by, initial, ttl) -> (outcome, value)
PyObject* increment(PyObject* module, PyObject* args) {
  PyObject *key = nullptr, *seconds = nullptr;
  long long by = 0;
  long long initial = 0;
  if (!PyArg_ParseTuple(args, "ULLO", &key, &by, &initial, &seconds)) return nullptr;
  std::string_view name;
  store::shared_store::life ttl;
  auto* const store = store_of(module);
  if (store == nullptr || !to_text(key, name) || !to_life(seconds, ttl)) return nullptr;
  return guarded([&] {
    std::int64_t now = 0;
    const auto told = store->increment(name, by, initial, ttl, now);
    return Py_BuildValue("iL", static_cast<int>(told), static_cast<long long>(now));
  });
}

PyObject* remove(PyObject* module, PyObject* key) {
  std::string_view name;
  auto* const store = store_of(module);
  if (store == nullptr || !to_text(key, name)) return nullptr;
  return PyBool_FromLong(store->remove(name) ? 1 : 0);
}

PyObject* touch(PyObject* module, PyObject* args) {
  PyObject *key = nullptr, *seconds = nullptr;
  if (!PyArg_ParseTuple(args, "UO", &key, &seconds)) return nullptr;
  std::string_view name;
  store::shared_store::life ttl;
  auto* const store = store_of(module);
  if (store == nullptr || !to_text(key, name) || !to_life(seconds, ttl)) return nullptr;
  return guarded([&] { return PyBool_FromLong(store->touch(name, ttl) ? 1 : 0); });
}

// None: no such key; inf: no end.
PyObject* life_left(PyObject* module, PyObject* key) {
  std::string_view name;
  auto* const store = store_of(module);
  if (store == nullptr || !to_text(key, name)) return nullptr;
  const auto left = store->life_left(name);
  if (!left) Py_RETURN_NONE;
  if (*left == store::shared_store::clock::duration::max())
    return PyFloat_FromDouble(std::numeric_limits<double>::infinity());
  return PyFloat_FromDouble(std::chrono::duration<double>{*left}.count());
}

PyObject* clear(PyObject* module, PyObject*) {
  auto* const store = store_of(module);
  if (store == nullptr) return nullptr;
  store->clear();
  Py_RETURN_NONE;
}

PyObject* stats(PyObject* module, PyObject*) {
  auto* const store = store_of(module);
  if (store == nullptr) return nullptr;
  const auto of = store->stats();
  return Py_BuildValue("{s:n,s:n,s:n,s:K,s:K,s:K,s:K,s:K}", "keys",
                       static_cast<Py_ssize_t>(of.keys), "bytes", static_cast<Py_ssize_t>(of.bytes),
                       "max_bytes", static_cast<Py_ssize_t>(of.max_bytes), "hits",
                       static_cast<unsigned long long>(of.hits), "misses",
                       static_cast<unsigned long long>(of.misses), "evicted",
                       static_cast<unsigned long long>(of.evicted), "expired",
                       static_cast<unsigned long long>(of.expired), "refused",
                       static_cast<unsigned long long>(of.refused));
}

// shared_publish(channel, message) -> how many subscribers got it
PyObject* publish(PyObject* module, PyObject* args) {
  PyObject *channel = nullptr, *object = nullptr;
  if (!PyArg_ParseTuple(args, "UO", &channel, &object)) return nullptr;
  std::string_view name;
  if (store_of(module) == nullptr || !to_text(channel, name)) return nullptr;
  return guarded([&]() -> PyObject* {
    module_state& state = state_of(module);
    const auto message = to_shared(object, state);
    if (!message) return nullptr;
    return PyLong_FromSize_t(state.services.hub->publish(name, *message));
  });
}

// shared_subscribe(channel, most) -> Subscription
PyObject* subscribe(PyObject* module, PyObject* args) {
  PyObject* channel = nullptr;
  Py_ssize_t most = 0;
  if (!PyArg_ParseTuple(args, "Un", &channel, &most)) return nullptr;
  std::string_view name;
  if (store_of(module) == nullptr || !to_text(channel, name)) return nullptr;
  return guarded([&] {
    return make_subscription(state_of(module), std::string{name}, static_cast<std::size_t>(most))
        .release();
  });
}

// shared_mailbox() -> the descriptor that is readable when shared_ready() has something
PyObject* open_mailbox(PyObject* module, PyObject*) {
  if (store_of(module) == nullptr) return nullptr;
  const auto* const box = mailbox_of(state_of(module));
  return box != nullptr ? PyLong_FromLong(box->fd()) : nullptr;
}

// shared_ready() -> numbers of the subscriptions that have something
PyObject* ready(PyObject* module, PyObject*) {
  auto* const box = mailbox_of(state_of(module));
  if (box == nullptr) return nullptr;
  return guarded([&]() -> PyObject* {
    py_ref list = py_ref::steal(PyList_New(0));
    for (const std::uint64_t each : box->take_ready()) {
      const py_ref number = py_ref::steal(PyLong_FromUnsignedLongLong(each));
      if (!list || !number || PyList_Append(list.get(), number.get()) != 0) return nullptr;
    }
    return list.release();
  });
}

PyMethodDef functions[] = {
    {"shared_get", get, METH_O, nullptr},
    {"shared_set", set, METH_VARARGS, nullptr},
    {"shared_compare_and_set", compare_and_set, METH_VARARGS, nullptr},
    {"shared_increment", increment, METH_VARARGS, nullptr},
    {"shared_remove", remove, METH_O, nullptr},
    {"shared_touch", touch, METH_VARARGS, nullptr},
    {"shared_life_left", life_left, METH_O, nullptr},
    {"shared_clear", clear, METH_NOARGS, nullptr},
    {"shared_stats", stats, METH_NOARGS, nullptr},
    {"shared_publish", publish, METH_VARARGS, nullptr},
    {"shared_subscribe", subscribe, METH_VARARGS, nullptr},
    {"shared_mailbox", open_mailbox, METH_NOARGS, nullptr},
    {"shared_ready", ready, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

} // namespace

PyMethodDef* shared_functions() noexcept { return functions; }

} // namespace fasterapi::python
