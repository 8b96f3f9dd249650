#include "config/address.hpp"
#include "config/key.hpp"

namespace fasterapi::config {
namespace {

constexpr std::uint64_t day_ms = 86'400'000;
constexpr std::uint64_t mib = 1024 * 1024;
constexpr std::uint64_t unix_path_bytes = 107; // sockaddr_un::sun_path without its NUL

// Where a key lives; a lambda in its place is more than clang-format can set in a table.
#define FASTERAPI_MEMBER(path)                                                                     \
  [](settings & all) -> auto& { return all.path; }

bool is_plain_path(std::string_view text) {
  return text.front() == '/' && text.find_first_of("{?#") == text.npos;
}

std::vector<key> make_keys() {
  return {
      {.name = "app",
       .member = FASTERAPI_MEMBER(app),
       .description =
           "The Python app: \"module:attr\" or \"path/file.py:attr\"; empty: C++ routes only"},

      {.name = "listen.host",
       .member = FASTERAPI_MEMBER(listen.host),
       .description = "Address or name to listen on; \"0.0.0.0\" and \"::\" are every address",
       .short_flag = "--host"},
      {.name = "listen.port",
       .member = FASTERAPI_MEMBER(listen.port),
       .description = "TCP port; 0: the system chooses one, which is logged",
       .most = 65535,
       .short_flag = "--port"},
      {.name = "listen.unix_socket",
       .member = FASTERAPI_MEMBER(listen.unix_socket),
       .description = "Path of a Unix socket to listen on instead of host and port",
       .most = unix_path_bytes,
       .short_flag = "--unix-socket"},
      {.name = "listen.port_file",
       .member = FASTERAPI_MEMBER(listen.port_file),
       .description = "File that the port is written to when the server is ready",
       .short_flag = "--port-file"},
      {.name = "listen.backlog",
       .member = FASTERAPI_MEMBER(listen.backlog),
       .description = "Connections that the system keeps waiting to be accepted",
       .least = 1,
       .most = 65535},

      {.name = "workers",
       .member = FASTERAPI_MEMBER(workers),
       .description =
           "Python worker threads, each with its own interpreter; 0: one for each core that "
           "this process may use (affinity and cgroup quota)",
       .most = 256},
      {.name = "io_threads",
       .member = FASTERAPI_MEMBER(io_threads),
       .description = "Event loops that connections are spread over; 0: one for each worker, with "
                      "dispatch \"ring\" one for every four cores",
       .most = 256},
      {.name = "dispatch",
       .member = FASTERAPI_MEMBER(dispatch),
       .description = "Where handlers run: \"auto\": on the thread that read the request, which "
                      "hands its connections on when one takes long; \"inline\": there, however "
                      "long they take; \"ring\": always on another thread",
       .choices = {"auto", "inline", "ring"}},
      {.name = "cpp_routes",
       .member = FASTERAPI_MEMBER(cpp_routes),
       .description = "Shared objects with C++ routes"},
      {.name = "builtin_routes",
       .member = FASTERAPI_MEMBER(builtin_routes),
       .description = "Serve /health and /version where the app does not"},
      {.name = "redirect_slashes",
       .member = FASTERAPI_MEMBER(redirect_slashes),
       .description = "Redirect (307) where only a trailing slash is missing or too much"},
      {.name = "debug",
       .member = FASTERAPI_MEMBER(debug),
       .description = "Tracebacks in the body of 500 answers; not for production"},

      {.name = "python.home",
       .member = FASTERAPI_MEMBER(python.home),
       .description = "Prefix of the Python standard library; empty: that of the build"},
      {.name = "python.venv",
       .member = FASTERAPI_MEMBER(python.venv),
       .description = "Virtual environment whose packages the app uses"},
      {.name = "python.path",
       .member = FASTERAPI_MEMBER(python.path),
       .description = "Folders put before sys.path"},
      {.name = "python.use_subinterpreters",
       .member = FASTERAPI_MEMBER(python.use_subinterpreters),
       .description = "One interpreter with its own GIL for each worker"},

      {.name = "limits.max_connections",
       .member = FASTERAPI_MEMBER(limits.max_connections),
       .description = "Open connections at which accepting pauses",
       .least = 1,
       .most = 10'000'000},
      {.name = "limits.max_head_bytes",
       .member = FASTERAPI_MEMBER(limits.max_head_bytes),
       .description = "Request line and header fields together; beyond it: 431",
       .least = 1024,
       .most = 16 * mib,
       .is_size = true},
      {.name = "limits.max_target_bytes",
       .member = FASTERAPI_MEMBER(limits.max_target_bytes),
       .description =
           "Request target; beyond it: 414. By default no more than limits.max_head_bytes",
       .least = 64,
       .most = 16 * mib,
       .is_size = true},
      {.name = "limits.max_header_count",
       .member = FASTERAPI_MEMBER(limits.max_header_count),
       .description = "Header fields of a request; beyond it: 431",
       .least = 1,
       .most = 10'000},
      {.name = "limits.max_body_bytes",
       .member = FASTERAPI_MEMBER(limits.max_body_bytes),
       .description = "Request body; beyond it: 413",
       .most = mib * mib,
       .is_size = true},
      {.name = "limits.max_chunk_line_bytes",
       .member = FASTERAPI_MEMBER(limits.max_chunk_line_bytes),
       .description = "Size and extensions of one chunk; beyond it: 400",
       .least = 16,
       .most = 16 * mib,
       .is_size = true},
      {.name = "limits.max_chunk_extension_bytes",
       .member = FASTERAPI_MEMBER(limits.max_chunk_extension_bytes),
       .description = "Extensions of all chunks of a body together; beyond it: 400",
       .most = 16 * mib,
       .is_size = true},
      {.name = "limits.max_trailer_bytes",
       .member = FASTERAPI_MEMBER(limits.max_trailer_bytes),
       .description = "Trailer section of a chunked body; beyond it: 431",
       .most = 16 * mib,
       .is_size = true},
      {.name = "limits.queue_capacity",
       .member = FASTERAPI_MEMBER(limits.queue_capacity),
       .description = "Requests waiting for a worker, rounded up to a power of two; beyond it, "
                      "connections are not read",
       .least = 1,
       .most = 16'777'216},
      {.name = "limits.max_requests_per_connection",
       .member = FASTERAPI_MEMBER(limits.max_requests_per_connection),
       .description = "Requests after which a connection is closed; 0: no limit",
       .most = 1'000'000'000},

      {.name = "timeouts.header",
       .member = FASTERAPI_MEMBER(timeouts.header),
       .description = "For a request's head to arrive: 408",
       .least = 1,
       .most = day_ms},
      {.name = "timeouts.body",
       .member = FASTERAPI_MEMBER(timeouts.body),
       .description = "Between two reads of a request's body: 408",
       .least = 1,
       .most = day_ms},
      {.name = "timeouts.keep_alive",
       .member = FASTERAPI_MEMBER(timeouts.keep_alive),
       .description = "For the next request on an idle connection: closed",
       .least = 1,
       .most = day_ms},
      {.name = "timeouts.write",
       .member = FASTERAPI_MEMBER(timeouts.write),
       .description = "Without progress in sending an answer: closed",
       .least = 1,
       .most = day_ms},
      {.name = "timeouts.queue",
       .member = FASTERAPI_MEMBER(timeouts.queue),
       .description = "For a worker to take a request: 503 with Retry-After",
       .least = 1,
       .most = day_ms},
      {.name = "timeouts.handler",
       .member = FASTERAPI_MEMBER(timeouts.handler),
       .description = "For a handler to answer: 504",
       .least = 1,
       .most = day_ms},
      {.name = "timeouts.drain",
       .member = FASTERAPI_MEMBER(timeouts.drain),
       .description = "For requests in flight after SIGTERM, and the app's shutdown; 0: "
                      "connections are not waited for, and the shutdown has one second",
       .most = day_ms},
      {.name = "timeouts.startup",
       .member = FASTERAPI_MEMBER(timeouts.startup),
       .description = "For the app's import in each worker, and for its start-up handlers there",
       .least = 1,
       .most = day_ms},

      {.name = "websocket.max_message_bytes",
       .member = FASTERAPI_MEMBER(websocket.max_message_bytes),
       .description = "Message of a client, decompressed; beyond it: close code 1009",
       .least = 1,
       .most = 1024 * mib,
       .is_size = true},
      {.name = "websocket.buffer_bytes",
       .member = FASTERAPI_MEMBER(websocket.buffer_bytes),
       .description = "Messages of one connection that wait for its handler, and as many that wait "
                      "for its client; beyond it the connection is not read, and sends wait",
       .least = 1024,
       .most = 1024 * mib,
       .is_size = true},
      {.name = "websocket.compression",
       .member = FASTERAPI_MEMBER(websocket.compression),
       .description = "Agree to permessage-deflate (RFC 7692) where the client offers it"},
      {.name = "websocket.handshake_timeout",
       .member = FASTERAPI_MEMBER(websocket.handshake_timeout),
       .description = "For a handler to accept or refuse the connection: 504",
       .least = 1,
       .most = day_ms},
      {.name = "websocket.ping_interval",
       .member = FASTERAPI_MEMBER(websocket.ping_interval),
       .description = "Without a byte from the client: it is sent a ping; 0: never",
       .most = day_ms},
      {.name = "websocket.ping_timeout",
       .member = FASTERAPI_MEMBER(websocket.ping_timeout),
       .description = "Without a byte from the client after a ping: closed",
       .least = 1,
       .most = day_ms},
      {.name = "websocket.close_timeout",
       .member = FASTERAPI_MEMBER(websocket.close_timeout),
       .description = "For the client to answer a close frame and end the connection: closed",
       .least = 1,
       .most = day_ms},

      {.name = "log.level",
       .member = FASTERAPI_MEMBER(log.level),
       .description = "The least severe level that is logged",
       .choices = {"trace", "debug", "info", "warning", "error", "off"}},
      {.name = "log.format",
       .member = FASTERAPI_MEMBER(log.format),
       .description = "Lines of text or of JSON",
       .choices = {"text", "json"}},
      {.name = "log.file",
       .member = FASTERAPI_MEMBER(log.file),
       .description = "Log file; empty: standard error"},
      {.name = "log.access",
       .member = FASTERAPI_MEMBER(log.access),
       .description = "Access log, one line for each answer",
       .choices = {"off", "text", "json"}},

      {.name = "metrics.path",
       .member = FASTERAPI_MEMBER(metrics.path),
       .description = "Path of the page for Prometheus, such as \"/metrics\"; empty: none, and "
                      "nothing is counted for it",
       .is_valid = is_plain_path,
       .form = "a path that begins with \"/\", without \"{\", \"?\" and \"#\""},
      {.name = "metrics.listen",
       .member = FASTERAPI_MEMBER(metrics.listen),
       .description = "Address that serves that page and nothing else, such as "
                      "\"127.0.0.1:9090\" (the path is then /metrics unless set); empty: where the "
                      "app is served",
       .is_valid = [](std::string_view text) { return parse_address(text).has_value(); },
       .form = "an address with a port, such as \"127.0.0.1:9090\""},
      {.name = "metrics.timed_every",
       .member = FASTERAPI_MEMBER(metrics.timed_every),
       .description = "Of how many requests one is timed stage by stage; 0: none",
       .most = 1'000'000},
      {.name = "metrics.max_label_sets",
       .member = FASTERAPI_MEMBER(metrics.max_label_sets),
       .description = "Label sets of each metric of the app; what has others is not counted",
       .least = 1,
       .most = 1'000'000},

      {.name = "shared.max_bytes",
       .member = FASTERAPI_MEMBER(shared.max_bytes),
       .description = "What fasterapi.shared may keep, all keys and values together",
       .least = 4096,
       .most = mib * mib,
       .is_size = true},
      {.name = "shared.when_full",
       .member = FASTERAPI_MEMBER(shared.when_full),
       .description = "Beyond that: \"evict\" the keys used longest ago, or \"refuse\" new ones",
       .choices = {"evict", "refuse"}},
  };
}

} // namespace

const std::vector<key>& keys() {
  static const std::vector<key> table = make_keys();
  return table;
}

const std::vector<section>& sections() {
  static const std::vector<section> table = {
      {"listen", "Where connections come from"},
      {"python", "The embedded interpreter"},
      {"limits", "What one client may take"},
      {"timeouts", "How long to wait: seconds, or text such as \"500ms\", \"10s\", \"2m\", \"1h\""},
      {"websocket", "WebSocket connections"},
      {"log", "The server's log"},
      {"metrics", "Figures for Prometheus"},
      {"shared", "The store that all workers share"},
  };
  return table;
}

} // namespace fasterapi::config
