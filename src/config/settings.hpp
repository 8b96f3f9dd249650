#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fasterapi::config {

/// The effective configuration: defaults, then file, FASTERAPI_ variables, flags, in rising order.
/// Immutable after load(). Every member is one key of config/schema.json (dots: nesting), one flag
/// (--server-host style where not listed short) and one variable; docs/configuration.md lists them.
struct settings {
  std::string app; // "module:attr" or "path/file.py:attr"; empty: C++ routes only

  struct listen_settings {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8000; // 0: the system chooses
    std::string unix_socket;   // path; instead of host and port
    std::string port_file;     // the chosen port is written here when ready
    int backlog = 2048;
  } listen;

  unsigned workers = 0;                // Python worker threads; 0: the cores this process may use
  unsigned io_threads = 0;             // 0: as many as fit `dispatch` and `workers`
  std::string dispatch = "auto";       // auto, inline, ring
  std::vector<std::string> cpp_routes; // shared objects
  bool builtin_routes = true;          // /health and /version, unless the app has them
  bool redirect_slashes = true;
  bool debug = false; // tracebacks in 500 answers

  struct python_settings {
    std::string home; // empty: the one built against
    std::string venv;
    std::vector<std::string> path; // before sys.path
    bool use_subinterpreters = true;
  } python;

  struct limit_settings {
    std::size_t max_connections = 10000; // accepting pauses
    std::size_t max_head_bytes = 32768;
    std::size_t max_target_bytes = 8192;
    std::size_t max_header_count = 100;
    std::uint64_t max_body_bytes = 16 * 1024 * 1024;
    std::size_t max_chunk_line_bytes = 4096;
    std::size_t max_chunk_extension_bytes = 16384;
    std::size_t max_trailer_bytes = 8192;
    std::size_t min_body_rate = 240;             // bytes a second; 0: none
    std::size_t queue_capacity = 10000;          // requests waiting for a worker
    std::size_t max_requests_per_connection = 0; // 0: no limit
  } limits;

  struct timeout_settings {
    std::chrono::milliseconds header{10000};     // 408
    std::chrono::milliseconds body{30000};       // between two reads of a body: 408
    std::chrono::milliseconds keep_alive{75000}; // idle connection: closed
    std::chrono::milliseconds write{30000};      // no progress: closed
    std::chrono::milliseconds queue{10000};      // 503 + Retry-After
    std::chrono::milliseconds handler{60000};    // 504
    std::chrono::milliseconds drain{30000};      // after SIGTERM
    std::chrono::milliseconds startup{60000};    // lifespan startup of a worker
  } timeouts;

  struct websocket_settings {
    std::size_t max_message_bytes = 16 * 1024 * 1024;   // close 1009
    std::size_t buffer_bytes = 64 * 1024;               // each way: not read, sends wait
    bool compression = true;                            // permessage-deflate
    std::chrono::milliseconds handshake_timeout{30000}; // for the app to accept: 504
    std::chrono::milliseconds ping_interval{20000};     // 0: no pings
    std::chrono::milliseconds ping_timeout{20000};      // dropped
    std::chrono::milliseconds close_timeout{10000};     // dropped
  } websocket;

  struct log_settings {
    std::string level = "info";
    std::string format = "text"; // text, json
    std::string file;
    std::string access = "off"; // off, text, json
  } log;

  struct metrics_settings {
    std::string path;                  // empty: off
    std::string listen;                // "host:port"; empty: where the app listens
    unsigned timed_every = 16;         // requests, of which one is timed stage by stage; 0: none
    std::size_t max_label_sets = 1000; // of each metric of the app
  } metrics;

  struct shared_settings {
    std::size_t max_bytes = 64 * 1024 * 1024;
    std::string when_full = "evict"; // evict, refuse
  } shared;
};

} // namespace fasterapi::config
