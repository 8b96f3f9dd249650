#include "python/scalar.hpp"
#include "python/schema_kinds.hpp"

#include <cmath>

namespace fasterapi::python {

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

std::string_view text_of(element value) noexcept { return value.get_string().value_unsafe(); }

bool is_number(element value) noexcept {
  const auto type = value.type();
  return type == element_type::INT64 || type == element_type::UINT64 ||
         type == element_type::DOUBLE;
}

struct sizes {
  Py_ssize_t least = -1, most = -1; // -1: none

  bool hold(Py_ssize_t size) const noexcept {
    return (least < 0 || size >= least) && (most < 0 || size <= most);
  }
};

class any_node final : public schema_node {
public:
  using schema_node::schema_node;

  py_ref read(element value, schema_pass& pass) const override {
    pass.floor(closeness::strict);
    return pass.value(value);
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    pass.floor(closeness::strict);
    return py_ref::borrow(value);
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    return write_any(value, to, at);
  }
};

class none_node final : public schema_node {
public:
  explicit none_node(const schema_builder& from)
      : schema_node(from), no_none_(from.problem("none_required")) {}

  py_ref read(element value, schema_pass& pass) const override {
    return value.is_null() ? py_ref::borrow(Py_None) : pass.unfit(no_none_, value);
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    return value == Py_None ? py_ref::borrow(value) : pass.unfit();
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    return write_any(value, to, at);
  }

private:
  const problem_text* no_none_;
};

class bool_node final : public schema_node {
public:
  explicit bool_node(const schema_builder& from)
      : schema_node(from), no_bool_(from.problem("bool_type")),
        no_word_(from.problem("bool_parsing")) {
    from.take("p", &strict_);
  }

  py_ref read(element value, schema_pass& pass) const override {
    if (value.is_bool())
      return py_ref::borrow(value.get_bool().value_unsafe() ? Py_True : Py_False);
    if (strict_) return pass.unfit(no_bool_, value);
    pass.floor(closeness::lax);
    if (value.is_string()) {
      const refusal* why = nullptr;
      py_ref made = read_bool(text_of(value), why);
      return made ? std::move(made) : pass.unfit(no_word_, value);
    }
    if (!is_number(value)) return pass.unfit(no_bool_, value);
    const double number = value.get_double().value_unsafe();
    if (number == 0 || number == 1) return py_ref::borrow(number == 1 ? Py_True : Py_False);
    return pass.unfit(is_whole_64(value, number) ? no_word_ : no_bool_, value);
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    return PyBool_Check(value) ? py_ref::borrow(value) : schema_node::check(value, pass);
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    return write_any(value, to, at);
  }

private:
  static bool is_whole_64(element value, double number) noexcept {
    constexpr double beyond = 9223372036854775808.0; // 2^63
    if (value.type() != element_type::DOUBLE) return value.type() == element_type::INT64;
    return number == std::floor(number) && number >= -beyond && number < beyond;
  }

  int strict_ = 0;
  const problem_text *no_bool_, *no_word_;
};

class str_node final : public schema_node {
public:
  explicit str_node(const schema_builder& from) : schema_node(from) {
    PyObject* pattern = nullptr;
    from.take("ppOnnOOO", &strict_, &coerces_, &strip_, &sizes_.least, &sizes_.most, &search_,
              &change_, &pattern);
    no_text_ = from.problem("string_type");
    too_short_ = from.problem("string_too_short", "min_length", sizes_.least);
    too_long_ = from.problem("string_too_long", "max_length", sizes_.most);
    mismatch_ = from.problem("string_pattern_mismatch", "pattern", pattern);
    is_plain_ = strip_ == Py_None && search_ == Py_None && change_ == Py_None && sizes_.least < 0 &&
                sizes_.most < 0;
  }

  py_ref read(element value, schema_pass& pass) const override {
    if (value.is_string()) return constrained(pass.text(text_of(value)), &value, pass);
    if (strict_ || !coerces_ || !is_number(value)) return pass.unfit(no_text_, value);
    pass.floor(closeness::lax);
    const py_ref number = pass.value(value);
    if (!number) return {};
    return constrained(pass.checked(py_ref::steal(PyObject_Str(number.get()))), &value, pass);
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    if (!PyUnicode_CheckExact(value)) return schema_node::check(value, pass);
    return constrained(py_ref::borrow(value), nullptr, pass);
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    return write_any(value, to, at);
  }

private:
  py_ref constrained(py_ref text, const element* input, schema_pass& pass) const {
    const auto unfit = [&](const problem_text* said) {
      return input != nullptr ? pass.unfit(said, *input) : pass.unfit();
    };
    if (!text || is_plain_) return text;
    if (strip_ != Py_None)
      text = pass.checked(py_ref::steal(PyObject_CallOneArg(strip_, text.get())));
    if (!text) return text;
    const Py_ssize_t size = PyUnicode_GET_LENGTH(text.get());
    if (!sizes_.hold(size)) return unfit(size < sizes_.least ? too_short_ : too_long_);
    if (search_ != Py_None) {
      const py_ref found = py_ref::steal(PyObject_CallOneArg(search_, text.get()));
      if (!found) return pass.raised();
      if (found.get() == Py_None) return unfit(mismatch_);
    }
    if (change_ == Py_None) return text;
    return pass.checked(py_ref::steal(PyObject_CallOneArg(change_, text.get())));
  }

  int strict_ = 0;
  int coerces_ = 0;
  PyObject* strip_ = nullptr;
  PyObject* search_ = nullptr;
  PyObject* change_ = nullptr;
  sizes sizes_;
  bool is_plain_ = false;
  const problem_text *no_text_, *too_short_, *too_long_, *mismatch_;
};

class bytes_node final : public schema_node {
public:
  explicit bytes_node(const schema_builder& from) : schema_node(from) {
    from.take("pnn", &strict_, &sizes_.least, &sizes_.most);
    no_bytes_ = from.problem("bytes_type");
    too_short_ = from.problem("bytes_too_short", "min_length", sizes_.least);
    too_long_ = from.problem("bytes_too_long", "max_length", sizes_.most);
  }

  py_ref read(element value, schema_pass& pass) const override {
    if (strict_ || !value.is_string()) return pass.unfit(no_bytes_, value);
    pass.floor(closeness::lax);
    const std::string_view utf8 = text_of(value);
    if (!pass.text(utf8)) return {}; // a lone surrogate has another form here
    const auto size = static_cast<Py_ssize_t>(utf8.size());
    if (!sizes_.hold(size)) return pass.unfit(size < sizes_.least ? too_short_ : too_long_, value);
    return pass.checked(py_ref::steal(PyBytes_FromStringAndSize(utf8.data(), size)));
  }

private:
  int strict_ = 0;
  sizes sizes_;
  const problem_text *no_bytes_, *too_short_, *too_long_;
};

} // namespace

made_node make_any_node(const schema_builder& from) { return std::make_unique<any_node>(from); }
made_node make_none_node(const schema_builder& from) { return std::make_unique<none_node>(from); }
made_node make_bool_node(const schema_builder& from) { return std::make_unique<bool_node>(from); }
made_node make_str_node(const schema_builder& from) { return std::make_unique<str_node>(from); }
made_node make_bytes_node(const schema_builder& from) { return std::make_unique<bytes_node>(from); }

} // namespace fasterapi::python
