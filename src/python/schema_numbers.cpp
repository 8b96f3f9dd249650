#include "python/scalar.hpp"
#include "python/schema_checks.hpp"
#include "python/schema_kinds.hpp"

#include <cmath>

namespace fasterapi::python {

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

class int_node final : public schema_node {
public:
  explicit int_node(const schema_builder& from) : schema_node(from) {
    PyObject* checks = nullptr;
    from.take("pO", &strict_, &checks);
    checks_.read(from, checks);
    no_number_ = from.problem("int_type");
    no_digits_ = from.problem("int_parsing");
    too_long_ = from.problem("int_parsing_size");
    has_fraction_ = from.problem("int_from_float");
  }

  py_ref read(element value, schema_pass& pass) const override {
    if (value.type() == element_type::INT64)
      return of(value.get_int64().value_unsafe(), value, pass);
    if (value.type() == element_type::UINT64)
      return any_size(PyLong_FromUnsignedLongLong(value.get_uint64().value_unsafe()), &value, pass);
    if (strict_) return pass.unfit(no_number_, value);
    pass.floor(closeness::lax);
    switch (value.type()) {
    case element_type::BOOL:
      return of(value.get_bool().value_unsafe() ? 1 : 0, value, pass);
    case element_type::DOUBLE:
      return of_real(value.get_double().value_unsafe(), value, pass);
    case element_type::STRING:
      return of_text(value.get_string().value_unsafe(), value, pass);
    default:
      return pass.unfit(no_number_, value);
    }
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    if (!PyLong_CheckExact(value)) return schema_node::check(value, pass);
    return any_size(Py_NewRef(value), nullptr, pass);
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    return write_any(value, to, at);
  }

private:
  py_ref of(long long number, element input, schema_pass& pass) const {
    py_ref made = pass.checked(py_ref::steal(PyLong_FromLongLong(number)));
    return made ? checks_.checked(std::move(made), number, &input, pass) : std::move(made);
  }
  py_ref of_real(double number, element input, schema_pass& pass) const {
    constexpr double beyond = 9223372036854775808.0; // 2^63
    if (number != std::floor(number)) return pass.unfit(has_fraction_, input);
    if (number <= -beyond || number >= beyond) return pass.unfit(too_long_, input);
    return of(static_cast<long long>(number), input, pass);
  }
  py_ref of_text(std::string_view text, element input, schema_pass& pass) const {
    const refusal* why = nullptr;
    py_ref made = read_int(text, why);
    if (why != nullptr) return pass.unfit(why == &int_parsing ? no_digits_ : too_long_, input);
    return any_size(made.release(), &input, pass);
  }
  py_ref any_size(PyObject* made, const element* input, schema_pass& pass) const {
    if (made == nullptr) return pass.raised();
    py_ref number = py_ref::steal(made);
    if (checks_.empty()) return number;
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(made, &overflow);
    return overflow == 0 ? checks_.checked(std::move(number), value, input, pass)
                         : checks_.in_python(std::move(number), input, pass);
  }

  int strict_ = 0;
  number_checks checks_;
  const problem_text *no_number_, *no_digits_, *too_long_, *has_fraction_;
};

class float_node final : public schema_node {
public:
  explicit float_node(const schema_builder& from) : schema_node(from) {
    PyObject* checks = nullptr;
    from.take("ppO", &strict_, &finite_, &checks);
    checks_.read(from, checks);
    no_number_ = from.problem("float_type");
    no_digits_ = from.problem("float_parsing");
    infinite_ = from.problem("finite_number");
  }

  py_ref read(element value, schema_pass& pass) const override {
    switch (value.type()) {
    case element_type::DOUBLE:
      return of(value.get_double().value_unsafe(), value, pass);
    case element_type::INT64:
    case element_type::UINT64:
      pass.floor(closeness::strict);
      return of(value.get_double().value_unsafe(), value, pass);
    default:
      break;
    }
    if (strict_) return pass.unfit(no_number_, value);
    pass.floor(closeness::lax);
    if (value.is_bool()) return of(value.get_bool().value_unsafe() ? 1.0 : 0.0, value, pass);
    return value.is_string() ? of_text(value.get_string().value_unsafe(), value, pass)
                             : pass.unfit(no_number_, value);
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    if (PyFloat_CheckExact(value))
      return satisfying(py_ref::borrow(value), PyFloat_AS_DOUBLE(value), nullptr, pass);
    py_ref number = PyLong_CheckExact(value) ? py_ref::steal(PyNumber_Float(value)) : py_ref{};
    PyErr_Clear(); // too large
    if (!number) return schema_node::check(value, pass);
    pass.floor(closeness::strict);
    const double real = PyFloat_AS_DOUBLE(number.get());
    return satisfying(std::move(number), real, nullptr, pass);
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    if (PyFloat_CheckExact(value))
      return to.write(std::isfinite(PyFloat_AS_DOUBLE(value)) ? value : Py_None, at);
    if (!PyLong_CheckExact(value)) return write_any(value, to, at);
    const py_ref number = py_ref::steal(PyNumber_Float(value));
    return number && to.write(number.get(), at);
  }

private:
  py_ref of(double number, element input, schema_pass& pass) const {
    return satisfying(pass.checked(py_ref::steal(PyFloat_FromDouble(number))), number, &input,
                      pass);
  }
  py_ref of_text(std::string_view text, element input, schema_pass& pass) const {
    const refusal* why = nullptr;
    py_ref made = read_float(text, why);
    if (why != nullptr) return pass.unfit(no_digits_, input);
    if (!made) return pass.raised();
    const double number = PyFloat_AS_DOUBLE(made.get());
    return satisfying(std::move(made), number, &input, pass);
  }
  py_ref satisfying(py_ref made, double number, const element* input, schema_pass& pass) const {
    if (!made) return made;
    if (finite_ && !std::isfinite(number))
      return input != nullptr ? pass.unfit(infinite_, *input) : pass.unfit();
    return checks_.checked(std::move(made), number, input, pass);
  }

  int strict_ = 0;
  int finite_ = 0;
  number_checks checks_;
  const problem_text *no_number_, *no_digits_, *infinite_;
};

} // namespace

made_node make_int_node(const schema_builder& from) { return std::make_unique<int_node>(from); }
made_node make_float_node(const schema_builder& from) { return std::make_unique<float_node>(from); }

} // namespace fasterapi::python
