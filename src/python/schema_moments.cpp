#include "python/schema_kinds.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace fasterapi::python {

namespace {

using simdjson::dom::element;

// Digits as a number; -1 where there are others.
int digits(std::string_view text) noexcept {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

/// What a moment's usual text says: YYYY-MM-DD, and THH:MM:SS[.ffffff][Z]. Other forms, and numbers
/// that are too large, are for Python.
struct moment {
  std::array<int, 7> parts{}; // year, month, day, hour, minute, second, microsecond
  bool is_utc = false;

  bool read_date(std::string_view text) noexcept {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    parts[0] = digits(text.substr(0, 4));
    parts[1] = digits(text.substr(5, 2));
    parts[2] = digits(text.substr(8, 2));
    return std::all_of(parts.begin(), parts.begin() + 3, [](int part) { return part > 0; });
  }
  bool read_time(std::string_view text) noexcept {
    if (text.size() < 9 || (text[0] != 'T' && text[0] != ' ')) return false;
    if (text[3] != ':' || text[6] != ':') return false;
    for (std::size_t i = 0; i < 3; ++i) parts[3 + i] = digits(text.substr(1 + 3 * i, 2));
    text.remove_prefix(9);
    is_utc = text.ends_with('Z');
    if (is_utc) text.remove_suffix(1);
    return read_fraction(text) &&
           std::all_of(parts.begin() + 3, parts.end(), [](int part) { return part >= 0; });
  }
  bool read_fraction(std::string_view text) noexcept {
    if (text.empty()) return true;
    if (text[0] != '.' || text.size() < 2 || text.size() > 7) return false;
    parts[6] = digits(text.substr(1));
    for (std::size_t i = text.size(); i < 7 && parts[6] > 0; ++i) parts[6] *= 10;
    return true;
  }
};

/// datetime and date: (make, utc, has_time).
class moment_node final : public schema_node {
public:
  explicit moment_node(const schema_builder& from) : schema_node(from) {
    from.take("OOp", &make_, &utc_, &has_time_);
  }

  py_ref read(element value, schema_pass& pass) const override {
    moment said;
    if (value.is_string()) {
      const std::string_view text = value.get_string().value_unsafe();
      const bool is_usual =
          has_time_ ? said.read_date(text.substr(0, 10)) && said.read_time(text.substr(10))
                    : said.read_date(text);
      if (is_usual) {
        pass.floor(closeness::lax);
        if (py_ref made = of(said)) return made;
        if (!PyErr_ExceptionMatches(PyExc_ValueError)) return pass.raised();
        PyErr_Clear(); // there is no such day
      }
    }
    const py_ref plain = pass.value(value);
    return plain ? check(plain.get(), pass) : py_ref{};
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    const bool is_one = reinterpret_cast<PyObject*>(Py_TYPE(value)) == make_;
    return is_one ? py_ref::borrow(value) : schema_node::check(value, pass);
  }

private:
  py_ref of(const moment& said) const {
    const auto& p = said.parts;
    if (!has_time_) return py_ref::steal(PyObject_CallFunction(make_, "iii", p[0], p[1], p[2]));
    return py_ref::steal(PyObject_CallFunction(make_, "iiiiiiiO", p[0], p[1], p[2], p[3], p[4],
                                               p[5], p[6], said.is_utc ? utc_ : Py_None));
  }

  PyObject* make_ = nullptr;
  PyObject* utc_ = nullptr;
  int has_time_ = 0;
};

/// A UUID: (type, unknown), of which the latter is its is_safe.
class uuid_node final : public schema_node {
public:
  explicit uuid_node(const schema_builder& from) : schema_node(from) {
    from.take("O!O", &PyType_Type, &type_, &unknown_);
    nothing_ = py_ref::steal(PyTuple_New(0));
    int_ = py_ref::steal(PyUnicode_InternFromString("int"));
    is_safe_ = py_ref::steal(PyUnicode_InternFromString("is_safe"));
    if (!nothing_ || !int_ || !is_safe_) schema_builder::throw_malformed();
  }

  py_ref read(element value, schema_pass& pass) const override {
    std::array<char, 33> hex{};
    if (value.is_string() && is_usual(value.get_string().value_unsafe(), hex)) {
      pass.floor(closeness::lax);
      return pass.checked(of(hex.data()));
    }
    const py_ref plain = pass.value(value);
    return plain ? check(plain.get(), pass) : py_ref{};
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    const bool is_one = reinterpret_cast<PyObject*>(Py_TYPE(value)) == type_;
    return is_one ? py_ref::borrow(value) : schema_node::check(value, pass);
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    if (reinterpret_cast<PyObject*>(Py_TYPE(value)) != type_) return write_any(value, to, at);
    const py_ref text = py_ref::steal(PyObject_Str(value));
    return text ? to.write(text.get(), at) : note_at(at, to.names());
  }

private:
  // Groups of 8, 4, 4, 4 and 12 digits.
  static bool is_usual(std::string_view text, std::array<char, 33>& hex) noexcept {
    if (text.size() != 36) return false;
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;
      if (is_hyphen != (text[i] == '-')) return false;
      if (is_hyphen) continue;
      const auto c = static_cast<unsigned char>(text[i] | 0x20);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) return false;
      hex[count++] = text[i];
    }
    return true;
  }
  // Its constructor, without the text of it: a UUID refuses setattr().
  py_ref of(const char* hex) const {
    const py_ref number = py_ref::steal(PyLong_FromString(hex, nullptr, 16));
    auto* const type = reinterpret_cast<PyTypeObject*>(type_);
    py_ref made = number ? py_ref::steal(type->tp_new(type, nothing_.get(), nullptr)) : py_ref{};
    const bool is_set = made &&
                        PyObject_GenericSetAttr(made.get(), int_.get(), number.get()) == 0 &&
                        PyObject_GenericSetAttr(made.get(), is_safe_.get(), unknown_) == 0;
    return is_set ? std::move(made) : py_ref{};
  }

