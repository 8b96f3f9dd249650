#pragma once

#include "config/settings.hpp"
#include "net/listening_socket.hpp"

#include <vector>

namespace fasterapi::server {

/// Where connections come from: sockets by the configuration, or those that the process was given.
/// The descriptors are the caller's.
class listening_sockets {
public:
  using list = std::vector<net::listening_socket>;

  listening_sockets(const config::settings& settings, std::vector<int> given);

  /// Those of one reactor. The first time they are opened. Then, with TCP of our own, each has a
  /// queue of its own; those that are shared are duplicated, so that none is without somebody who
  /// accepts, however many reactors there are. Throws std::runtime_error.
  list open();
  const list& first() const noexcept { return first_; } // empty before open()
  /// Takes away the file of a Unix socket of our own, if it was opened.
  void remove_file() const noexcept;

private:
  list open_first() const;

  const config::settings& settings_;
  std::vector<int> given_;
  list first_;
};

} // namespace fasterapi::server
