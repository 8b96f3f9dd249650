#pragma once

#include "python/py_ref.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <utility>
#include <vector>

namespace fasterapi::python {

/// Objects of one type of ours that handlers were given, to be given again. Belongs to one
/// interpreter. What somebody else still holds never comes out of it: an object goes in and out
/// only with the pool's reference as its last.
class object_pool {
public:
  static constexpr std::size_t most = 128;
  struct counts {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0; // made anew
    std::uint64_t kept = 0;   // by user code, beyond its request
  };

  /// `limit` 0: it pools nothing.
  explicit object_pool(std::size_t limit = most) : limit_(limit) {}

  /// Null: there is none.
  py_ref take() noexcept {
    while (!idle_.empty()) {
      py_ref object = std::move(idle_.back());
      idle_.pop_back();
      if (Py_REFCNT(object.get()) != 1) continue; // found by gc.get_objects()
      ++counts_.hits;
      return object;
    }
    ++counts_.misses;
    return {};
  }

  /// Whether nobody else holds it: the caller then clears it and gives it back.
  bool is_free(const py_ref& object) noexcept {
    if (Py_REFCNT(object.get()) == 1) return true;
    ++counts_.kept;
    return false;
  }
  void give(py_ref object) noexcept {
    if (idle_.capacity() == 0 && limit_ != 0) reserve();
    if (idle_.size() < idle_.capacity()) idle_.push_back(std::move(object));
  }

  const counts& stats() const noexcept { return counts_; }
  std::size_t size() const noexcept { return idle_.size(); }
  void limit(std::size_t count) {  // for benches
    idle_ = std::vector<py_ref>{}; // and not {}, which would leave it its capacity
    limit_ = count;
  }

  int traverse(visitproc visit, void* arg) const {
    for (const py_ref& each : idle_) Py_VISIT(each.get());
    return 0;
  }
  void clear() noexcept { idle_.clear(); }

private:
  void reserve() noexcept {
    try {
      idle_.reserve(limit_);
    } catch (const std::exception&) {
      limit_ = 0; // no memory for it: then without
    }
  }

  std::vector<py_ref> idle_;
  std::size_t limit_;
  counts counts_;
};

} // namespace fasterapi::python
