#include "python/scalar.hpp"

#include "interpreter.hpp"

#include <string>

namespace fasterapi::python {

namespace {

using reader = py_ref (*)(std::string_view, const refusal*&);

template <reader Read>
PyObject* call(PyObject*, PyObject* text) {
  Py_ssize_t size = 0;
  const char* const bytes = PyUnicode_AsUTF8AndSize(text, &size);
  const refusal* why = nullptr;
  py_ref value = Read({bytes, static_cast<std::size_t>(size)}, why);
  if (why == nullptr) return value.release();
  return Py_BuildValue("(s#s#)", why->type.data(), static_cast<Py_ssize_t>(why->type.size()),
                       why->message.data(), static_cast<Py_ssize_t>(why->message.size()));
}

PyMethodDef functions[] = {
    {"read_int", call<read_int>, METH_O, nullptr},
    {"read_float", call<read_float>, METH_O, nullptr},
    {"read_bool", call<read_bool>, METH_O, nullptr},
};

} // namespace

TEST_CASE("scalar: text is read as the package reads it, which is as pydantic does") {
  interpreter python;
  for (auto& function : functions)
    python.set(function.ml_name, py_ref::steal(PyCFunction_New(&function, nullptr)));
  python.run(R"py(
import itertools, random
from fasterapi import _scalars

def theirs(convert, text):
    try:
        return convert(text)
    except _scalars.Refused as refused:
        return refused.type, refused.msg

pairs = ((read_int, _scalars.to_int), (read_float, _scalars.to_float), (read_bool, _scalars.to_bool))

def check(text):
    for ours, convert in pairs:
        assert repr(ours(text)) == repr(theirs(convert, text)), (convert, text)

for size in range(5):
    for letters in itertools.product("1_0.-+ e", repeat=size):
        check("".join(letters))
for text in ("true", "TRUE", "Yes", "on", "OFF", "t", "N", " true", "2", "inf", "-Infinity", "nan", "NAN", "+nan",
             "infin", "nan(1)", "0x10", "1e400", "-1e400", "1e-400", "9" * 18, "9" * 19, "-" + "9" * 30, "9" * 4300,
             "9" * 4301, "1_" * 4299 + "1", "\u00a01\u3000", "\u20281\u2029", "\x1c1", "\x851\x85", "\u0661", "1\x00",
             "\u200b1", "1.0e5", "1_000.5", " 1_000.5", "1__0.5", "_1.5", "1.", ".5", ".", "e5", "1e", "1e+", "\ufffd"):
    check(text)
random.seed(5)
for _ in range(30000):
    check("".join(random.choices("0123456789_.+-eE \t\n\u00a0\u2003infaNtrue", k=random.randrange(8))))
)py");
}

TEST_CASE("scalar: bytes that are no UTF-8 become replacement characters") {
  interpreter python;
  python.set("value", read_text("a\xff"));
  CHECK(python.text("value == 'a\\ufffd'") == "True");
}

} // namespace fasterapi::python
