#pragma once

namespace fasterapi::process {

/// The variables of inheritance, whose document is there.
inline constexpr const char* listen_fds_variable = "LISTEN_FDS";
inline constexpr const char* listen_pid_variable = "LISTEN_PID";
inline constexpr const char* supervisor_variable = "FASTERAPI_SUPERVISOR";
inline constexpr const char* failure_variable = "FASTERAPI_FAILURE";
inline constexpr int first_listening_fd = 3; // SD_LISTEN_FDS_START

} // namespace fasterapi::process
