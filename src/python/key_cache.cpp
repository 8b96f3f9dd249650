#include "python/key_cache.hpp"

#include <cstdint>
#include <cstring>

namespace fasterapi::python {

namespace {

// Collisions only cost a miss, so a weak hash does: FNV-1a (Fowler, Noll, Vo).
std::size_t hash_of(std::string_view key) noexcept {
  std::uint32_t hash = 2166136261U;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash ^ (hash >> 16);
}

bool is_same(PyObject* present, std::string_view key) noexcept {
  return static_cast<std::size_t>(PyUnicode_GET_LENGTH(present)) == key.size() &&
         std::memcmp(PyUnicode_1BYTE_DATA(present), key.data(), key.size()) == 0;
}

} // namespace

py_ref key_cache::get(std::string_view key) {
  const auto size = static_cast<Py_ssize_t>(key.size());
  if (key.empty() || key.size() > longest_bytes)
    return py_ref::steal(PyUnicode_DecodeUTF8(key.data(), size, nullptr));
  py_ref& slot = slots_[hash_of(key) % slot_count];
  if (slot && is_same(slot.get(), key)) return slot;
  py_ref made = py_ref::steal(PyUnicode_DecodeUTF8(key.data(), size, nullptr));
  if (made && PyUnicode_IS_ASCII(made.get())) slot = made;
  return made;
}

void key_cache::clear() noexcept {
  for (auto& slot : slots_) slot.reset();
}

} // namespace fasterapi::python
