#pragma once

#include "python/module_state.hpp"
#include "python/py_ref.hpp"

#include <simdjson.h>

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fasterapi::python {

/// An entry of a 422 as JSON: what stands around its place and its input.
struct problem_text {
  std::string before, between, after;
};

/// The entries that a schema may have to make. fasterapi._schema words them, when it is compiled.
class problem_texts {
public:
  /// `describe` is the function of fasterapi._schema._export; `ctx` a dict, or null. Null: JSON
  /// cannot say it, or a Python exception is set.
  const problem_text* find(PyObject* describe, const char* type, PyObject* ctx);

private:
  const problem_text* make(PyObject* describe, const char* type, PyObject* ctx);

  std::map<std::string, const problem_text*> plain_; // without ctx, by type
  std::deque<problem_text> all_;
};

/// What is wrong with a JSON text, gathered in one pass over it. Valid as long as that is parsed.
class schema_problems {
public:
  using element = simdjson::dom::element;

  /// A step of a place: a member, or where there is none the item of an array.
  struct step {
    step(std::string_view member) noexcept : key(member) {}
    step(std::size_t item) noexcept : index(item) {}

    std::string_view key;
    std::size_t index = item_of_none;
    static constexpr std::size_t item_of_none = static_cast<std::size_t>(-1);
  };

  std::size_t count() const noexcept { return all_.size(); }
  void add(const problem_text& text, element input) { all_.push_back({&text, input, {}}); }
  /// Puts those from number `since` on below a step.
  void locate(std::size_t since, step below);
  void drop(std::size_t since) { all_.erase(all_.begin() + static_cast<long>(since), all_.end()); }
  /// The entries, commas between them; places start with "body". Null with a Python exception set.
  py_ref json(module_state& state) const;

private:
  struct problem {
    const problem_text* text;
    element input;
    std::vector<step> place; // from the value outwards
  };

  std::vector<problem> all_;
};

} // namespace fasterapi::python
