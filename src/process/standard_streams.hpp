#pragma once

namespace fasterapi::process {

/// Opens /dev/null as standard input, output and error where they are closed: the first sockets of
/// the server would take their numbers, and get what is printed. First thing in main().
void open_standard_streams() noexcept;

} // namespace fasterapi::process