  PyObject* type_ = nullptr;
  PyObject* unknown_ = nullptr;
  py_ref nothing_, int_, is_safe_;
};

/// A decimal from the usual text, without bounds: (type,).
class decimal_node final : public schema_node {
public:
  explicit decimal_node(const schema_builder& from) : schema_node(from) { from.take("O", &type_); }

  py_ref read(element value, schema_pass& pass) const override {
    const py_ref plain = pass.value(value);
    if (!plain) return {};
    const bool is_usual = (value.is_string() && is_number(value.get_string().value_unsafe())) ||
                          value.type() == simdjson::dom::element_type::INT64;
    if (!is_usual) return check(plain.get(), pass);
    pass.floor(closeness::lax);
    return pass.checked(py_ref::steal(PyObject_CallOneArg(type_, plain.get())));
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    if (reinterpret_cast<PyObject*>(Py_TYPE(value)) != type_) return write_any(value, to, at);
    const py_ref text = py_ref::steal(PyObject_Str(value));
    return text ? to.write(text.get(), at) : note_at(at, to.names());
  }

private:
  // Digits with at most one point among them.
  static bool is_number(std::string_view text) noexcept {
    if (text.starts_with('-')) text.remove_prefix(1);
    const auto point = std::min(text.find('.'), text.size());
    const std::string_view after = text.substr(std::min(point + 1, text.size()));
    const bool has_digits = point != 0 && (point == text.size() || !after.empty());
    return has_digits && text.size() < 30 && are_digits(text.substr(0, point)) && are_digits(after);
  }
  static bool are_digits(std::string_view text) noexcept {
    return text.find_first_not_of("0123456789") == std::string_view::npos;
  }

  PyObject* type_ = nullptr;
};

} // namespace

made_node make_moment_node(const schema_builder& from) {
  return std::make_unique<moment_node>(from);
}
made_node make_uuid_node(const schema_builder& from) { return std::make_unique<uuid_node>(from); }
made_node make_decimal_node(const schema_builder& from) {
  return std::make_unique<decimal_node>(from);
}

} // namespace fasterapi::python
