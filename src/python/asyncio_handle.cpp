#include "python/asyncio_handle.hpp"

#include "python/names.hpp"

namespace fasterapi::python {

bool asyncio_handles::find(PyObject* handle_type, PyObject* timer_type) {
  handle_ = py_ref::borrow(handle_type);
  timer_ = py_ref::borrow(timer_type);
  return intern({{name_cancelled_, "_cancelled"}}) && find_slot("_callback", callback_) &&
         find_slot("_args", args_) && find_slot("_cancelled", cancelled_) &&
         find_slot("_loop", loop_) && find_slot("_repr", repr_) &&
         find_slot("_source_traceback", traceback_) && find_slot("_context", context_);
}

bool asyncio_handles::find_slot(const char* name, Py_ssize_t& into) {
  const py_ref member = py_ref::steal(PyObject_GetAttrString(handle_.get(), name));
  if (!member) return false;
  if (!Py_IS_TYPE(member.get(), &PyMemberDescr_Type)) {
    PyErr_Format(PyExc_TypeError, "asyncio.Handle.%s is no slot", name);
    return false;
  }
  into = reinterpret_cast<PyMemberDescrObject*>(member.get())->d_member->offset;
  return true;
}

py_ref asyncio_handles::make(PyObject* loop, PyObject* const* call, Py_ssize_t count,
                             PyObject* context) const {
  py_ref in = context != nullptr ? py_ref::borrow(context) : py_ref::steal(PyContext_CopyCurrent());
  py_ref args = in ? py_ref::steal(PyTuple_New(count - 1)) : py_ref{};
  py_ref made = args ? py_ref::steal(type(handle_)->tp_alloc(type(handle_), 0)) : py_ref{};
  if (!made) return made;
  for (Py_ssize_t i = 1; i < count; ++i)
    PyTuple_SET_ITEM(args.get(), i - 1, py_ref::borrow(call[i]).release());
  PyObject* const handle = made.get();
  slot(handle, callback_) = py_ref::borrow(call[0]).release();
  slot(handle, args_) = args.release();
  slot(handle, loop_) = py_ref::borrow(loop).release();
  slot(handle, context_) = in.release();
  slot(handle, cancelled_) = py_ref::borrow(Py_False).release();
  slot(handle, repr_) = py_ref::borrow(Py_None).release();
  slot(handle, traceback_) = py_ref::borrow(Py_None).release();
  return made;
}

int asyncio_handles::says_cancelled(PyObject* handle) const {
  if (is_one(handle)) return slot(handle, cancelled_) == Py_True ? 1 : 0;
  const py_ref said = py_ref::steal(PyObject_GetAttr(handle, name_cancelled_.get()));
  return said ? PyObject_IsTrue(said.get()) : -1;
}

py_ref asyncio_handles::run(PyObject* handle) const {
  // Its own: a callback may cancel its handle, which drops them.
  const py_ref callback = py_ref::borrow(slot(handle, callback_));
  const py_ref args = py_ref::borrow(slot(handle, args_));
  const py_ref context = py_ref::borrow(slot(handle, context_));
  if (PyContext_Enter(context.get()) != 0) return {};
  py_ref result = py_ref::steal(PyObject_Call(callback.get(), args.get(), nullptr));
  const py_ref error = py_ref::steal(result ? nullptr : PyErr_GetRaisedException());
  PyContext_Exit(context.get());
  if (error) PyErr_SetRaisedException(py_ref{error}.release());
  return result;
}

int asyncio_handles::traverse(visitproc visit, void* arg) const {
  Py_VISIT(handle_.get());
  Py_VISIT(timer_.get());
  return 0;
}

} // namespace fasterapi::python
