#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <type_traits>

namespace fasterapi::dispatch {

/// What two threads write apart stands this far apart. A constant, not
/// std::hardware_destructive_interference_size, whose value may differ between compilation flags.
inline constexpr std::size_t cache_line = 64;

/// Bounded lock-free queue for many producers and consumers, after Dmitry Vyukov's bounded MPMC
/// queue (1024cores.net, "Bounded MPMC queue"): each cell carries a sequence number that says whose
/// turn it is, so producers meet only on the tail counter and consumers only on the head counter.
///
/// try_push and try_pop never block or allocate. Elements of one producer leave in its order; a
/// consumer may find the ring empty while a push that began earlier is not over yet. Capacity is
/// rounded up to a power of two, at least 2. Cells are not padded: see docs/dispatch.md.
template <class T>
class mpmc_ring {
  static_assert(std::is_trivially_copyable_v<T>);

public:
  static constexpr std::size_t max_capacity = std::size_t{1} << 30;

  /// Throws std::length_error above max_capacity.
  explicit mpmc_ring(std::size_t capacity)
      : mask_{round_up(capacity) - 1}, cells_{new cell[mask_ + 1]} {
    for (std::size_t i = 0; i <= mask_; ++i) cells_[i].turn.store(i, std::memory_order_relaxed);
  }

  /// False: full or closed.
  bool try_push(T value) noexcept {
    auto position = tail_.load(std::memory_order_relaxed);
    for (;;) {
      if ((position & closed_bit) != 0) return false;
      auto& target = cells_[position & mask_];
      const auto lead = distance(target.turn.load(std::memory_order_acquire), position);
      if (lead < 0) return false;
      if (lead > 0) {
        position = tail_.load(std::memory_order_relaxed);
      } else if (tail_.compare_exchange_weak(position, position + 1, std::memory_order_seq_cst,
                                             std::memory_order_relaxed)) {
        target.value = value;
        // In one total order with has_front(): who sleeps has seen it, or is seen (see lane).
        target.turn.store(position + 1, std::memory_order_seq_cst);
        return true;
      }
    }
  }

  /// False: empty.
  bool try_pop(T& value) noexcept {
    auto position = head_.load(std::memory_order_relaxed);
    for (;;) {
      auto& source = cells_[position & mask_];
      const auto lead = distance(source.turn.load(std::memory_order_acquire), position + 1);
      if (lead < 0) return false;
      if (lead > 0) {
        position = head_.load(std::memory_order_relaxed);
      } else if (head_.compare_exchange_weak(position, position + 1, std::memory_order_seq_cst,
                                             std::memory_order_relaxed)) {
        value = source.value;
        source.turn.store(position + mask_ + 1, std::memory_order_release);
        return true;
      }
    }
  }

  /// Whether a try_pop now would find something; sequentially consistent with try_push.
  bool has_front() const noexcept {
    auto position = head_.load(std::memory_order_seq_cst);
    for (;;) {
      const auto turn = cells_[position & mask_].turn.load(std::memory_order_seq_cst);
      if (distance(turn, position + 1) <= 0) return turn == position + 1;
      position = head_.load(std::memory_order_seq_cst); // somebody popped it meanwhile
    }
  }

  /// From here on every try_push fails; what is inside stays to be popped. When size_estimate() is
  /// then 0, nothing will ever come out again.
  void close() noexcept { tail_.fetch_or(closed_bit, std::memory_order_seq_cst); }

  std::size_t capacity() const noexcept { return mask_ + 1; }

  /// Counts pushes that are not over yet; exact when nobody pushes or pops. The head is read first,
  /// so a ring that only drains is never called emptier than it is.
  std::size_t size_estimate() const noexcept {
    const auto head = head_.load(std::memory_order_seq_cst);
    const auto size = pushed() - head;
    return size < capacity() ? size : capacity();
  }

  /// Elements ever pushed.
  std::uint64_t pushed() const noexcept {
    return tail_.load(std::memory_order_seq_cst) & ~closed_bit;
  }

private:
  struct cell {
    std::atomic<std::uint64_t> turn;
    T value;
  };
  static constexpr std::uint64_t closed_bit = std::uint64_t{1} << 63;

  static std::size_t round_up(std::size_t capacity) {
    if (capacity > max_capacity) throw std::length_error("mpmc_ring: capacity too large");
    return std::bit_ceil(capacity < 2 ? std::size_t{2} : capacity);
  }
  static std::int64_t distance(std::uint64_t turn, std::uint64_t position) noexcept {
    return static_cast<std::int64_t>(turn - position);
  }

  const std::uint64_t mask_;
  const std::unique_ptr<cell[]> cells_;
  alignas(cache_line) std::atomic<std::uint64_t> tail_{0};
  alignas(cache_line) std::atomic<std::uint64_t> head_{0};
};

} // namespace fasterapi::dispatch
