#include "support/allocation_count.hpp"

#include <cstdlib>
#include <new>

namespace {

constinit thread_local std::size_t count = 0;

} // namespace

std::size_t fasterapi::tests::allocation_count() noexcept { return count; }

void* operator new(std::size_t size) {
  ++count;
  if (void* const memory = std::malloc(size != 0 ? size : 1)) return memory;
  throw std::bad_alloc{};
}
void* operator new[](std::size_t size) { return operator new(size); }
// The library's own would do, but a sanitizer brings others, which do not pair with the ones below.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++count;
  return std::malloc(size != 0 ? size : 1);
}
void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept {
  return operator new(size, nothrow);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
