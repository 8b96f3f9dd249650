#pragma once

#include "python/codec.hpp"
#include "python/dump_choice.hpp"
#include "python/json_value.hpp"
#include "python/py_ref.hpp"
#include "python/schema_problems.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace fasterapi::python {

/// How closely a value fitted, which decides between the members of a union. As in
/// fasterapi._schema._state.
enum class closeness : std::uint8_t { lax, strict, exact };

/// Of those of one name Python would only see the last.
bool has_duplicates(simdjson::dom::object members);

/// Why there is no value.
enum class misfit : std::uint8_t {
  unfit,  // Python would refuse it
  unsure, // only Python can say
  raised, // a Python exception is set
};

/// What Python offers to a schema: see fasterapi._schema._export. Borrowed.
struct schema_tools {
  PyObject* begin = nullptr;   // (data, depth): a State
  PyObject* invalid = nullptr; // INVALID
  PyObject* options = nullptr; // DumpOptions, without include and exclude
  PyObject* dump_any = nullptr;
  PyObject* values = nullptr; // the type Values
  PyObject* describe = nullptr;
  int excludes_unset = 0;
  int excludes_none = 0;
  dump_choice choice;  // what is written of the whole value
  int calls_users = 0; // whether there are functions of users in the schema
};

/// One validation on its way through a schema.
class schema_pass {
public:
  explicit schema_pass(codec& codec) noexcept : codec_(codec) {}

  closeness fit = closeness::exact;
  std::optional<Py_ssize_t> fields_given; // of models: those that were there
  PyObject* data = nullptr;               // the fields of the innermost record so far; borrowed
  int depth = 0;                          // of types that contain themselves
  misfit why = misfit::unfit;             // where there is no value
  // Where what is wrong is gathered; null: the first misfit ends the pass, or only Python can say.
  schema_problems* problems = nullptr;

  /// The value fits no closer than this.
  void floor(closeness most) noexcept {
    if (fit > most) fit = most;
  }
  /// Counts the fields of a model.
  void add_given(Py_ssize_t count) noexcept { fields_given = fields_given.value_or(0) + count; }

  /// What is wrong is for Python to say.
  py_ref unfit() noexcept { return problems = nullptr, give_up(misfit::unfit); }
  /// The same where `said` is null.
  py_ref unfit(const problem_text* said, simdjson::dom::element input) {
    if (said == nullptr || problems == nullptr) return unfit();
    problems->add(*said, input);
    return give_up(misfit::unfit);
  }
  std::size_t problem_count() const noexcept { return problems ? problems->count() : 0; }
  /// Whether the others of a container are looked at, after one that did not fit.
  bool goes_on(std::size_t since, schema_problems::step below) {
    if (problems == nullptr || why != misfit::unfit) return false;
    problems->locate(since, below);
    return true;
  }
  py_ref unsure() noexcept { return give_up(misfit::unsure); }
  /// After a failed call. How deep Python recurses is for Python to say.
  py_ref raised() noexcept;
  /// After a call of a user's function, whose ValueError and AssertionError say that a value does
  /// not fit.
  py_ref refused() noexcept;

  py_ref text(std::string_view utf8);
  py_ref key(std::string_view utf8); // one that may come again
  py_ref value(simdjson::dom::element of);
  /// `made`, or what became of it.
  py_ref checked(py_ref made) noexcept { return made ? std::move(made) : raised(); }

private:
  py_ref decoded(py_ref made) noexcept;
  py_ref give_up(misfit because) noexcept {
    why = because;
    return {};
  }

  codec& codec_;
};

} // namespace fasterapi::python
